import ArgumentParser
import ReUniteHub
import ReUniteSync

struct HubOperator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "Who may sign in at the console: add, list, end.",
        subcommands: [Add.self, List.self, End.self])

    struct Report: Encodable {
        var id: String
        var name: String
        var added: String
        @OrNull var ended: String?

        init(_ person: Hub.Operator) {
            id = person.id.description
            name = person.name
            added = Output.time(person.addedMilliseconds)
            ended = Output.time(person.endedMilliseconds)
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let somebody sign in, or give them a new code in place of the one before.",
            discussion: """
                The code is shown once and kept nowhere. The name stands beside everything that they decide. \
                Example: reunite-sync hub operator add "Ruth Okafor"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "Their name.") var name: String

        struct Added: Encodable {
            var id: String
            var name: String
            var code: String
        }

        func run() throws {
            let (person, code) = try hub.open().admit(operator: name)
            let report = Added(id: person.id.description, name: person.name, code: code)
            try Output.show(report, as: hub.json) {
                say("\(person.name) signs in at the console with the code \(code)")
                say("Next: reunite-sync hub console")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List everybody who may sign in, or once might.",
            discussion: "Example: reunite-sync hub operator list --json")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let operators = try hub.open().operators().map(Report.init)
            try Output.show(["operators": operators], as: hub.json) {
                Output.table(["NAME", "ADDED", "ENDED"], operators.map { [$0.name, $0.added, $0.ended ?? ""] })
            }
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let somebody sign in no more; an open console shows them nothing further.",
            discussion: "Example: reunite-sync hub operator end \"Ruth Okafor\"")

        @OptionGroup var hub: HubOptions
        @Argument(help: "Their name.") var name: String

        func run() throws {
            let ended = try hub.open().end(operator: name)
            try Output.show(Report(ended), as: hub.json) { say("\(ended.name) may sign in no more.") }
        }
    }
}
