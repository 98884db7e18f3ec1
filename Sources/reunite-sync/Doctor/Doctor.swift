import ArgumentParser
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether this machine and this replica are as they should be.",
        discussion: """
            Looks at the disk and its encryption, room, permissions, the file, the clock, keys and lease, and whether the \
            hub answers. Changes nothing but what opening puts right, such as a trigger that is gone. Exit status 1 says that something needs a person. \
            Example: reunite-sync doctor --offline
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @Flag(help: "Do not try to reach the hub.") var offline = false

    struct Report: Encodable {
        var healthy: Bool
        var checks: [Finding]
    }

    func run() async throws {
        let opened = try replica.open()
        let status = try opened.status()
        var checks = MachineChecks(file: replica.path, keyFolder: opened.keyFolder).findings()
        checks += ReplicaChecks(
            status: status, health: try opened.health(), now: SystemTime().wallMilliseconds
        ).findings()
        if !offline { checks.append(try await hub(at: status.hub)) }
        let report = Report(healthy: !checks.contains { $0.state == .attention }, checks: checks)
        try Output.show(report, as: replica.json) {
            for finding in checks {
                say("\(Doctor.mark(finding.state)) \(finding.says)")
                if let remedy = finding.remedy { say("      \(remedy).") }
            }
            say("\(report.healthy ? "Nothing needs you." : "Something needs you.")")
        }
        if !report.healthy { throw needsPerson }
    }

    private static func mark(_ state: Finding.State) -> String {
        switch state {
        case .good: "good "
        case .attention: "LOOK "
        case .unknown: "?    "
        }
    }

    private func hub(at url: String) async throws -> Finding {
        let client = try line.client(url: url)
        do {
            try await client.checkHealth()
            await client.close()
            return .good("hub", "The hub answers.")
        } catch let failure as Failure {
            await client.close()
            return .attention("hub", "The hub does not answer: \(failure.why).", do: failure.remedy)
        }
    }
}
