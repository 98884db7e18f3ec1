import ArgumentParser
import Foundation
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

extension DateOrder: ExpressibleByArgument {}

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load existing records from a CSV file: all of it or nothing.",
        discussion: """
            Headings are the table's columns or their labels; a map names others. Try it with --dry-run first: it says \
            what would happen, line by line, and changes nothing. Into case_file each line is a woman with her case, and \
            columns such as child.first_name or person_identifier.value make the rows that belong to it. \
            Example: reunite-sync import case_file women.csv --map women-map.csv --dry-run
            """)

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "The table, such as case_file, property or volunteer_mentor.") var table: String
    @Argument(help: "The file: CSV from a spreadsheet.") var file: String
    @Flag(help: "Say what would happen; change nothing.") var dryRun = false
    @Option(help: "A CSV file that says what headings and words mean: heading,column,value,meaning.") var map: String?
    @Option(help: "Which comes first in 03/04/2026: day-first or month-first.") var dates = DateOrder.dayFirst
    @Option(help: "What separates cells, where it is not found out: , ; | or tab.") var separator: String?
    @Flag(help: "Pass over lines that are here already.") var skipRepeats = false
    @Flag(help: "Take women who seem to be here already as other women.") var acceptDuplicates = false

    func validate() throws {
        guard let separator, separator != "tab" else { return }
        guard separator.unicodeScalars.count == 1, separator != "\"" else {
            throw ValidationError("--separator must be one character, or tab.")
        }
    }

    func run() throws {
        let between = separator == "tab" ? "\t" : separator?.unicodeScalars.first
        let rows = try CSVFile(try Import.bytes(file), separator: between)
        var options = RecordImport.Options()
        if let map { options.map = try MapLine.read(try Import.bytes(map)) }
        options.dates = dates
        options.isDryRun = dryRun
        options.skipsRepeats = skipRepeats
        options.acceptsDuplicates = acceptDuplicates
        let opened = try replica.openToShow("Importing")
        let partner = try opened.facts().partner
        let bar = ProgressBar()
        let report = try opened.edit("Importing") { database in
            try RecordImport(rows, into: table, options: options).run(
                by: partner, in: database, now: SystemTime().wallMilliseconds
            ) { done, count in bar.show(table, done: done, of: count) }
        }
        bar.clear()
        try show(report)
        if !report.errors.isEmpty { throw ExitCode(Failure.Code.badData.rawValue) }
        if report.needsPerson { throw needsPerson }
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let bytes = try DurableFile.read(path, limit: CSVFile.limit) else {
            throw Failure(
                .noInput, what: "Reading \(path)", why: "there is no such file", remedy: "Check its name and folder")
        }
        return bytes
    }

    /// The report, and what every failure says as well when nothing was imported.
    private struct Answer: Encodable {
        let report: ImportReport
        let error: ErrorBody?

        struct ErrorBody: Encodable {
            let code: String
            let what: String
            let why: String
            let `do`: String
        }

        private enum CodingKeys: CodingKey {
            case error
        }

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(error, forKey: .error)
        }
    }

    private func show(_ report: ImportReport) throws {
        let count = report.errors.count
        let failure =
            count == 0
            ? nil
            : Failure(
                .badData, what: "Importing", why: count == 1 ? "there is 1 error" : "there are \(count) errors",
                remedy: "Mend the lines that are named and import the file again; nothing was changed")
        let body = failure.map {
            Answer.ErrorBody(code: $0.code.word, what: $0.what, why: $0.why, do: $0.remedy)
        }
        try Output.show(Answer(report: report, error: body), as: replica.json) { describe(report) }
        if let failure { Output.note("reunite-sync: \(failure)") }
    }

    private func describe(_ report: ImportReport) {
        say("\(report.records) lines, \(report.encoding.rawValue), \(report.blankLines) blank")
        for column in report.columns {
            say("  \(column.column)  \(column.heading)  →  \(column.fills ?? "nothing")")
        }
        Import.list("Errors", report.errors)
        Import.list("Look at these", report.warnings)
        Import.list(
            "Perhaps one woman",
            report.duplicates.map { duplicate in
                let other = duplicate.withLine.map { "line \($0)" } ?? duplicate.withCase ?? "another"
                return "line \(duplicate.line) and \(other): \(duplicate.because.joined(separator: ", "))"
            })
        guard report.errors.isEmpty else { return }
        let made = report.rows.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        if report.skipped > 0 {
            let skipped = Wording.count(
                report.skipped, "line is here already and was passed over.",
                "lines are here already and were passed over.")
            say("\(skipped)")
        }
        say(report.dryRun ? "Would make: \(made). Nothing was changed." : "Made: \(made).")
    }

    /// How many lines of a kind are printed; `--json` has all.
    private static let most = 40

    private static func list(_ title: String, _ remarks: [ImportReport.Remark]) {
        list(title, ImportReport.lines(remarks, most: most), count: remarks.count)
    }

    private static func list(_ title: String, _ lines: [String], count: Int? = nil) {
        guard !lines.isEmpty else { return }
        say("\(title): \(count ?? lines.count)")
        for line in lines.prefix(most) { say("  \(line)") }
        if lines.count > most { say("  and \(lines.count - most) more: --json lists all") }
    }
}

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a table's rows as CSV: what this replica holds.",
        discussion: """
            The file can be read by its owner only, and holds personal data: delete it when it is done with. What may be \
            shown on a case's own page only is left out. A cell that a spreadsheet would take for a formula begins with \
            an apostrophe. Example: reunite-sync export volunteer_mentor mentors.csv --labels
            """)

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "The table, such as person or need.") var table: String
    @Argument(help: "The file to write; it must not be there.") var file: String
    @Flag(help: "Headings and codes in words for people, instead of the schema's names.") var labels = false
    @Flag(help: "Write over a file that is there.") var replace = false

    private struct Answer: Encodable {
        let table: String
        let file: String
        let rows: Int
        let withheld: Int
    }

    func run() throws {
        try OutputFile.check(file, what: "Exporting", replaces: replace)
        let opened = try replica.openToShow("Exporting")
        let export = try opened.read("Exporting") { try RecordExport(table, labels: labels, in: $0) }
        // On record before it is on disk: no file without its line, which the hub gets with the next sync.
        let facts = try opened.facts()
        let staff = try opened.signedIn()
        let now = SystemTime().wallMilliseconds
        try opened.edit("Exporting") {
            try ExportRecord.write(
                table, rows: export.rows, withheld: export.withheld, partner: facts.partner, device: facts.device,
                staff: staff, in: $0, now: now)
        }
        try DurableFile.write(Array(export.text.utf8), to: file)
        let answer = Answer(table: table, file: file, rows: export.rows, withheld: export.withheld)
        try Output.show(answer, as: replica.json) {
            say("Wrote \(Wording.count(export.rows, "row")) of \(table) to \(file).")
            if export.withheld > 0 {
                say(
                    "\(Wording.count(export.withheld, "row is", "rows are")) left out, which may be shown on a case's own page only."
                )
            }
        }
    }
}
