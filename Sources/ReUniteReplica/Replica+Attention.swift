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
    /// Of more rows than this, only those that are asked for are looked at one by one.
    package static let manyUnsent = 2_000

    /// The rows with unjudged edits or open conflicts, in no order. Rows that were deleted are not among them.
    package func attention(in database: Database) throws -> [RowAttention] {
        try attention(unsent: try journaled(database).union(try pending(database)), in: database)
    }

    /// The same, where so many edits wait that only the rows of some scopes are worth looking at: after an import, say,
    /// or weeks without a line. Of other scopes it may say something, and need not.
    ///
    /// - Parameter scopes: the scopes that are about to be shown.
    package func attention(of scopes: [Identifier], in database: Database) throws -> [RowAttention] {
        guard try waitsForMany(in: database) else { return try attention(in: database) }
        var unsent = try journaled(database)
        var last: Int64 = -1
        // The tables with anything that waits, one step of the index for each.
        while let number = try Int64.fetchOne(
            database, sql: "SELECT min(tbl) FROM ru_pending WHERE tbl > ?", arguments: [last])
        {
            last = number
            guard let table = schema[UInt16(truncatingIfNeeded: number)], let scope = table.scopeColumn else {
                continue
            }
            let rows = try EngineStatement(
                database,
                """
                SELECT id FROM \(quoted(table.name)) AS t WHERE \(quoted(scope)) = ?1
                  AND EXISTS (SELECT 1 FROM ru_pending p WHERE p.tbl = ?2 AND p.key = t.id)
                """)
            for id in scopes {
                rows.bind(1, id)
                rows.bind(2, number)
                while try rows.step() {
                    if let key = rows.identifier(0) { unsent.insert(RowKey(table: table.number, key: key)) }
                }
                rows.reset()
            }
        }
        return try attention(unsent: unsent, in: database)
    }

    /// Whether more than ``manyUnsent`` edits wait for the hub's word.
    package func waitsForMany(in database: Database) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM (SELECT 1 FROM ru_pending LIMIT ?)",
            arguments: [Replica.manyUnsent + 1]) ?? 0 > Replica.manyUnsent
    }

    /// Whether the journal is so long that reading it through for every page is worth a seal, after which what waits is
    /// found by an index.
    package func hasLongJournal(in database: Database) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM (SELECT 1 FROM ru_journal LIMIT ?)",
            arguments: [Replica.manyUnsent + 1]) ?? 0 > Replica.manyUnsent
    }

    private func journaled(_ database: Database) throws -> Set<RowKey> {
        try keys("SELECT tbl, key FROM ru_journal WHERE mask <> 0", database)
    }

    private func pending(_ database: Database) throws -> Set<RowKey> {
        try keys("SELECT tbl, key FROM ru_pending", database)
    }

    private func keys(_ sql: String, _ database: Database) throws -> Set<RowKey> {
        var found = Set<RowKey>()
        let rows = try EngineStatement(database, sql)
        while try rows.step() {
            guard let key = rows.identifier(1) else { continue }
            found.insert(RowKey(table: UInt16(truncatingIfNeeded: rows.int64(0)), key: key))
        }
        return found
    }

    private func attention(unsent: Set<RowKey>, in database: Database) throws -> [RowAttention] {
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
