import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync
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

    /// Asks a replica's hub one question, and nobody else of this replica asks meanwhile: two requests at once would show
    /// the hub an old ticket, as a second copy of this device would.
    ///
    /// - Parameter withoutHub: what can be done where the hub cannot be reached.
    static func asking<Answer>(
        _ what: String, _ opened: Replica, ca: String?, withoutHub: String, _ ask: (HubClient) async throws -> Answer
    ) async throws -> Answer {
        let claim = try opened.claim(what: what, holder: "a 'sync'")
        defer { withExtendedLifetime(claim) {} }
        let client = try LineOptions.client(url: try opened.facts().hubURL, ca: ca)
        do {
            let answer = try await ask(client)
            await client.close()
            return answer
        } catch let failure as Failure where failure.code == .tryLater {
            await client.close()
            throw Failure(.tryLater, what: what, why: failure.why, remedy: withoutHub)
        } catch {
            await client.close()
            throw error
        }
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
