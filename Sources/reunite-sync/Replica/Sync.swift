import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send what was written here, receive what is new, and compare.",
        discussion: """
            Seals, pushes, pulls, applies, acknowledges. It may be broken off at any moment and run again. Exit status \
            1 says that it is done and that something needs a person. A large delivery goes on where \
            it was broken off, also after the program was ended. Example: reunite-sync sync --patience 3600
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @OptionGroup var patience: PatienceOption
    @Option(
        help: ArgumentHelp(
            """
            The hub's address from now on, where it is another than before. It is kept once this replica's own hub \
            has answered under it.
            """, valueName: "url"))
    var hub: String?

    struct Report: Encodable {
        struct Pushed: Encodable {
            var edits: Int
            var bytes: Int
        }
        struct Pulled: Encodable {
            var rows: Int
            var bytes: Int
        }
        var hubEpoch: UInt32
        var cursor: Int64
        var pushed: Pushed
        var pulled: Pulled
        var entered: [String]
        var left: [String]
        var conflicts: Int
        var returned: Int
        /// Edits that the hub holds, because something before them is missing there.
        var held: Int
        var digest: String
        var roundTrips: Int
        /// Rows that are gone from the tables without a mark; only the weekly comparison looks for them.
        var missing: Int
        var damaged: Bool
        var seconds: Double
        var schema: Int
        @OrNull var hubSchema: Int?
        /// What was carried for other devices; not there when nothing was.
        var relay: Relay?

        struct Relay: Encodable {
            var sent: Int
            var received: Int
            var refused: [String]
            var waiting: Int
            var waitingFiles: [Waits]
            var withdrawn: Int

            struct Waits: Encodable {
                var device: String
                var bundle: String
                var bytes: Int
                var why: String
            }

            init(_ report: HTTPRelay.Report) {
                sent = report.sent
                received = report.received
                refused = report.refused
                waiting = report.waiting.count
                waitingFiles = report.waiting.map {
                    Waits(
                        device: $0.device.description, bundle: $0.bundle.description, bytes: $0.bytes, why: $0.why)
                }
                withdrawn = report.withdrawn
            }
        }

        init(_ outcome: SyncOutcome, _ status: ReplicaStatus, since start: Date) {
            hubEpoch = status.hubEpoch
            cursor = status.cursor
            pushed = Pushed(edits: outcome.pushedEdits, bytes: outcome.pushedBytes)
            pulled = Pulled(rows: outcome.pulledRows, bytes: outcome.pulledBytes)
            entered = outcome.entered.map(\.description)
            left = outcome.left.map(\.description)
            conflicts = status.conflicts
            returned = status.returned
            held = outcome.heldEdits
            digest = outcome.digest.rawValue
            roundTrips = outcome.roundTrips
            schema = status.schema
            hubSchema = status.hubSchema
            missing = outcome.missing
            damaged = outcome.isDamaged
            seconds = (Date().timeIntervalSince(start) * 1_000).rounded() / 1_000
        }
    }

    func run() async throws {
        let start = Date()
        let opened = try replica.open(makingRoom: true)
        let claim = try opened.claim(what: "Syncing", holder: "another 'sync'")
        let client = try line.client(url: try hub ?? opened.status().hub)
        let bar = ProgressBar()
        let both: SyncAndCarry
        do {
            both = try await SyncAndCarry(
                HTTPSync(replica: opened, client: client, patience: patience.duration, progress: bar.show),
                HTTPRelay(replica: opened, client: client, patience: patience.duration), opened, over: client)
        } catch {
            bar.clear()
            await client.close()
            throw error
        }
        bar.clear()
        await client.close()
        let relayed = both.relayed
        if case .failure(let error) = both.outcome {
            for line in relayed.map(Sync.lines(of:)) ?? [] { Output.note(line) }
            throw error
        }
        let outcome = try both.outcome.get()
        if let hub { try opened.remember(hubURL: try HubClient.checked(hub)) }
        withExtendedLifetime(claim) {}
        let status = try opened.status()
        var report = Report(outcome, status, since: start)
        report.relay = relayed.map(Report.Relay.init)
        try Output.show(report, as: replica.json) {
            say(
                "Sent \(Wording.count(report.pushed.edits, "edit")), received \(Wording.count(report.pulled.rows, "row"))."
            )
            Sync.tell(entered: report.entered, left: report.left)
            say("This replica and the hub: \(report.digest) at position \(report.cursor).")
            for line in relayed.map(Sync.lines(of:)) ?? [] { say("\(line)") }
            if let warning = ClockWarning.text(skewMilliseconds: status.clockSkewMilliseconds) { say("\(warning)") }
            let schemas = Wording.schemas(here: status.schema, hub: status.hubSchema, keptRows: status.keptRows)
            if let schemas { say("\(schemas)") }
            // Named as at the hub, where its operator looks for them.
            if report.held > 0 {
                say(
                    """
                    \(Wording.count(report.held, "edit is held", "edits are held")) at the hub: what they follow has not arrived \
                    there. Ask the hub operator to see 'hub hold list'.
                    """)
            }
            let waiting = status.unsentEdits - outcome.untoldEdits
            if waiting > 0 {
                say(
                    """
                    \(Wording.count(waiting, "edit still waits", "edits still wait")): written meanwhile. Sync again.
                    """)
            }
            if status.purgesOwed > 0 { say("\(Wording.purgeOwed)") }
            if report.missing > 0 {
                say("\(Wording.missing(report.missing, bringBack: "verify --repair"))")
            }
            if report.damaged { say("The file is damaged: see 'reunite-sync verify --offline'.") }
            if report.conflicts > 0 {
                say("\(Wording.count(report.conflicts, "conflict waits", "conflicts wait")) for a decision at the hub.")
            }
            if report.returned > 0 { say("\(report.returned) of your edits came back: see 'reunite-sync inbox'.") }
        }
        let isRefused = relayed?.refused.isEmpty == false
        // A hub that is older than its replicas is the operator's to upgrade; until then edits wait.
        let isHubOlder = status.hubSchema.map { $0 < status.schema } ?? false
        let isSound = report.missing == 0 && !report.damaged && outcome.digest != .mismatch
        if report.conflicts > 0 || report.returned > 0 || report.held > 0 || isRefused || isHubOlder || !isSound {
            throw needsPerson
        }
    }

    /// What was carried for other devices.
    static func lines(of relay: HTTPRelay.Report) -> [String] {
        var lines = [
            """
            Carried \(Wording.count(relay.sent, "file")) of other devices to the hub; \
            \(Wording.count(relay.received, "answer")) for them.
            """
        ]
        lines += relay.refused.map { "The hub refused one: \($0). It is put aside: see 'reunite-sync relay list'." }
        if relay.withdrawn > 0 {
            lines.append(
                "Threw away \(Wording.count(relay.withdrawn, "answer")): what a device may hold has changed since.")
        }
        lines += relay.waiting.map { "A file of \($0.bytes / 1_024) KiB waits for the next sync: \($0.why)." }
        return lines
    }

    /// Says how much has come and gone: cases, referrals and what else is held or left as a whole.
    static func tell(entered: [String], left: [String]) {
        let kinds = "(cases, referrals and the like)"
        if !entered.isEmpty { say("New here: \(Wording.count(entered.count, "file")) \(kinds).") }
        if !left.isEmpty { say("No longer here: \(Wording.count(left.count, "file")) \(kinds).") }
    }
}
