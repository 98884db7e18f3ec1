import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// A list of the programme as a command prints it.
struct ListReport: Encodable {
    let name: String
    let label: String
    let headings: [String]
    let lines: [[String]]

    init(_ list: ProgrammeList, _ lines: [[String]]) {
        (name, label, headings) = (list.id, list.label, list.headings)
        self.lines = lines
    }

    func show(csv: Bool, json: Bool) throws {
        if csv && !json {
            return Output.exact(([headings] + lines).map { CSVText.line($0.map { CSVText.cell($0) }) }.joined())
        }
        try Output.show(self, as: json) {
            Output.paragraph("\(label): \(lines.count)")
            if !lines.isEmpty { Output.table(headings, lines) }
        }
    }
}

struct ListOptions: ParsableArguments {
    @Argument(help: "Which list; without it, what lists there are.") var name: String?
    @Option(help: "The day as at which, YYYY-MM-DD, for lists that can tell.") var asAt: String?
    @Flag(help: "Print the lines as CSV.") var csv = false

    /// The list that is asked for; nil where nobody named one, which is answered here.
    func list(json: Bool) throws -> ProgrammeList? {
        if let name { return try ProgrammeList.named(name, asAt: asAt, today: OutcomeDay.today) }
        try Output.show(["lists": ProgrammeList.all.map { ["name": $0.id, "label": $0.label] }], as: json) {
            Output.table(["LIST", "WHAT IT TELLS"], ProgrammeList.all.map { [$0.id, $0.label] })
        }
        return nil
    }

    static let discussion = """
        Lines to look at one by one: who waits for what, which homes, areas and grants there are. They name cases and are \
        not for publishing. docs/outcomes.md says what is in each.
        """
}

extension ReportCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists of the programme: catch-22, children in limbo, pipeline, homes, grants and others.",
            discussion: "\(ListOptions.discussion) Example: reunite-sync report list limbo")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var options: ListOptions

        func run() throws {
            guard let list = try options.list(json: replica.json) else { return }
            let opened = try replica.openToShow("Making the list")
            let partner = try opened.facts().partner
            let lines = try opened.read("Making the list") {
                try list.lines(asAt: options.asAt ?? OutcomeDay.today, partner: partner, in: $0)
            }
            try opened.note(report: "report list \(list.id)", rows: lines.count)
            try ListReport(list, lines).show(csv: options.csv, json: replica.json)
        }
    }
}

extension HubReport {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists of the programme over all partners: catch-22, limbo, pipeline, stocktake and others.",
            discussion: "\(ListOptions.discussion) Example: reunite-sync hub report list areas --as-at 2026-09-30")

        @OptionGroup var hub: HubOptions
        @OptionGroup var options: ListOptions

        func run() throws {
            guard let list = try options.list(json: hub.json) else { return }
            let opened = try hub.open()
            let lines = try opened.read("Making the list") {
                try list.lines(asAt: options.asAt ?? OutcomeDay.today, partner: nil, in: $0)
            }
            try opened.noteExport(
                "list", rows: lines.count, by: DecisionOptions.user, reason: "hub report list \(list.id)")
            try ListReport(list, lines).show(csv: options.csv, json: hub.json)
        }
    }
}
