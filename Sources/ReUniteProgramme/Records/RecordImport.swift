package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Loads existing records from a file: all of it or nothing.
///
/// For example, as a dry run that says what would happen and leaves everything as it was:
///
///     let report = try RecordImport(file, into: "case_file", options: options).run(by: partner, in: database, now: now)
///
/// docs/import.md says what is read and how.
package struct RecordImport {
    package struct Options: Sendable {
        package var map: [MapLine] = []
        package var dates = DateOrder.dayFirst
        package var isDryRun = false
        /// Pass over lines that are here already.
        package var skipsRepeats = false
        /// Take women who seem to be here already as others.
        package var acceptsDuplicates = false

        package init() {}
    }

    static let what = "Importing"
    let file: CSVFile
    let table: String
    let options: Options

    package init(_ file: CSVFile, into table: String, options: Options = Options()) {
        self.file = file
        self.table = table
        self.options = options
    }

    /// - Parameters:
    ///   - partner: whose replica it is.
    ///   - now: milliseconds since 1970, UTC.
    ///   - progress: how many records are done, of how many.
    /// - Returns: what was done; with errors, nothing was.
    /// - Throws: ``Failure`` (badData) for a table or map that cannot be, or a heading that says nothing.
    package func run(
        by partner: Identifier, in database: Database, now: Int64, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> ImportReport {
        let tables = try RecordTables(database)
        guard tables[table] != nil else {
            throw Failure(
                .badData, what: RecordImport.what, why: "nothing can be imported into \(table)",
                remedy: "Use one of \(tables.names.joined(separator: ", "))")
        }
        let isKnown = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM partner WHERE id = ?)", arguments: [partner.sqlBlob])
        guard isKnown == true else {
            throw Failure(
                .tryLater, what: RecordImport.what, why: "this replica has none of the network's lists yet",
                remedy: "Sync once, and import then")
        }
        let mapping = try ImportMapping(file, table: table, tables: tables, map: options.map)
        var report = ImportReport(
            table: table, dryRun: options.isDryRun, encoding: file.encoding, separator: String(file.separator))
        report.records = file.records.count
        report.blankLines = file.blankLines
        report.columns = columns(mapping)
        report.errors = headingErrors(mapping, tables)
        report.warnings = mapping.hubOnly.filter { place in
            file.records.contains { place < $0.cells.count && !CSVText.tidy($0.cells[place]).isEmpty }
        }.map { remark(file.headings.line, $0, "only the hub writes it", "The column is left out") }
        var writer = ImportWriter(database, tables: tables, partner: partner, main: table, now: now)
        let today = CivilTime.londonDate(milliseconds: now)
        let reading = FieldReading(order: options.dates, today: today, partners: try Partners.codes(in: database))
        try database.inSavepoint {
            if report.errors.isEmpty {
                try load(mapping, reading, into: &writer, &report, progress: progress)
                try ImportReview(database, writer, options).review(&report, now: now)
            }
            report.errors.sort {
                ($0.line, $0.column?.count ?? 0, $0.column ?? "") < ($1.line, $1.column?.count ?? 0, $1.column ?? "")
            }
            report.rows = writer.counts
            return report.isDone ? .commit : .rollback
        }
        if !report.errors.isEmpty { report.rows = [:] }
        return report
    }

    private func load(
        _ mapping: ImportMapping, _ reading: FieldReading, into writer: inout ImportWriter,
        _ report: inout ImportReport,
        progress: (Int, Int) -> Void
    ) throws {
        var seen: [[String]: Int] = [:]
        for (number, record) in file.records.enumerated() {
            if number % 50 == 0 { progress(number, file.records.count) }
            let cells = record.cells.map { CSVText.typed($0) }
            if let first = seen[cells] {
                if options.skipsRepeats {
                    report.skipped += 1
                } else {
                    report.errors.append(
                        remark(
                            record.line, nil, "it says the same as line \(first)",
                            "Take one out, or skip what is there already with --skip-repeats"))
                }
                continue
            }
            seen[cells] = record.line
            var line = ImportLine(number: record.line)
            let before = report.errors.count
            for (place, text) in cells.enumerated() {
                guard let target = mapping.targets[place] else {
                    if place >= file.headings.cells.count, !text.isEmpty {
                        report.errors.append(
                            remark(
                                record.line, place, "there is no heading above it",
                                "Look for a comma or line end in a cell that is not in quotation marks"))
                    }
                    continue
                }
                if let (why, advice) = CSVText.complaint(record.cells[place]) {
                    report.errors.append(remark(record.line, place, why, advice))
                    continue
                }
                let word = text.isEmpty ? text : mapping.words[place]?[ImportMapping.word(text)] ?? text
                do {
                    let value = try reading.read(word, as: target.rule, heading: heading(place))
                    line.put(value, target, place)
                } catch {
                    report.errors.append(remark(record.line, place, error.why, error.advice))
                }
            }
            for (target, text) in mapping.constants {
                do {
                    line.put(constant: try reading.read(text, as: target.rule, heading: target.rule.column), target)
                } catch {
                    report.errors.append(remark(record.line, nil, "\(target.rule.column): \(error.why)", error.advice))
                }
            }
            guard report.errors.count == before else {
                report.warnings += remarks(record.line, try writer.remarks(on: line))
                continue
            }
            switch try writer.write(line) {
            case .written(let warnings):
                report.warnings += remarks(record.line, warnings)
            case .here where options.skipsRepeats: report.skipped += 1
            case .here:
                report.errors.append(
                    remark(
                        record.line, nil, "it is here already",
                        "Take it out, or skip what is there already with --skip-repeats"))
            case .refused(let wrongs):
                report.errors += remarks(record.line, wrongs)
                report.warnings += remarks(record.line, try writer.remarks(on: line))
            }
        }
        progress(file.records.count, file.records.count)
    }

    private func heading(_ place: Int) -> String {
        place < file.headings.cells.count ? CSVText.typed(file.headings.cells[place]) : ""
    }

    private func remarks(_ line: Int, _ wrongs: [ImportWriter.Wrong]) -> [ImportReport.Remark] {
        wrongs.map { remark(line, $0.place, $0.why, $0.advice) }
    }

    private func remark(_ line: Int, _ place: Int?, _ why: String, _ advice: String) -> ImportReport.Remark {
        ImportReport.Remark(
            line: line, column: place.map(ColumnLetters.name), heading: place.map(heading), why: why, advice: advice)
    }

    private func columns(_ mapping: ImportMapping) -> [ImportReport.Column] {
        file.headings.cells.indices.map { place in
            let target = mapping.targets[place]
            let name = target.map { target in
                let ordinal = target.part.ordinal > 1 ? " \(target.part.ordinal)" : ""
                return "\(target.part.table)\(ordinal).\(target.rule.column)"
            }
            return ImportReport.Column(
                column: ColumnLetters.name(place), heading: heading(place), fills: name, label: target?.rule.label)
        }
    }

    private func headingErrors(_ mapping: ImportMapping, _ tables: RecordTables) -> [ImportReport.Remark] {
        let line = file.headings.line
        var errors = mapping.unknown.map { place in
            remark(
                line, place, heading(place).isEmpty ? "there is no heading" : "the heading says nothing here",
                "Name it in a map: its column, or - to leave it out")
        }
        errors += mapping.twice.map {
            remark(line, $0, "another column fills the same", "Leave one of them out with a map")
        }
        let filled = Set(mapping.targets.values.map { "\($0.part.table).\($0.rule.column)" })
            .union(mapping.constants.map { "\($0.target.part.table).\($0.target.rule.column)" })
        for rule in tables[table]?.rules ?? [] where rule.isRequired && !filled.contains("\(table).\(rule.column)") {
            switch rule.kind {
            // Found by itself, or asked for line by line.
            case .caseFile, .partner, .row: continue
            default:
                errors.append(
                    remark(
                        line, nil, "no column is headed \(rule.column) (\(rule.label)), and each row needs one",
                        "Add it, or name it in a map"))
            }
        }
        return errors
    }
}
