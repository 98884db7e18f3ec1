import ArgumentParser
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute from the tables what this replica holds, and compare it with the hub row by row.",
        discussion: """
            Finds rows that somebody changed past the change log, rows that are gone without a mark, and damage of the \
            file. Rows that were changed are asked for with the next sync; what was here is kept as an edit first, and \
            sent. --repair does that at once, and brings back rows that are gone. With --offline, only what the file shows \
            by itself is checked.

            Exit status 1 says that something was found that is not mended. Example: reunite-sync verify --repair
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @Flag(help: "Fetch what differs from the hub, keeping what is here as edits.") var repair = false
    @Flag(help: "Do not ask the hub.") var offline = false

    struct Report: Encodable {
        struct Place: Encodable {
            var table: String
            var id: String
        }
        var rows: Int
        var digest: String
        var comparedWithHub: Bool
        var drifted: [Place]
        var missing: [Place]
        var stale: [Place]
        var unlogged: Int
        var damage: [String]
        var repaired: Int
        /// What the sync before the comparison found and put right, as a weekly one does.
        var mended: [Place]
    }

    func validate() throws {
        if repair && offline { throw ValidationError("--repair needs the hub, which --offline rules out") }
    }

    func run() async throws {
        let opened = try replica.open()
        let claim = try opened.claim(what: "Verifying", holder: "a 'sync'")
        var findings = try opened.examine()
        let alone = findings
        var repaired = 0
        var mended: [RowKey] = []
        if findings.damage.isEmpty && !offline {
            let client = try line.client(url: try opened.status().hub)
            do {
                let compared = try await compare(opened, client)
                findings = compared.found
                findings.digestWasWrong = alone.digestWasWrong
                findings.unlogged += alone.unlogged
                repaired = compared.repaired
                mended = compared.mended
            } catch {
                await client.close()
                throw error
            }
            await client.close()
        }
        withExtendedLifetime(claim) {}
        try show(findings, opened, repaired: repaired, mended: mended)
    }

    /// What differs, and how much of it a repair put right.
    private func compare(
        _ replica: Replica, _ client: HubClient
    ) async throws -> (found: VerifyFindings, repaired: Int, mended: [RowKey]) {
        // First to the hub's present: a comparison says most where nothing else is on its way.
        let patience = PatienceOption.standard
        // Where the last comparison was a week ago this makes one, and mends what it finds.
        let mended = try await HTTPSync(replica: replica, client: client, patience: patience).run().mended
        var found = try replica.examine()
        let check = HTTPCheck(replica: replica, client: client, patience: patience)
        found.add(try await check.run(repairs: repair).findings)
        let wrong = found.drifted.count + found.missing.count + found.stale.count
        guard repair && wrong > 0 else { return (found, 0, mended) }
        _ = try await HTTPSync(replica: replica, client: client, patience: patience).run()
        var left = try replica.examine()
        left.add(try await check.run(repairs: false).findings)
        left.unlogged += found.unlogged
        return (left, wrong - left.drifted.count - left.missing.count - left.stale.count, mended)
    }

    private func show(_ findings: VerifyFindings, _ replica: Replica, repaired: Int, mended: [RowKey]) throws {
        func places(_ rows: [RowKey]) -> [Report.Place] {
            rows.map { replica.describe($0) }.map { Report.Place(table: $0.table, id: $0.id) }
        }
        let report = Report(
            rows: findings.rows,
            digest: !findings.isSound
                ? "mismatch"
                : repaired > 0 || !mended.isEmpty || findings.digestWasWrong ? "repaired" : "match",
            comparedWithHub: !offline && findings.damage.isEmpty, drifted: places(findings.drifted),
            missing: places(findings.missing), stale: places(findings.stale), unlogged: findings.unlogged,
            damage: findings.damage, repaired: repaired, mended: places(mended))
        try Output.show(report, as: self.replica.json) {
            say("\(report.rows) rows\(report.comparedWithHub ? " compared with the hub" : ""): \(report.digest).")
            for (rows, what) in [
                (report.drifted, "was changed in a way that the change log did not see"),
                (report.missing, "is gone without a mark"),
                (report.stale, "is not at the hub's version"),
                (report.mended, "was not as at the hub, and is again; what was here was kept as an edit"),
            ] {
                for row in rows { say("\(row.table) \(row.id) \(what).") }
            }
            if report.unlogged > 0 {
                say("\(report.unlogged) rows were unknown to the change log; they are in it now.")
            }
            if report.repaired > 0 { say("\(report.repaired) rows were put right; what was here was kept as edits.") }
            for line in report.damage { say("The file is damaged: \(line)") }
            if !report.damage.isEmpty {
                say("Copy the file, then join again; what was not sent can be read from the copy.")
            } else if report.digest == "mismatch" && !repair {
                say("Put it right with 'reunite-sync verify --repair'.")
            }
        }
        if !findings.isSound { throw needsPerson }
    }
}
