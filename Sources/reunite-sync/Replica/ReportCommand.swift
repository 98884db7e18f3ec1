import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// As at which day figures are asked for, and how they are printed.
struct OutcomeDay: ParsableArguments {
    @Option(help: "The day as at which, YYYY-MM-DD.") var asAt: String?
    @Flag(help: "Print the counted lines as CSV.") var csv = false
    @Flag(help: "Print the times as CSV.") var timesCsv = false
    @Flag(help: "Print why referrals were declined as CSV.") var reasonsCsv = false
    @Option(help: "Draw the percentages into this SVG file besides; it must not be there.") var svg: String?
    @Flag(help: "Write over an SVG file that is there.") var replace = false

    /// Refuses a file that cannot be written, before the report is on record.
    ///
    /// - Parameter isQuarter: the day must be over.
    /// - Throws: ``Failure`` (badData) for a day that is yet to come: what is typed until then would show in a difference.
    func check(isQuarter: Bool = false) throws {
        let today = OutcomeDay.today
        if let asAt, CivilTime.isDate(asAt), asAt > today || isQuarter && asAt == today {
            throw Failure(
                .badData, what: "Making the report",
                why: isQuarter ? "the quarter is not over" : "the day is yet to come",
                remedy: "Use \(isQuarter ? OutcomeReport.quarter(before: today) : today), or a day before it")
        }
        if let svg { try OutputFile.check(svg, what: "Drawing the report", replaces: replace) }
    }

    static var today: String { CivilTime.londonDate(milliseconds: SystemTime().wallMilliseconds) }

    func show(_ report: OutcomeReport, as json: Bool) throws {
        try draw(report)
        if isCSV && !json { return printCSV(report) }
        try Output.show(report, as: json) { OutcomeDay.describe(report) }
    }

    var isCSV: Bool { csv || timesCsv || reasonsCsv }

    func draw(_ report: OutcomeReport) throws {
        try check()
        if let svg { try DurableFile.write(Array(FigureChart.svg(report).utf8), to: svg) }
    }

    func printCSV(_ report: OutcomeReport) {
        if csv { Output.exact(report.csv) }
        if timesCsv { Output.exact(report.timesCSV) }
        if reasonsCsv { Output.exact(report.reasonsCSV) }
    }

    static func describe(_ report: OutcomeReport) {
        say("As at \(report.asAt)\(report.isPublished ? ", small numbers hidden" : "")")
        for figure in report.figures {
            say("")
            Output.paragraph("\(figure.label): \(figure.definition)")
            Output.table(
                ["AREA", "YES", "OF", "", "UNKNOWN"],
                figure.lines.map { [$0.area ?? "all", $0.yes, $0.of, $0.share, $0.unknown] })
            if let legend = figure.legend { say("  \(legend)") }
            if figure.hidesNothing == true { say("  \(OutcomeReport.nothingHidden)") }
            for waiver in figure.waivers ?? [] { say("  \(waiver.text)") }
            if let interim = figure.interim { say("  Interim: of \(interim) the 18 months are not over") }
            if let sources = figure.sources, !sources.isEmpty {
                Output.paragraph(
                    "Whose word it is: \(sources.map { "\($0.label) \($0.women)" }.joined(separator: ", "))",
                    indent: "  ")
            }
            for benchmark in figure.benchmarks {
                Output.paragraph(
                    "Published: \(benchmark.value) \(benchmark.unit.lowercased()). \(benchmark.label) "
                        + "(\(benchmark.source))", indent: "  ")
            }
        }
        for figure in report.times {
            say("")
            Output.paragraph("\(figure.label): \(figure.definition)")
            Output.table(
                ["AREA", "OF", "LOWER QUARTILE", "MEDIAN", "UPPER QUARTILE"],
                figure.lines.map { [$0.area ?? "all", $0.of] + $0.shares })
            if let legend = figure.legend { say("  \(legend)") }
        }
        guard let declined = report.declined else { return }
        say("")
        Output.paragraph("\(declined.label): \(declined.definition)")
        Output.table(["REASON", "OF"], declined.lines.map { [$0.label, $0.of] })
        if let legend = declined.legend { say("  \(legend)") }
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Figures of this partner's own cases, exact.",
        subcommands: [Outcomes.self, PublishedFigures.self, SocialReturns.self, Quality.self, List.self])

    struct PublishedFigures: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "published", abstract: "The network's figures as they were published.",
            discussion: "The newest quarter unless --as-at names one. Example: reunite-sync report published --csv")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var day: OutcomeDay

        func run() throws {
            try day.check()
            let opened = try replica.open()
            let found = try opened.read("Reading what was published") { try Publication.all(of: day.asAt, in: $0) }
            try opened.note(report: "report published", rows: found.count)
            try PublicationReport.show(found, day, as: replica.json)
        }
    }

    struct SocialReturns: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sroi", abstract: "What studies found that each pound brings back.",
            discussion: "As the studies say it: nothing is worked out. Example: reunite-sync report sroi")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let opened = try replica.open()
            let found = try opened.read("Reading the studies") { try SocialReturn(asAt: OutcomeDay.today, in: $0) }
            try opened.note(report: "report sroi", rows: found.studies.count)
            try SocialReturnReport.show(found, as: replica.json)
        }
    }

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
            try day.check()
            let opened = try replica.openToShow("Making the report")
            let report = try opened.read("Making the report") {
                try OutcomeReport(asAt: day.asAt ?? OutcomeDay.today, published: false, in: $0)
            }
            try opened.note(report: "report outcomes", rows: report.figures.count)
            try day.show(report, as: replica.json)
        }
    }
}

extension Replica {
    /// Puts on record that figures were made here, before they are shown: a row of the partner's own, which the hub
    /// receives with the next sync.
    ///
    /// - Parameters:
    ///   - name: the command.
    ///   - rows: how many lines it has.
    func note(report name: String, rows: Int) throws {
        let facts = try facts()
        let staff = try signedIn()
        let now = SystemTime().wallMilliseconds
        try edit("Recording the report") {
            try ExportRecord.write(
                name, rows: rows, withheld: 0, partner: facts.partner, device: facts.device, staff: staff, in: $0,
                now: now)
        }
    }
}
