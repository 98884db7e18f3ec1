import ArgumentParser
import ReUniteHub
import ReUnitePages
import ReUniteProgramme
import ReUniteSync

struct HubConflicts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "The operator's work-list: values that stand beside each other.",
        subcommands: [List.self, Show.self, Resolve.self, HubAsk.self, Reopen.self, HubKeepBoth.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the open conflicts, oldest first.",
            discussion: "Example: reunite-sync hub conflicts list --json")

        @OptionGroup var hub: HubOptions
        @Flag(help: "List those that are closed: decided, edited over, or gone with their row.") var decided = false
        @Flag(help: "List open and closed ones.") var all = false
        @Flag(help: "List edits that met and merged by themselves, of the last 90 days.") var parallel = false

        func validate() throws {
            guard [decided, all, parallel].filter({ $0 }).count <= 1 else {
                throw ValidationError("--decided, --all and --parallel exclude each other.")
            }
        }

        struct Report: Encodable {
            var conflicts: [ConflictReport]
            var clashes: [ClashReport]
            @OrNull var oldest: String?
            var officers: [OfficerClock.Officer]
        }

        struct Parallel: Encodable {
            var table: String
            var row: String
            var at: String
            var sides: [ParallelEdit.Side]
        }

        func run() throws {
            if parallel { return try listParallel() }
            let opened = try hub.open()
            let conflicts = try opened.conflicts(all ? .all : decided ? .decided : .open)
            let clock = try opened.officerClock()
            let clashes = decided ? [] : try opened.clashes().map { ClashReport($0, clock) }
            let asked = try opened.questionCounts()
            let report = Report(
                conflicts: conflicts.map { ConflictReport($0, $0.cell.flatMap { asked[$0] }, clock) },
                clashes: clashes, oldest: Output.time(conflicts.map(\.openedMilliseconds).min()),
                officers: clock.officers)
            try Output.show(report, as: hub.json) {
                clock.tell()
                Output.table(
                    ["ID", "AGE", "STATE", "TABLE", "COLUMNS", "VALUES", "ASKED"],
                    conflicts.map {
                        [
                            $0.id, clock.age(of: $0), $0.state, $0.table,
                            $0.columns.joined(separator: "+"), String($0.values.count),
                            $0.cell.flatMap { asked[$0] }.map { "\($0.answered) of \($0.asked) answered" } ?? "",
                        ]
                    })
                ClashReport.table(clashes)
            }
        }

        private func listParallel() throws {
            let edits = try hub.open().parallelEdits().map {
                Parallel(table: $0.table, row: $0.row, at: Output.time($0.atMilliseconds), sides: $0.sides)
            }
            try Output.show(["parallel": edits], as: hub.json) {
                Output.table(
                    ["AT", "TABLE", "ROW", "FIRST", "THEN"],
                    edits.map { edit in
                        [edit.at, edit.table, edit.row]
                            + edit.sides.map { "\($0.partner) \($0.device): \($0.columns.joined(separator: ", "))" }
                    })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a conflict: every value, who wrote it, where and when, and what hangs on it.",
            discussion: "Example: reunite-sync hub conflicts show 3fa1")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The conflict's id, or at least its first four digits.") var id: String

        func run() throws {
            let opened = try hub.open()
            let detail = try opened.conflict(id)
            let questions = try opened.questions(about: detail)
            let clock = try opened.officerClock()
            try opened.noteView(
                of: "conflict", scope: Identifier(detail.conflict.scope), question: Identifier(detail.conflict.id))
            try Output.show(ConflictDetailReport(detail, questions, clock), as: hub.json) {
                ConflictText.show(detail, clock)
                HubAsk.show(questions)
            }
        }
    }

    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide a conflict. The decision travels to everyone who holds the record.",
            discussion: """
                A value that arrived after --as-of is not decided about: it keeps the conflict open.

                Example: reunite-sync hub conflicts resolve 3fa1 --keep 2 --reason "Seen on the birth certificate"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The conflict's id, or at least its first four digits.") var id: String
        @Option(help: "Keep the value with this number.") var keep: Int?
        @Option(help: "Another value, as JSON: {\"column\": value}, or a bare value where there is one column.")
        var value: String?
        @Option(help: "Decide between what stood at this position, as 'show' gave it.") var asOf: Int64?
        @OptionGroup var decision: DecisionOptions

        func validate() throws {
            guard (keep == nil) != (value == nil) else { throw ValidationError("Give --keep or --value, one of them.") }
        }

        func run() throws {
            let choice = keep.map { Choice.keep($0) } ?? value.map { Choice.value(json: $0) }
            guard let choice else { throw ValidationError("Give --keep or --value.") }
            let decided = try hub.open().resolve(
                id, choice, asOf: asOf, by: decision.person, reason: decision.reason)
            try Output.show(decided, as: hub.json) {
                say("Decided. It reaches every replica with its next sync.")
                if decided.isOpen { say("A value came meanwhile that it did not name: the conflict is open again.") }
            }
            if decided.isOpen { throw needsPerson }
        }
    }

    struct Reopen: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a decision back, for 30 days: all values stand again.",
            discussion: "Example: reunite-sync hub conflicts reopen 3fa1 --reason \"It was another woman's\"")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The conflict's id, or at least its first four digits.") var id: String
        @OptionGroup var decision: DecisionOptions

        func run() throws {
            let decided = try hub.open().reopen(id, by: decision.person, reason: decision.reason)
            try Output.show(decided, as: hub.json) {
                say(
                    decided.isOpen
                        ? "The decision is taken back: its values stand beside each other again."
                        : "The decision is taken back, and one value is left.")
            }
        }
    }
}
