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
    /// Rows that wait to be put in place together: for one row, starting a statement takes as long as writing it.
    private var waiting: [(key: Identifier, values: [Value])] = []
    private var several: EngineStatement?
    private var waitingBytes = 0
    private static let rowsAtOnce = 16
    /// To prepare a statement for so many rows takes as long as to put some dozens in place.
    private static let rowsWorthIt = 256
    /// How many rows are about to be put in place.
    var expected = 0
    /// Long rows are not kept waiting: they would all be in memory twice.
    private static let bytesAtOnce = 64 << 10

    package init(_ database: Database, _ table: TableDescription) throws {
        self.table = table
        allGroups = table.allGroups
        self.database = database
    }

    /// A statement is prepared when it is first needed: a small delivery spends more on preparing than on running.
    private func upsert() throws -> EngineStatement {
        if let whole { return whole }
        let statement = try upsert(table.columns)
        whole = statement
        return statement
    }

    private func upsert(_ columns: [ColumnDescription], rows: Int = 1) throws -> EngineStatement {
        let name = quoted(table.name)
        let fields = columns.map { quoted($0.name) }
        let row = "(" + Array(repeating: "?", count: fields.count + 1).joined(separator: ", ") + ")"
        let places = Array(repeating: row, count: rows).joined(separator: ", ")
        let updates = fields.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return try EngineStatement(
            database,
            """
            INSERT INTO \(name)(\((["id"] + fields).joined(separator: ", "))) VALUES\(places)
            ON CONFLICT(id) DO \(updates.isEmpty ? "NOTHING" : "UPDATE SET \(updates)")
            """)
    }

    /// Puts a whole row in place, whether or not there was one.
    package func put(_ key: Identifier, _ values: [Value]) throws {
        try upsert().run(binder, key: key, values: values, keyFirst: true)
    }

    /// Puts a whole row in place by the next ``flush()`` or before. Until then nothing may read the table.
    func putLater(_ key: Identifier, _ values: [Value]) throws {
        waiting.append((key, values))
        for index in values.indices { waitingBytes += RowBinder.size(of: values[index]) }
        if waiting.count == TableStatements.rowsAtOnce || waitingBytes > TableStatements.bytesAtOnce { try flush() }
    }

    /// Puts the rows in place that wait.
    func flush() throws {
        if waiting.count == TableStatements.rowsAtOnce && expected >= TableStatements.rowsWorthIt {
            let statement = try several ?? upsert(table.columns, rows: TableStatements.rowsAtOnce)
            several = statement
            try statement.run(binder, rows: waiting)
        } else {
            for row in waiting { try put(row.key, row.values) }
        }
        waiting.removeAll(keepingCapacity: true)
        waitingBytes = 0
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
