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
            HubCommand.self, Join.self, Sync.self, Schedule.self, BundleCommand.self, Relay.self, Status.self, Log.self,
            History.self, Inbox.self,
            Case.self, Referral.self, Enquiry.self, Consent.self, Caseload.self, Visit.self, Staff.self,
            Proposals.self, Verify.self, DeviceCommand.self, Open.self, Import.self, Export.self, ReportCommand.self,
            Doctor.self, Demo.self,
        ])

    static func main() async {
        Memory.shareOneHeap()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end(with: 0)
        } catch let failure as Failure {
            end(with: failure)
        } catch let error as FormatError {
            end(
                with: Failure(
                    .badData, what: "Reading the data", why: "\(error)", remedy: "Sync again; nothing was changed"))
        } catch let status as ExitCode {
            end(with: status.rawValue)
        } catch {
            switch exitCode(for: error) {
            case .validationFailure: end(with: usage(error))
            // Help and the like are no failures.
            case .success:
                Output.exact(fullMessage(for: error) + "\n")
                end(with: 0)
            default: exit(withError: error)
            }
        }
    }

    private static func end(with failure: Failure) -> Never {
        Output.report(failure)
        end(with: failure.code.rawValue)
    }

    /// Ends with this status, or with that of a full disk where not everything could be printed.
    private static func end(with status: Int32) -> Never {
        do {
            try Output.finish()
        } catch {
            if let failure = error as? Failure { Output.note("reunite-sync: \(failure)") }
            _exit(Failure.Code.inputOutput.rawValue)
        }
        Foundation.exit(status)
    }

    /// A command line that cannot be understood, in the shape of every other failure.
    private static func usage(_ error: any Error) -> Failure {
        var why = message(for: error).split(separator: "\n").first.map(String.init) ?? "it cannot be understood"
        while why.last == "." { why.removeLast() }
        // The words that name commands, as far as there are commands of that name.
        var path = ["reunite-sync"]
        var here: any ParsableCommand.Type = ReuniteSync.self
        for word in CommandLine.arguments.dropFirst() {
            let below = here.configuration.subcommands
            let name = { (type: any ParsableCommand.Type) in type.configuration.commandName ?? "\(type)".lowercased() }
            guard let next = below.first(where: { name($0) == word }) else { break }
            path.append(word)
            here = next
        }
        return Failure(
            .usage, what: "Reading the command line", why: why,
            remedy: "Look at how it is used with '\(path.joined(separator: " ")) --help'")
    }
}

/// Done, but something needs a person.
let needsPerson = ExitCode(1)
