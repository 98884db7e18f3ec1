import GRDB
import ReUniteReplica
import ReUniteSync

/// New rows that were made under an older version of the schema: they lack the columns that have come since.
struct OlderRows {
    private let transaction: HubTransaction
    /// The version under which their author wrote them.
    private let version: Int

    init(_ transaction: HubTransaction, version: UInt32) {
        self.transaction = transaction
        self.version = Int(version)
    }

    /// Whether a new row has every group that its table had when its author wrote it.
    func isWhole(_ op: Op, of table: TableDescription) throws -> Bool {
        if op.groups == table.allGroups { return true }
        guard version < transaction.schema.tables.version else { return false }
        return try transaction.schema.history.tables(at: version)?[table.number]?.allGroups == op.groups
    }

    /// Gives a new row the columns that its author did not know: their defaults, as any program leaves them that does not
    /// name them; of a row that is there, what it has.
    func complete(_ op: inout Op, of table: TableDescription, from row: HubRow?) throws {
        guard op.groups != table.allGroups else { return }
        let standing = row?.isAlive == true ? try transaction.values(of: table, op.key) : nil
        var written = op.values[...]
        op.values = try table.columns.indices.map { index in
            let column = table.columns[index]
            if op.groups & (1 << UInt64(column.group)) != 0 { return written.popFirst() ?? .null }
            if let standing, standing.indices.contains(index) { return standing[index] }
            return try OlderRows.fallback(of: column.name, in: table, transaction.database)
        }
        op.groups = table.allGroups
    }

    /// What a row of before has in a group that was added to its table later; nil for a group that was always there.
    static func values(
        of group: UInt8, in table: TableDescription, _ schema: HubSchema, _ database: Database
    ) throws -> [Value]? {
        guard try schema.history.cameLater(group, of: table.number) else { return nil }
        return try table.columnNames(of: 1 << UInt64(group)).map { try fallback(of: $0, in: table, database) }
    }

    private static func fallback(
        of column: String, in table: TableDescription, _ database: Database
    ) throws -> Value {
        let text = try String.fetchOne(
            database.cachedStatement(sql: "SELECT dflt_value FROM pragma_table_xinfo(?) WHERE name = ?"),
            arguments: [table.name, column])
        guard let text else { return .null }
        let statement = try EngineStatement(database, "SELECT \(text)")
        return try statement.step() ? statement.value(0) : .null
    }
}
