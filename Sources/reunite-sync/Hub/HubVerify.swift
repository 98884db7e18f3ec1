import ArgumentParser
import ReUniteHub

struct HubVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the hub's digests, and show what each device said at its last sync.",
        discussion: """
            Checks the database's structure, recomputes the digest of every scope and subscription from the rows' clocks, \
            and compares the rows with their tables, and conflicts with the clocks. Reads only; it may run while the hub serves. Exit status 1 says that \
            something diverges.

            Example: reunite-sync hub verify --json
            """)

    @OptionGroup var hub: HubOptions

    struct Report: Encodable {
        struct Finding: Encodable {
            var kind: String
            var what: String
        }
        struct Checkpoint: Encodable {
            var device: String
            var name: String
            var partner: String
            var state: String
            var cursor: Int64
            var behind: Int64
            var digest: String
            @OrNull var lastSeen: String?
        }
        var digest: String
        var findings: [Finding]
        var devices: [Checkpoint]
    }

    func run() throws {
        let opened = try hub.open()
        let findings = try opened.verify()
        let devices = try opened.devices().filter { $0.state != "invited" }
        let report = Report(
            digest: findings.isEmpty ? "match" : "mismatch",
            findings: findings.map { .init(kind: $0.kind.rawValue, what: $0.what) },
            devices: devices.map {
                .init(
                    device: $0.id, name: $0.name, partner: $0.partner, state: $0.state, cursor: $0.cursor,
                    behind: $0.behind, digest: $0.digest, lastSeen: Output.time($0.lastSeen))
            })
        try Output.show(report, as: hub.json) {
            for finding in report.findings { say("\(finding.kind): \(finding.what).") }
            say(
                findings.isEmpty
                    ? "The hub's rows, tables and digests agree."
                    : "\(Wording.count(findings.count, "thing diverges", "things diverge")).")
            guard !report.devices.isEmpty else { return }
            say("")
            Output.table(
                ["PARTNER", "DEVICE", "STATE", "POSITION", "BEHIND", "DIGEST", "LAST SEEN"],
                report.devices.map {
                    [
                        $0.partner, $0.name, $0.state, "\($0.cursor)", "\($0.behind)", $0.digest,
                        $0.lastSeen ?? "never",
                    ]
                })
        }
        if !findings.isEmpty { throw needsPerson }
    }
}
