import ArgumentParser
import Foundation
import ReUniteSync
import ReUniteTransport

struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrol this device with a one-time code and make its replica.",
        discussion: """
            Never overwrites a file. Example: reunite-sync join http://hub.example:8470 --code 7ZK4-09QX-M3TD-W8HA
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @Argument(help: "The hub's address.") var url: String
    @Option(help: "The one-time code that the hub operator gave you.") var code: String
    @Option(help: "What this device calls itself; without it the machine's name.") var name: String?

    struct Report: Encodable {
        var device: String
        var partner: String
        var role: String
        var hub: String
        var replica: String
        var words: [String]
    }

    func run() async throws {
        let client = try line.client(url: url)
        let result: Enrolment.Joined
        do {
            result = try await Enrolment.join(
                client: client, url: url, code: code, path: replica.path,
                deviceName: name ?? ProcessInfo.processInfo.hostName, network: .reunite, time: SystemTime(),
                randomness: newIdentifier)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        let report = Report(
            device: result.answer.device.description, partner: result.answer.partnerCode, role: result.answer.role,
            hub: result.answer.hubName, replica: replica.path, words: result.words)
        try Output.show(report, as: replica.json) {
            print("Joined \(report.hub) as \(result.answer.partnerName) (\(report.partner)), \(report.role).")
            print(
                "Read these words to the hub operator ('hub device list --json' has them): \(report.words.joined(separator: " "))"
            )
            print("Next: reunite-sync sync --replica \(report.replica)")
        }
    }
}
