import ArgumentParser
import Foundation

/// Why an operator decides, and who it is.
struct DecisionOptions: ParsableArguments {
    @Option(help: "Why, in at least 10 characters.") var reason: String
    @Option(help: "Who decides; without it the user of this machine.") var by: String?

    var person: String { by ?? DecisionOptions.user }

    /// The user of this machine, also behind sudo.
    static var user: String {
        let environment = ProcessInfo.processInfo.environment
        return environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? "operator"
    }
}
