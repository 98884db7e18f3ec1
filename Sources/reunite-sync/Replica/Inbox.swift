import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct Inbox: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the edits that came back, with the reason; send them again or let them go.",
        discussion: "Example: reunite-sync inbox --json",
        subcommands: [
            List.self, Show.self, Retry.self, Dismiss.self, InboxQuestions.self, InboxAnswer.self,
        ],
        defaultSubcommand: List.self)

    struct Item: Encodable {
        var number: Int64
        var table: String
        var id: String
        var columns: [String]
        var reason: String
        var explanation: String
        var at: String
        var state: String
        var kind: String
        var value: [String: String?]
        var withheld: Bool
        /// The operator's own words; null before there is a decision, and where they are not told.
        @OrNull var decidedWhy: String?
        /// Whether `retry` can write it once more.
        var canRetry: Bool
        var withheldBecause: String { canRetry ? Wording.secret : Wording.withheld }

        init(_ edit: ReturnedEdit, in replica: Replica) throws {
            number = edit.number
            table = edit.table
            id = edit.id
            columns = edit.columns
            reason = edit.reason
            explanation = edit.explanation
            at = Output.time(edit.atMilliseconds)
            state = edit.state.word
            kind = edit.kind
            value = edit.value
            withheld = edit.isWithheld || edit.isSecret
            canRetry = !edit.isWithheld
            decidedWhy = try replica.read("Reading the decisions") { try EditDecisions.why(edit, in: $0) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the edits that came back, oldest first.", discussion: "Example: reunite-sync inbox list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let open = try replica.open()
            let items = try open.inbox().map { try Item($0, in: open) }
            try Output.show(["inbox": items], as: replica.json) {
                Output.table(
                    ["NUMBER", "CAME BACK", "STATE", "TABLE", "WROTE", "WHY"],
                    items.map {
                        [
                            String($0.number), $0.at, $0.state, $0.table,
                            $0.withheld
                                ? $0.withheldBecause
                                : Wording.fields(
                                    $0.value, columns: $0.value.keys.sorted(), labels: $0.value.keys.sorted()),
                            [$0.explanation, $0.decidedWhy.map { "Operator: \($0)" }].compactMap(\.self)
                                .joined(separator: " "),
                        ]
                    })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an edit that came back.", discussion: "Example: reunite-sync inbox show 3")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The edit's number in the list.") var number: Int64

        func run() throws {
            let open = try replica.open()
            let item = try Item(try open.returnedEdit(number), in: open)
            try Output.show(item, as: replica.json) {
                say("\(item.table) \(item.id): \(item.kind), \(item.state)")
                say("\(item.explanation)")
                if let why = item.decidedWhy { say("The hub's operator says: \(why)") }
                if item.withheld { say("\(item.withheldBecause)") }
                for column in item.columns where !item.withheld {
                    guard let value = item.value[column] else { continue }
                    say("  \(column) = \(value ?? "(nothing)")")
                }
                if item.state == "waiting" {
                    if item.canRetry { say("To write it again: reunite-sync inbox retry \(item.number)") }
                    say("To let it go:      reunite-sync inbox dismiss \(item.number)")
                }
            }
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write an edit that came back once more; it goes with the next sync.",
            discussion: "Example: reunite-sync inbox retry 3")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The edit's number in the list.") var number: Int64

        func run() throws {
            let open = try replica.open()
            try open.retry(returned: number)
            try Output.show(Item(try open.returnedEdit(number), in: open), as: replica.json) {
                say("Written again. It goes with the next sync.")
            }
        }
    }

    struct Dismiss: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an edit that came back off the list. The hub keeps it.",
            discussion: "Example: reunite-sync inbox dismiss 3")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The edit's number in the list.") var number: Int64

        func run() throws {
            let open = try replica.open()
            try open.dismiss(returned: number)
            try Output.show(Item(try open.returnedEdit(number), in: open), as: replica.json) { say("Let go.") }
        }
    }
}
