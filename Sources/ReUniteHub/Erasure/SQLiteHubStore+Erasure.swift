import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func request(_ order: ErasureOrder) throws {
        let what = "Asking for the erasure"
        try write(what) { database in
            let open = try Row.fetchOne(
                database,
                sql: """
                    SELECT id FROM hub_erasure
                    WHERE executed_ms IS NULL AND requested_ms > ? AND substr(scopes, 1, 16) = ?
                    """,
                arguments: [order.requestedMilliseconds - Hub.confirmationAge, order.scopes.first?.bytes.sqlBlob])
            if let open {
                throw Failure(
                    .cannotCreate, what: what,
                    why: "it was asked for already, as \(open.identifier("id")), and waits to be confirmed",
                    remedy:
                        "Have somebody else confirm it with 'hub erase --confirm'; all are listed ('hub erase list')")
            }
            try SQLiteHubStore.insert(order, database)
            // Which scopes, hub_erasure says: here they would have to go with the person.
            try AuditLog(database).append([
                AuditRecord(
                    .erasureRequested, atMilliseconds: order.requestedMilliseconds,
                    [
                        .id(.subject, order.id), .number(.count, Int64(order.scopes.count)), .word(.code, order.code),
                        .why(by: order.requestedBy, order.reason),
                    ])
            ])
        }
    }

    private static func insert(_ order: ErasureOrder, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO hub_erasure(id, scopes, touching, code, reason, requested_ms, requested_by)
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                order.id.sqlBlob, order.scopes.flatMap(\.bytes).sqlBlob, order.touching.flatMap(\.bytes).sqlBlob,
                order.code, order.reason, order.requestedMilliseconds, order.requestedBy,
            ])
    }

    package func executedErasures() throws -> Set<Identifier> {
        try read("Reading the erasures") { database in
            Set(
                try Row.fetchAll(database, sql: "SELECT id FROM hub_erasure WHERE executed_ms IS NOT NULL")
                    .map { $0.identifier("id") })
        }
    }

    /// The rows of scopes, and of a list, that are not erased yet: those that refer to others first.
    package func erasable(_ scopes: [Identifier], and listed: [RowKey]) throws -> [RowKey] {
        try read("Finding what to erase") { try erasable(scopes, and: listed, $0) }
    }

    private func erasable(
        _ scopes: [Identifier], and listed: [RowKey], _ database: Database
    ) throws -> [RowKey] {
        var rows = Set<RowKey>()
        for scope in scopes {
            for row in try Row.fetchAll(
                database,
                sql: """
                    SELECT r.tbl, r.key FROM hub_scope s JOIN hub_row r ON r.scope = s.no
                    WHERE s.id = ? AND r.life <> ?
                    """, arguments: [scope.sqlBlob, Int64(RowLife.erased.rawValue)])
            {
                rows.insert(
                    RowKey(table: UInt16(truncatingIfNeeded: row["tbl"] as Int64), key: row.identifier("key")))
            }
        }
        let store = try HubRowStore(database)
        for row in listed {
            if let held = try store.row(row.table, row.key), held.life != .erased { rows.insert(row) }
        }
        let depths = tables.depths
        return rows.filter { tables[$0.table] != nil }.sorted {
            (-(depths[$0.table] ?? 0), $0) < (-(depths[$1.table] ?? 0), $1)
        }
    }

    /// Erases rows by batches of the hub's own, and everything else that the hub keeps of them, in one transaction.
    ///
    /// - Parameters:
    ///   - rows: what the batches erase; if the scopes hold other rows by now, nothing is done.
    ///   - record: the last step before the commit.
    /// - Returns: false when somebody wrote meanwhile, so that it must be prepared anew.
    package func erase(
        _ rows: [RowKey], _ batches: [SignedBatch], as hub: Identifier, _ order: ErasureOrder, isRepeated: Bool,
        atMilliseconds now: Int64, recording record: () throws -> Void
    ) throws -> Bool {
        let what = "Erasing the person"
        return try write(what) { database in
            if try SQLiteHubStore.isExecuted(order.id, database) { return true }
            guard try erasable(order.scopes, and: rows, database) == rows,
                try SQLiteHubStore.isNext(batches.first, of: hub, database)
            else { return false }
            if !isRepeated { try checkHolds(order.scopes, what, database) }
            for batch in batches {
                guard case .judged(let receipt) = try takeAll(batch, from: .hub(hub), proofs: [], at: now, database)
                else { return false }
                guard receipt.exceptions.isEmpty else {
                    throw Failure(
                        .badData, what: what, why: "records of others still belong to hers",
                        remedy: "Have those records moved or deleted first")
                }
            }
            let transaction = try HubTransaction(database, schema: schema, at: now)
            let position = transaction.takePosition()
            let grants = try GrantStore(transaction, feed: try FeedStore(transaction))
            for scope in order.scopes + order.touching { try grants.evaluate(scope, at: position) }
            // What is about to be closed for ever is recorded first, so that the sweep takes what it says, too.
            try transaction.saveAudit()
            let touched = try ErasureSweep(transaction, order, at: position).run()
            try SQLiteHubStore.insert(order, database)
            try database.execute(
                sql: """
                    UPDATE hub_erasure SET scopes = ?, touching = ?, executed_ms = ?, confirmed_by = ?, position = ?,
                      rows = ?, batches = ? WHERE id = ?
                    """,
                arguments: [
                    order.scopes.flatMap(\.bytes).sqlBlob, order.touching.flatMap(\.bytes).sqlBlob, now,
                    order.confirmedBy, position.rawValue, rows.count, touched, order.id.sqlBlob,
                ])
            transaction.audit.note(
                AuditRecord(
                    .erasureDone, atMilliseconds: now,
                    [
                        .id(.subject, order.id), .number(.position, position.rawValue),
                        .number(.count, Int64(rows.count)), .word(.code, order.code), .why(by: order.confirmedBy, ""),
                    ]))
            try transaction.savePosition()
            try record()
            return true
        }
    }

    private static func isExecuted(_ id: Identifier, _ database: Database) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT 1 FROM hub_erasure WHERE id = ? AND executed_ms IS NOT NULL",
            arguments: [id.sqlBlob]) != nil
    }

    /// Whether a batch continues the hub's chain as it is now.
    private static func isNext(_ batch: SignedBatch?, of hub: Identifier, _ database: Database) throws -> Bool {
        guard let batch else { return true }
        return try batch.verifiedHeader().parent == SQLiteHubStore.head(of: hub, database).batch
    }

    private func checkHolds(_ scopes: [Identifier], _ what: String, _ database: Database) throws {
        guard try scopes.allSatisfy({ try legalHolds(on: $0, database).isEmpty }) else {
            throw Failure(
                .notPermitted, what: what, why: "a legal hold forbids it",
                remedy: "Look at the hold with 'hub legal-hold list'; it can be lifted when its reason has gone")
        }
    }

    /// Clears what deleted content may have left in free pages and in the write-ahead log. Where another program is
    /// using the file it is owed, and `Erasure.isScrubbed` says so.
    package func scrub(after erasure: Identifier) throws {
        do {
            try database.writeWithoutTransaction { database in
                try EngineDatabase.vacuum(database, folder: folder)
                try database.execute(
                    sql: "UPDATE hub_erasure SET scrubbed = 1 WHERE id = ?", arguments: [erasure.sqlBlob])
                let busy = try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                guard busy != 0 else { return }
                try database.execute(
                    sql: "UPDATE hub_erasure SET scrubbed = 0 WHERE id = ?", arguments: [erasure.sqlBlob])
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return
        } catch {
            throw Failure(sqlite: error, what: "Clearing free pages", file: "hub.sqlite")
        }
    }
}

extension SchemaDescription {
    /// How many tables a table's rows lead to by their references, in the longest line.
    fileprivate var depths: [UInt16: Int] {
        var depths: [UInt16: Int] = [:]
        func depth(_ table: TableDescription, _ path: Set<UInt16>) -> Int {
            if let known = depths[table.number] { return known }
            let parents = table.references.map(\.table).filter { !path.contains($0) }.compactMap { self[$0] }
            let found = (parents.map { depth($0, path.union([table.number])) }.max() ?? -1) + 1
            depths[table.number] = found
            return found
        }
        for table in tables { _ = depth(table, []) }
        return depths
    }
}
