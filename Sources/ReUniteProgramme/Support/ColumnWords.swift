package import GRDB

/// The labels of some columns, for the head of a table: fewer to read than all ``Labels``.
package struct ColumnWords: Sendable {
    package let texts: [String]

    package init(_ columns: [(table: String, name: String)], _ database: Database) throws {
        texts = try columns.map { table, name in
            let label = try String.fetchOne(
                database, sql: "SELECT label FROM ru_column WHERE tbl = ? AND name = ?", arguments: [table, name])
            return label.flatMap { $0.isEmpty ? nil : $0 } ?? name
        }
    }
}
