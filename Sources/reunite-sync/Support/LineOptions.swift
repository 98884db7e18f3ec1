import ArgumentParser
import Foundation
import ReUniteTransport

/// How a hub is reached over the network.
struct LineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A file of certificates (PEM) to trust instead of the system's, for a hub or an office proxy with an \
            authority of its own; without it $REUNITE_CA.
            """, valueName: "file"))
    var ca: String?

    func client(url: String) throws -> HubClient {
        try LineOptions.client(url: url, ca: ca)
    }

    static func client(url: String, ca: String? = nil) throws -> HubClient {
        try HubClient(url: url, authorities: ca ?? ProcessInfo.processInfo.environment["REUNITE_CA"])
    }
}

struct PatienceOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How many seconds to go on trying while nothing gets through; without it $REUNITE_PATIENCE, else 10. What \
            has come is kept either way.
            """, valueName: "seconds"))
    var patience: Int?

    func validate() throws {
        guard (0...604_800).contains(patience ?? 0) else {
            throw ValidationError("--patience must be a number of seconds, at most 604800.")
        }
    }

    var duration: Duration { patience.map { .seconds($0) } ?? PatienceOption.standard }

    /// The patience of commands that have no option for it.
    static var standard: Duration {
        let named = ProcessInfo.processInfo.environment["REUNITE_PATIENCE"].flatMap { Int($0) }
        return .seconds(min(604_800, max(0, named ?? 10)))
    }
}
