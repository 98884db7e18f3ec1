package import GRDB
import ReUniteReplica
import ReUniteSync

/// Writes a table's rows as CSV: what this replica holds, and no more than may be shown in a list.
package struct RecordExport: Sendable {
    /// The file's text, in UTF-8 with lines that end in CR LF (RFC 4180).
    package let text: String
    package let rows: Int
    /// Rows of a class whose values are shown on the case's own page only: left out.
    package let withheld: Int

    /// - Parameter labels: headings, codes and references in words for people, instead of the schema's names.
    /// - Throws: ``Failure``: noInput for a table that is none, notPermitted for one of which nothing may be listed.
    package init(_ table: String, labels isForPeople: Bool = false, in database: Database) throws {
        let what = "Exporting"
        guard
            let manifest = try Row.fetchOne(
                database,
                sql: """
                    SELECT t.class_column, c.secret FROM ru_table t JOIN ru_class c ON c.code = t.class WHERE t.name = ?
                    """, arguments: [table])
        else {
            throw Failure(
                .noInput, what: what, why: "there is no table \(table)",
                remedy: "Use the name of a table that syncs, such as person")
        }
        let classColumn: String? = manifest["class_column"]
        guard manifest["secret"] == 0 || classColumn != nil else {
            throw Failure(
                .notPermitted, what: what, why: "what it holds is shown on the case's own page only",
                remedy: "Look at one case at a time with 'case show'")
        }
        let words = try Labels(database)
        let columns = words.table(table).columns
        let partners = try Partners.codes(in: database)
        let references = Dictionary(
            try Row.fetchAll(database, sql: "SELECT id, ref FROM case_file WHERE ref IS NOT NULL")
                .map { ($0.identifier("id"), $0["ref"] as String) }, uniquingKeysWith: { first, _ in first })
        // The secret rows are those whose own class is secret, and those whose class nobody has said.
        let isSecret =
            classColumn.map {
                """
                coalesce((SELECT c.secret FROM ru_row_class r JOIN ru_class c ON c.code = r.class
                  WHERE r.tbl = '\(table)' AND r.value = t.\(quoted($0))), 1)
                """
            } ?? "0"
        let fields = columns.map { "t.\(quoted($0.name))" }.joined(separator: ", ")
        let units = Dictionary(
            try Row.fetchAll(database, sql: "SELECT col, unit FROM column_unit WHERE tbl = ?", arguments: [table])
                .map { ($0[0] as String, $0[1] as String) }, uniquingKeysWith: { first, _ in first })
        let headings = columns.map { isForPeople ? RecordExport.heading($0, units[$0.name]) : $0.name }
        var text = CSVText.line((["id"] + headings).map { CSVText.cell($0) })
        var count = 0
        var withheld = 0
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT t.id, \(fields.isEmpty ? "" : fields + ", ")\(isSecret) AS is_secret FROM \(quoted(table)) t ORDER BY t.id
                """)
        while let row = try rows.next() {
            guard row["is_secret"] == 0 else {
                withheld += 1
                continue
            }
            count += 1
            var cells = [CSVText.cell(row.identifier("id").description)]
            for column in columns {
                let value = Value(row[column.name] as DatabaseValue)
                if isForPeople, units[column.name] == "pence", case .integer(let pence) = value {
                    cells.append(CSVText.cell(RecordExport.pounds(pence), isNumber: true))
                    continue
                }
                cells.append(
                    RecordExport.cell(
                        value, column, table, isForPeople ? words : nil, partners, isForPeople ? references : [:]))
            }
            text += CSVText.line(cells)
        }
        // Without the mark a spreadsheet takes accents for two letters each, and saves them so.
        self.text = isForPeople ? CSVText.mark + text : text
        self.rows = count
        self.withheld = withheld
    }

    /// The label, with what is counted where the label does not say it. Money says it itself.
    private static func heading(_ column: Labels.Column, _ unit: String?) -> String {
        guard let unit, unit != "pence", !column.label.lowercased().contains(unit) else { return column.label }
        return "\(column.label) (\(unit))"
    }

    private static func pounds(_ pence: Int64) -> String {
        let rest = pence.magnitude % 100
        return "\(pence < 0 ? "-" : "")£\(pence.magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func cell(
        _ value: Value, _ column: Labels.Column, _ table: String, _ words: Labels?, _ partners: [Identifier: String],
        _ references: [Identifier: String]
    ) -> String {
        switch value {
        case .null: return ""
        case .integer(let number) where column.name.hasSuffix("_at"):
            return CSVText.cell(
                words == nil
                    ? CivilTime.instant(milliseconds: number) : CivilTime.londonSecond(milliseconds: number))
        case .integer(let number) where column.isYesOrNo && words != nil: return number == 0 ? "No" : "Yes"
        case .integer(let number): return CSVText.cell(String(number), isNumber: true)
        case .real(let number): return CSVText.cell(String(number), isNumber: true)
        case .text(let text): return CSVText.cell(words?.coded(text, column, table) ?? text)
        case .blob(let bytes):
            guard let id = Identifier(bytes: bytes) else { return bytes.shown }
            if column.name.hasSuffix("partner_id"), let code = partners[id] { return CSVText.cell(code) }
            if column.name == "case_id", let reference = references[id] { return CSVText.cell(reference) }
            return id.description
        }
    }
}
