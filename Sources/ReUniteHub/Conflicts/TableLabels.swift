import GRDB

/// What a table and its columns are called among people.
struct TableLabels {
    let table: String
    /// The column that says when what a row tells of happened.
    let happened: String?
    private let columns: [String: String]

    init(_ database: Database, _ name: String) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT label, happened_column FROM ru_table WHERE name = ?", arguments: [name])
        let label: String = row?["label"] ?? ""
        table = label.isEmpty ? name : label
        happened = row?["happened_column"]
        var columns: [String: String] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT name, label FROM ru_column WHERE tbl = ? AND label <> ''", arguments: [name])
        {
            columns[row["name"]] = row["label"]
        }
        self.columns = columns
    }

    func column(_ name: String) -> String { columns[name] ?? name }
}
