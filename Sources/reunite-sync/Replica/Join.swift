import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrol this device with a one-time code and make its replica.",
        discussion: """
            Never overwrites a file. Example: reunite-sync join http://hub.example:8470 --code 7ZK4-09QX-M3TD-W8HA

            Without a network in three steps; the address is for later. What the replica holds then comes by 'bundle \
            import':

              reunite-sync join http://hub.example:8470 --code 7ZK4-09QX-M3TD-W8HA --request /media/stick
              reunite-sync hub device admit /media/stick/JOIN.REQ --to /media/stick
              reunite-sync join http://hub.example:8470 --code 7ZK4-09QX-M3TD-W8HA --answer /media/stick/JOIN.ANS
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @Argument(help: "The hub's address.") var url: String
    @Option(help: "The one-time code that the hub operator gave you.") var code: String
    @Option(help: "What this device calls itself; without it the machine's name.") var name: String?
    @Option(help: "Write the request into this file or folder, for the hub operator.") var request: String?
    @Option(help: "Join with the hub operator's answer in this file.") var answer: String?

    struct Report: Encodable {
        var device: String
        var partner: String
        var role: String
        var hub: String
        var replica: String
        var words: [String]
    }

    struct Request: Encodable {
        var file: String
        /// Whether the request with another code, for the same replica, gave way to it.
        var replaced: Bool
    }

    func validate() throws {
        if request != nil && answer != nil { throw ValidationError("--request and --answer are two steps.") }
    }

    func run() async throws {
        if let request { return try writeRequest(to: request) }
        let result = try await joined()
        let report = Report(
            device: result.answer.device.description, partner: result.answer.partnerCode, role: result.answer.role,
            hub: result.answer.hubName, replica: replica.path, words: result.words)
        try Output.show(report, as: replica.json) {
            say("Joined \(report.hub) as \(result.answer.partnerName) (\(report.partner)), \(report.role).")
            say(
                "Read these words to the hub operator ('hub device list' has them): \(report.words.joined(separator: " "))"
            )
            say("Next: reunite-sync sync --replica \(report.replica)")
        }
    }

    private func joined() async throws -> Enrolment.Joined {
        let client = try line.client(url: url)
        let deviceName = name ?? ProcessInfo.processInfo.hostName
        do {
            let result: Enrolment.Joined
            if let answer {
                result = try Enrolment(code: code, path: replica.path, isAnswered: true).finish(
                    answer: try Carriers.readLetter(answer), url: url, deviceName: deviceName, network: .reunite,
                    time: SystemTime(), randomness: newIdentifier)
            } else {
                result = try await Enrolment.join(
                    client: client, url: url, code: code, path: replica.path, deviceName: deviceName,
                    network: .reunite, time: SystemTime(), randomness: newIdentifier,
                    patience: PatienceOption.standard)
            }
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    private func writeRequest(to given: String) throws {
        _ = try HubClient.checked(url)
        // Before anything is begun. Whether a file of that name may give way is seen below.
        try CarrierFile.checkPlace(given, replaces: true)
        let enrolment = try Enrolment(code: code, path: replica.path)
        let name = "JOIN.REQ"
        // What else it may be is somebody else's request, or no request at all: neither can be made again here.
        let earlier = try? DurableFile.read(Carriers.letterPath(name, at: given), limit: 8_192)
        let isOwn = try earlier.map { try enrolment.isBegunHere($0) } ?? false
        let path = try Carriers.writeLetter(enrolment.request, named: name, to: given, replaces: isOwn)
        let report = Request(file: path, replaced: isOwn && earlier != enrolment.request)
        try Output.show(report, as: replica.json) {
            say("\(path): copied and verified.")
            if report.replaced {
                say(
                    "It took the place of the request that was made with another code. If that one has been answered already,"
                )
                say("its answer is still good: give the code that it was made with.")
            }
            say("At the hub: reunite-sync hub device admit \(path) --to FILE")
        }
    }
}
