import GRDB
import ReUniteReplica
import ReUniteSync

/// Looks at what an import has put in, before it is kept: what cannot be, what should be there once, and women who seem
/// to be here already.
struct ImportReview {
    private let database: Database
    private let writer: ImportWriter
    private let options: RecordImport.Options
    private let lines: [Identifier: Int]

    init(_ database: Database, _ writer: ImportWriter, _ options: RecordImport.Options) {
        self.database = database
        self.writer = writer
        self.options = options
        lines = Dictionary(writer.made.map { ($0.id, $0.line) }, uniquingKeysWith: { first, _ in first })
    }

    func review(_ report: inout ImportReport, now: Int64) throws {
        try promises(&report)
        try doubts(&report)
        try clashes(&report)
        try allocations(&report)
        try women(&report, now: now)
        report.warnings.sort { ($0.line, $0.column ?? "") < ($1.line, $1.column ?? "") }
    }

    /// Rows of the same table that cells name by id, and that neither were here nor came with the file.
    private func promises(_ report: inout ImportReport) throws {
        for promise in writer.promises {
            let sql = "SELECT EXISTS (SELECT 1 FROM \(quoted(promise.table)) WHERE id = ?)"
            guard try Bool.fetchOne(database, sql: sql, arguments: [promise.id.sqlBlob]) != true else { continue }
            let wrong = ImportWriter.Wrong.nameless(at: promise.place, hasNames: false)
            report.errors.append(remark(promise.line, promise.place, "", wrong.why, wrong.advice, report))
        }
    }

    /// What the schema doubts: kept, because papers are wrong too, and said. A day that does not exist is none.
    private func doubts(_ report: inout ImportReport) throws {
        for row in try Row.fetchAll(database, sql: "SELECT id, col, why FROM row_doubt") {
            let id = row.identifier("id")
            guard let line = lines[id] else { continue }
            let column: String = row["col"]
            report.warnings.append(
                remark(
                    line, writer.places[id]?[column], column, row["why"],
                    "Compare it with the paper; it is kept as it is",
                    report))
        }
    }

    /// Two rows with what should tell rows apart: both stay, and a person is asked, as after a sync.
    private func clashes(_ report: inout ImportReport) throws {
        for key in try Row.fetchAll(database, sql: "SELECT tbl, cols, label FROM natural_key ORDER BY tbl, name") {
            let table: String = key["tbl"]
            guard writer.counts[table] != nil else { continue }
            let columns = (key["cols"] as String).split(separator: ",").map { CSVText.tidy(String($0)) }
            let same = columns.map { "o.\(quoted($0)) = n.\(quoted($0))" }.joined(separator: " AND ")
            let sql = """
                SELECT min(o.id) AS id FROM \(quoted(table)) n JOIN \(quoted(table)) o ON \(same) AND o.id <> n.id
                WHERE n.id = ? GROUP BY n.id
                """
            for made in writer.made where made.table == table {
                guard let other = try Row.fetchOne(database, sql: sql, arguments: [made.id.sqlBlob]) else { continue }
                // Of two new ones the later is said.
                let line = lines[other.identifier("id")]
                if let line, line > made.line { continue }
                let label: String = key["label"]
                let place = line.map { " (line \($0))" } ?? ""
                report.warnings.append(
                    remark(
                        made.line, nil, "", "\(label.lowercased())\(place)", "Both are kept; decide which is right",
                        report))
            }
        }
    }

    /// Of two new requests the later is said; of what was here before there is no line.
    private func allocations(_ report: inout ImportReport) throws {
        let tables = try String.fetchSet(database, sql: "SELECT tbl FROM allocation")
        for made in writer.made where tables.contains(made.table) {
            for twice in try AskedTwice.by(made.id, in: made.table, database) {
                let earlier = twice.others.filter { lines[$0].map { $0 < made.line } ?? true }
                guard let first = earlier.min(by: { (lines[$0] ?? .max) < (lines[$1] ?? .max) }) else { continue }
                let place = lines[first].map { " (line \($0))" } ?? ""
                report.warnings.append(
                    remark(
                        made.line, writer.places[made.id]?[twice.column], twice.column, AskedTwice.why + place,
                        AskedTwice.advice, report))
            }
        }
    }

    private func women(_ report: inout ImportReport, now: Int64) throws {
        guard writer.counts["person"] != nil else { return }
        for candidate in try Duplicates.find(in: database, now: now).candidates {
            let places = candidate.sides.map { lines[$0.person] }
            guard let new = places.compactMap(\.self).max(), candidate.sides.count == 2 else { continue }
            let isLeftNew = places[0] == new
            let other = candidate.sides[isLeftNew ? 1 : 0]
            let otherLine = places[isLeftNew ? 1 : 0]
            report.duplicates.append(
                ImportReport.Duplicate(
                    line: new, withLine: otherLine,
                    withCase: otherLine == nil ? other.caseReference ?? other.caseID.description : nil,
                    verdict: candidate.verdict.rawValue,
                    because: candidate.evidence.filter { $0.weight > 0 }.map { "\($0.field): \($0.how)" }))
            guard candidate.verdict == .shouldJoin, !options.acceptsDuplicates else { continue }
            let whom = otherLine.map { "the woman of line \($0)" } ?? "a woman whose case is here"
            report.errors.append(
                remark(
                    new, nil, "", "she seems to be \(whom)",
                    "Take the line out, or accept both with --accept-duplicates, if they are two women", report))
        }
        report.duplicates.sort { ($0.line, $0.withLine ?? 0) < ($1.line, $1.withLine ?? 0) }
    }

    private func remark(
        _ line: Int, _ place: Int?, _ column: String, _ why: String, _ advice: String, _ report: ImportReport
    ) -> ImportReport.Remark {
        let found = place.flatMap { place in report.columns.first { $0.column == ColumnLetters.name(place) } }
        return ImportReport.Remark(
            line: line, column: found?.column, heading: found?.heading ?? (column.isEmpty ? nil : column), why: why,
            advice: advice)
    }
}
