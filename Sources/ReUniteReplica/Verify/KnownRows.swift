import GRDB
import ReUniteSync

/// The rows that the hub has decided on, each with what the tables show of it.
struct KnownRows {
    struct Row {
        let name: RowKey
        /// `ru_scope.no`.
        let scope: Int64
        let clock: RowClock
        /// Nil when the table has no such row.
        let values: [Value]?
        /// The table; nil where this program does not know it, and what came of the row is only kept.
        let table: TableDescription?
    }

    private let database: Database
    private let schema: SchemaDescription

    init(_ database: Database, _ schema: SchemaDescription) {
        self.database = database
        self.schema = schema
    }

    /// Every row, table by table. Values are read where the condition on the scope's number holds.
    func each(reading isRead: (_ scope: Int64, Identifier) -> Bool = { _, _ in true }, _ body: (Row) throws -> Void)
        throws
    {
        var readers: [UInt16: RowReader] = [:]
        for table in schema.tables { readers[table.number] = try RowReader(database, table) }
        let clocks = try EngineStatement(database, "SELECT key, clock FROM ru_clock ORDER BY key")
        while try clocks.step() {
            guard let name = ClockForm.row(clocks.bytes(0)) else { continue }
            let (scope, clock) = try ClockForm.read(clocks.bytes(1))
            guard isRead(scope, name.key) else { continue }
            try body(
                Row(
                    name: RowKey(table: name.table, key: name.key), scope: scope, clock: clock,
                    values: try readers[name.table]?.read(name.key), table: schema[name.table]))
        }
    }

    /// The digest that the clocks come to.
    func digest() throws -> VersionDigest {
        var digest = VersionDigest()
        let clocks = try EngineStatement(database, "SELECT key, clock FROM ru_clock")
        while try clocks.step() {
            guard let name = ClockForm.row(clocks.bytes(0)) else { continue }
            digest.add(try ClockForm.read(clocks.bytes(1)).clock.leaf(table: name.table, key: name.key))
        }
        return digest
    }

    /// Answers whether a row has edits that the hub has not judged: what it shows is not what the hub has.
    func pending() throws -> (RowKey) throws -> Bool {
        let find = try EngineStatement(database, "SELECT 1 FROM ru_pending WHERE tbl = ? AND key = ? LIMIT 1")
        return { row in
            find.bind(1, Int64(row.table))
            find.bind(2, row.key)
            defer { find.reset() }
            return try find.step()
        }
    }
}
