package import GRDB
package import ReUniteSync

/// A row that its reader should know something about: its edits are still here only, or somebody must decide.
package struct RowAttention: Hashable, Sendable {
    /// The table's name.
    package let table: String
    package let key: Identifier
    /// The scope that the row shows.
    package let scope: Identifier
    /// Whether an edit of it waits for the hub.
    package let isUnsent: Bool
    /// The columns with an open conflict, in the table's order.
    package let conflicts: [String]
}

extension Replica {
    /// The rows with unjudged edits or open conflicts, in no order. Rows that were deleted are not among them.
    package func attention(in database: Database) throws -> [RowAttention] {
        var unsent = Set<RowKey>()
        for sql in ["SELECT tbl, key FROM ru_journal WHERE mask <> 0", "SELECT tbl, key FROM ru_pending"] {
            let rows = try EngineStatement(database, sql)
            while try rows.step() {
                guard let key = rows.identifier(1) else { continue }
                unsent.insert(RowKey(table: UInt16(truncatingIfNeeded: rows.int64(0)), key: key))
            }
        }
        var open: [RowKey: UInt64] = [:]
        let rows = try EngineStatement(database, "SELECT tbl, key, groups FROM ru_open")
        while try rows.step() {
            guard let key = rows.identifier(1) else { continue }
            open[RowKey(table: UInt16(truncatingIfNeeded: rows.int64(0)), key: key)] =
                UInt64(bitPattern: rows.int64(2))
        }
        var found: [RowAttention] = []
        for (number, names) in Dictionary(grouping: unsent.union(open.keys), by: \.table) {
            guard let table = schema[number], let scope = table.scopeColumn else { continue }
            let find = try EngineStatement(
                database, "SELECT \(quoted(scope)) FROM \(quoted(table.name)) WHERE id = ?")
            for name in names {
                find.bind(1, name.key)
                let isThere = try find.step()
                let value = isThere ? find.identifier(0) : nil
                find.reset()
                guard let value else { continue }
                let groups = table.disputed(open[name] ?? 0)
                let isUnsent = unsent.contains(name)
                guard isUnsent || groups != 0 else { continue }
                found.append(
                    RowAttention(
                        table: table.name, key: name.key, scope: value, isUnsent: isUnsent,
                        conflicts: table.columnNames(of: groups)))
            }
        }
        return found
    }
}
