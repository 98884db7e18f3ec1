package import GRDB
import ReUniteReplica
import ReUniteSync

/// What people call the tables, columns and codes: the words of the manifest and of the code lists, never the
/// program's own.
package struct Labels: Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        package let label: String
        /// The code list whose codes it holds.
        let list: String?
        /// Whether it only ever holds 0 or 1.
        let isYesOrNo: Bool
    }

    package struct Table: Hashable, Sendable {
        package let label: String
        package let help: String
        /// In the order of the manifest.
        package let columns: [Column]
    }

    private struct Code: Hashable {
        let list: String
        let code: String
    }

    private let tables: [String: Table]
    private let codes: [Code: String]
    private let states: [Code: String]

    package init(_ database: Database) throws {
        let columns = try Row.fetchAll(
            database,
            sql: """
                SELECT c.tbl, c.name, c.label, c.code_list,
                  instr(s.sql, 'CHECK(' || c.name || ' IN (0, 1))') > 0 AS yes_or_no
                FROM ru_column c JOIN sqlite_schema s ON s.type = 'table' AND s.name = c.tbl ORDER BY c.rowid
                """)
        let byTable = Dictionary(grouping: columns) { $0["tbl"] as String }.mapValues { rows in
            rows.map { row in
                let name: String = row["name"]
                let label: String = row["label"]
                return Column(
                    name: name, label: label.isEmpty ? name : label, list: row["code_list"],
                    isYesOrNo: row["yes_or_no"])
            }
        }
        tables = Dictionary(
            try Row.fetchAll(database, sql: "SELECT name, label, help FROM ru_table").map { row in
                let name: String = row["name"]
                let label: String = row["label"]
                return (
                    name,
                    Table(label: label.isEmpty ? name : label, help: row["help"], columns: byTable[name] ?? [])
                )
            }, uniquingKeysWith: { first, _ in first })
        func read(_ sql: String) throws -> [Code: String] {
            Dictionary(
                try Row.fetchAll(database, sql: sql).map { (Code(list: $0[0], code: $0[1]), $0[2] as String) },
                uniquingKeysWith: { first, _ in first })
        }
        codes = try read("SELECT list, code, label FROM code_value ORDER BY id")
        states = try read(
            """
            SELECT tbl || '.' || col, value, label FROM ru_state
            UNION ALL SELECT tbl || '.' || col, value, label FROM protection_rank
            UNION ALL SELECT tbl || '.' || col, value, label FROM value_label
            UNION ALL SELECT s.tbl || '.' || a.status_col, s.value, s.label
              FROM allocation_state s JOIN allocation a ON a.tbl = s.tbl
            """)
    }

    /// A table's words; its name when the manifest does not have it.
    package func table(_ name: String) -> Table {
        tables[name] ?? Table(label: name, help: "", columns: [])
    }

    package func column(_ table: String, _ name: String) -> String {
        self.table(table).columns.first { $0.name == name }?.label ?? name
    }

    /// The label of a column's state or code; the code itself when there is none.
    package func state(_ code: String, of table: String, _ column: String) -> String {
        states[Code(list: "\(table).\(column)", code: code)] ?? code
    }

    /// A column's value as the engine prints it, in words.
    package func words(_ text: String, of name: String, in table: String) -> String {
        guard let column = self.table(table).columns.first(where: { $0.name == name }) else { return text }
        if column.isYesOrNo { return text == "0" ? "No" : text == "1" ? "Yes" : text }
        if name.hasSuffix("_at"), let number = Int64(text) { return CivilTime.londonMinute(milliseconds: number) }
        return coded(text, column, table)
    }

    /// A text that may be a code or a state, in words.
    func coded(_ text: String, _ column: Column, _ table: String) -> String {
        if let list = column.list { return codes[Code(list: list, code: text)] ?? text }
        return state(text, of: table, column.name)
    }

    /// A value that is known as text alone, in words.
    package func text(_ text: String, of column: Column, in table: String) -> String {
        if column.name.hasSuffix("_at"), let time = Int64(text) { return CivilTime.londonMinute(milliseconds: time) }
        if column.isYesOrNo { return text == "0" ? "No" : "Yes" }
        return coded(text, column, table)
    }

    /// A column's value in words; nil when there is nothing to show.
    func text(of column: Column, in table: String, _ record: Record) -> String? {
        guard let value = record.values[column.name] else { return nil }
        switch value {
        case .null: return nil
        case .integer(let number) where column.name.hasSuffix("_at"):
            return CivilTime.londonMinute(milliseconds: number)
        case .integer(let number) where column.isYesOrNo: return number == 0 ? "No" : "Yes"
        case .integer(let number): return String(number)
        case .real(let number): return String(number)
        case .text(let text):
            return text.isEmpty ? nil : coded(text, column, table)
        case .blob(let bytes): return record.partners[String(column.name.dropLast(3))] ?? bytes.shown
        }
    }
}
