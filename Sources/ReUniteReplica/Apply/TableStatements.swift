package import GRDB
package import ReUniteSync

/// The statements that write one table's rows, prepared once for each transaction.
package final class TableStatements {
    package let table: TableDescription
    /// Those of the table.
    package let allGroups: UInt64
    private let database: Database
    private var whole: EngineStatement?
    private var removal: EngineStatement?
    private var partial: [UInt64: EngineStatement] = [:]
    private var incomplete: [UInt64: EngineStatement] = [:]
    private var places: [UInt64: [Int]] = [:]
    private let binder = RowBinder()
    /// Rows that wait to be put in place together: to bind and run a statement for each takes as long as writing it.
    private let waiting: RowBatch?
    private var together: EngineStatement?
    /// To prepare the statement that puts rows in place together takes as long as to put some in place.
    private static let rowsWorthIt = 8
    /// How many rows are about to be put in place.
    var expected = 0

    package convenience init(_ database: Database, _ table: TableDescription) throws {
        self.init(database, table, waiting: nil)
    }

    /// - Parameter waiting: where rows wait that are put in place together; of one table at a time.
    init(_ database: Database, _ table: TableDescription, waiting: RowBatch?) {
        self.table = table
        allGroups = table.allGroups
        self.database = database
        self.waiting = waiting
    }

    /// Room for what waits in one transaction: some 2,000 short rows, or 1 MB. So long as a statement runs SQLite keeps a copy
    /// in memory of each page that it has changed: larger statements copy fewer pages twice, and need more memory.
    static func waitingRows() -> RowBatch { RowBatch(columns: 1, cells: 16_384, bytes: 1 << 20) }

    /// A statement is prepared when it is first needed: a small delivery spends more on preparing than on running.
    private func upsert() throws -> EngineStatement {
        if let whole { return whole }
        let statement = try upsert(table.columns)
        whole = statement
        return statement
    }

    private func upsert(_ columns: [ColumnDescription], from rows: String? = nil) throws -> EngineStatement {
        let name = quoted(table.name)
        let fields = columns.map { quoted($0.name) }
        let row = "VALUES(" + Array(repeating: "?", count: fields.count + 1).joined(separator: ", ") + ")"
        let updates = fields.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return try EngineStatement(
            database,
            """
            INSERT INTO \(name)(\((["id"] + fields).joined(separator: ", "))) \(rows ?? row)
            ON CONFLICT(id) DO \(updates.isEmpty ? "NOTHING" : "UPDATE SET \(updates)")
            """)
    }

    /// Puts a whole row in place, whether or not there was one.
    package func put(_ key: Identifier, _ values: [Value]) throws {
        try upsert().run(binder, key: key, values: values, keyFirst: true)
    }

    /// Puts a whole row in place by the next ``flush()`` or before. Until then nothing may read the table.
    func putLater(_ key: Identifier, _ values: [Value]) throws {
        guard let waiting, expected >= TableStatements.rowsWorthIt, values.count == table.columns.count,
            values.count < RowBatch.columnLimit
        else { return try put(key, values) }
        if waiting.count == 0 { waiting.removeAll(columns: values.count + 1) }
        if waiting.add(key, values) { return }
        try flush()
        _ = waiting.add(key, values)
    }

    /// Puts the rows in place that wait.
    func flush() throws {
        guard let waiting, waiting.count > 0 else { return }
        let columns = (0...table.columns.count).map { "c\($0)" }.joined(separator: ", ")
        // Without a condition SQLite takes ON CONFLICT for one of a join.
        let rows = RowBatch.table(ofColumns: table.columns.count + 1)
        let statement = try together ?? upsert(table.columns, from: "SELECT \(columns) FROM \(rows)(?) WHERE true")
        together = statement
        try statement.run(waiting)
        waiting.removeAll()
    }

    /// The same for a row of which its sender has only the masked groups: a new row gets the defaults of the others.
    package func put(_ key: Identifier, groups: UInt64, values: [Value]) throws {
        let statement = try incomplete[groups] ?? upsert(columnIndexes(of: groups).map { table.columns[$0] })
        incomplete[groups] = statement
        try statement.run(binder, key: key, values: values, keyFirst: true)
    }

    /// Changes the columns of the masked groups. Returns false when there is no such row.
    package func update(_ key: Identifier, groups: UInt64, values: [Value]) throws -> Bool {
        let statement = try updater(of: groups)
        try statement.run(binder, key: key, values: values, keyFirst: false)
        return statement.changes > 0
    }

    /// Returns false when there is no such row.
    @discardableResult
    package func delete(_ key: Identifier) throws -> Bool {
        let statement =
            try removal ?? EngineStatement(database, "DELETE FROM \(quoted(table.name)) WHERE id = ?")
        removal = statement
        statement.bind(1, key)
        try statement.run()
        return statement.changes > 0
    }

    /// The places of the masked groups' columns, worked out once for each mask.
    package func columnIndexes(of groups: UInt64) -> [Int] {
        if let known = places[groups] { return known }
        let found = table.columnIndexes(of: groups)
        places[groups] = found
        return found
    }

    /// How many columns the masked groups have.
    package func columnCount(of groups: UInt64) -> Int {
        groups == allGroups ? table.columns.count : columnIndexes(of: groups).count
    }

    private func updater(of groups: UInt64) throws -> EngineStatement {
        if let statement = partial[groups] { return statement }
        let fields = table.columnIndexes(of: groups).map { "\(quoted(table.columns[$0].name)) = ?" }
        let statement = try EngineStatement(
            database, "UPDATE \(quoted(table.name)) SET \(fields.joined(separator: ", ")) WHERE id = ?")
        partial[groups] = statement
        return statement
    }
}
