import GRDB
import ReUniteSync

/// `ru_kept`: what the hub sent of tables and columns that this program does not know.
///
/// They count as held in every way: their row's clock is in the digest, they leave with their row, and nothing that is
/// written here touches them. Once a newer program knows their columns, they are put there.
final class KeptCells {
    private let database: Database
    private var isEmpty: Bool
    // Few deliveries have anything for them, so these are prepared when one does.
    private lazy var insert = Result {
        try EngineStatement(database, "INSERT OR REPLACE INTO ru_kept(tbl, key, grp, val) VALUES(?, ?, ?, ?)")
    }
    private lazy var delete = Result {
        try EngineStatement(database, "DELETE FROM ru_kept WHERE tbl = ? AND key = ?")
    }

    init(_ database: Database) throws {
        self.database = database
        isEmpty = try !EngineStatement.finds("ru_kept", database)
    }

    /// Keeps what a delivered row has besides these groups. Returns the rest of the row.
    ///
    /// - Throws: ``Failure`` (configuration) when the row does not tell which of its values are which.
    func take(_ row: RowState, besides known: UInt64) throws -> RowState {
        guard row.groups & ~known != 0 else { return row }
        guard let cells = row.cells, let rest = row.limited(to: known) else {
            throw Failure(
                .configuration, what: "Applying a delivery", why: "it holds a row that this program cannot read",
                remedy: "Install the current reunite-sync and sync again")
        }
        let insert = try insert.get()
        for (group, values) in cells where known & (1 << UInt64(group)) == 0 {
            insert.bind(1, Int64(row.table))
            insert.bind(2, row.key)
            insert.bind(3, Int64(group))
            insert.bind(4, ValueList.encode(values))
            try insert.run()
        }
        isEmpty = false
        return rest
    }

    /// Deletes what is kept of a row that is gone.
    func forget(_ table: UInt16, _ key: Identifier) throws {
        if isEmpty { return }
        let delete = try delete.get()
        delete.bind(1, Int64(table))
        delete.bind(2, key)
        try delete.run()
    }

    /// How many rows something is kept of.
    static func rows(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM (SELECT DISTINCT tbl, key FROM ru_kept)") ?? 0
    }

    /// What is kept of a row, by group.
    static func cells(_ row: RowKey, _ database: Database) throws -> [(group: UInt8, values: [Value])] {
        let find = try EngineStatement(database, "SELECT grp, val FROM ru_kept WHERE tbl = ? AND key = ? ORDER BY grp")
        find.bind(1, Int64(row.table))
        find.bind(2, row.key)
        var cells: [(group: UInt8, values: [Value])] = []
        while try find.step() {
            cells.append((UInt8(truncatingIfNeeded: find.int64(0)), try ValueList.decode(find.blob(1))))
        }
        return cells
    }
}

/// Puts kept cells where they belong, once the tables have their columns.
struct KeptCellsReturn {
    private let database: Database
    private let schema: SchemaDescription

    init(_ database: Database, _ schema: SchemaDescription) {
        self.database = database
        self.schema = schema
    }

    /// Of what does not fit, the hub is asked for the row.
    func run() throws {
        for table in schema.tables {
            let keys = try keys(of: table)
            guard !keys.isEmpty else { continue }
            let writer = try TableStatements(database, table)
            for key in keys { try put(key, table, writer) }
        }
    }

    private func keys(of table: TableDescription) throws -> [Identifier] {
        let rows = try EngineStatement(database, "SELECT DISTINCT key FROM ru_kept WHERE tbl = ? ORDER BY key")
        rows.bind(1, Int64(table.number))
        var keys: [Identifier] = []
        while try rows.step() {
            if let key = rows.identifier(0) { keys.append(key) }
        }
        return keys
    }

    private func put(_ key: Identifier, _ table: TableDescription, _ writer: TableStatements) throws {
        let row = RowKey(table: table.number, key: key)
        let cells = try KeptCells.cells(row, database).filter { table.allGroups & (1 << UInt64($0.group)) != 0 }
        let groups = cells.reduce(UInt64(0)) { $0 | 1 << UInt64($1.group) }
        guard groups != 0 else { return }
        let fits = cells.allSatisfy { $0.values.count == table.columnIndexes(of: 1 << UInt64($0.group)).count }
        if try !fits || !write(cells, groups, of: key, table, writer) {
            try database.execute(
                sql: "INSERT OR IGNORE INTO ru_want(tbl, key) VALUES(?, ?)",
                arguments: [Int64(table.number), key.sqlBlob])
        }
        for cell in cells {
            try database.execute(
                sql: "DELETE FROM ru_kept WHERE tbl = ? AND key = ? AND grp = ?",
                arguments: [Int64(table.number), key.sqlBlob, Int64(cell.group)])
        }
    }

    /// Returns false when the row is not there, or the table does not take the values.
    private func write(
        _ cells: [(group: UInt8, values: [Value])], _ groups: UInt64, of key: Identifier, _ table: TableDescription,
        _ writer: TableStatements
    ) throws -> Bool {
        var byGroup = Dictionary(cells.map { ($0.group, $0.values[...]) }, uniquingKeysWith: { first, _ in first })
        let values = table.columnIndexes(of: groups).map { index in
            byGroup[table.columns[index].group]?.popFirst() ?? .null
        }
        do {
            guard groups == table.allGroups else { return try writer.update(key, groups: groups, values: values) }
            try writer.put(key, values)
            return true
        } catch let fault as SQLiteFault where fault.isConstraint {
            return false
        }
    }
}
