import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// As at which day figures are asked for, and how they are printed.
struct OutcomeDay: ParsableArguments {
    @Option(help: "The day as at which, YYYY-MM-DD.") var asAt: String?
    @Flag(help: "Print the lines as CSV.") var csv = false

    static var today: String { CivilTime.londonDate(milliseconds: SystemTime().wallMilliseconds) }

    func show(_ report: OutcomeReport, as json: Bool) throws {
        if csv && !json { return print(report.csv, terminator: "") }
        try Output.show(report, as: json) {
            print("As at \(report.asAt)\(report.isPublished ? ", small numbers hidden" : "")")
            for figure in report.figures {
                print("\n\(figure.label): \(figure.definition)")
                Output.table(
                    ["AREA", "YES", "OF", "", "UNKNOWN"],
                    figure.lines.map { [$0.area ?? "all", $0.yes, $0.of, $0.percent ?? "", $0.unknown] })
                for benchmark in figure.benchmarks {
                    print(
                        "  Published: \(benchmark.value) \(benchmark.unit.lowercased()). \(benchmark.label) (\(benchmark.source))"
                    )
                }
            }
        }
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Figures of this partner's own cases, exact.",
        subcommands: [Outcomes.self])

    struct Outcomes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What became of the women and children: counted from the rows that are here.",
            discussion: """
                Exact, for the partner alone: nothing is hidden in it, so do not publish it. docs/outcomes.md says what is \
                counted. Example: reunite-sync report outcomes --as-at 2026-09-30
                """)

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var day: OutcomeDay

        func run() throws {
            let report = try replica.openToShow("Making the report").read("Making the report") {
                try OutcomeReport(asAt: day.asAt ?? OutcomeDay.today, published: false, in: $0)
            }
            try day.show(report, as: replica.json)
        }
    }
}
