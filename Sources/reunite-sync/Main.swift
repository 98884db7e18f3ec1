import ArgumentParser
import Foundation
import ReUniteSync

@main
struct ReuniteSync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reunite-sync",
        abstract: "Offline-first sync for organisations that share sensitive case work.",
        discussion: """
            Each organisation keeps its own SQLite file, works in it without a network, and reconciles it with a hub \
            whenever there is one. See a whole referral travel with:

              reunite-sync demo
            """,
        version: "0.1.0",
        subcommands: [
            HubCommand.self, Join.self, Sync.self, Status.self, Log.self, Inbox.self, Case.self, Referral.self,
            Consent.self, Demo.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Output.report(failure)
            Foundation.exit(failure.code.rawValue)
        } catch let error as FormatError {
            let failure = Failure(
                .badData, what: "Reading the data", why: "\(error)", remedy: "Sync again; nothing was changed")
            Output.report(failure)
            Foundation.exit(failure.code.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

/// Done, but something needs a person.
let needsPerson = ExitCode(1)
