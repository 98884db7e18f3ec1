import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    private static let fact = "settled_schema"
    /// Grants are looked at again so many scopes at a time, so that nobody waits long for the lock.
    private static let scopesAtOnce = 200

    /// Whether everything that follows from the schema's present version has been done.
    package func isSettled() throws -> Bool {
        try read("Opening the hub") { database in
            try Int.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = ?", arguments: [Self.fact])
                == tables.version
        }
    }

    package func noteSettled() throws {
        try write("Upgrading the hub") { database in
            try database.execute(
                sql: """
                    INSERT INTO hub_meta(name, value) VALUES(?, ?)
                    ON CONFLICT(name) DO UPDATE SET value = excluded.value
                    """, arguments: [Self.fact, tables.version])
        }
    }

    package func unknown(_ rows: [RowKey]) throws -> Set<RowKey> {
        try read("Upgrading the hub") { database in
            let find = try HubRowStore(database)
            return Set(try rows.filter { try find.row($0.table, $0.key) == nil })
        }
    }

    package func reconsiderGrants(atMilliseconds now: Int64) throws {
        let all = try read("Upgrading the hub") { database in
            try Row.fetchAll(database, sql: "SELECT id FROM hub_scope ORDER BY no").map { $0.identifier("id") }
        }.filter { $0 != .zero }
        for start in stride(from: 0, to: all.count, by: Self.scopesAtOnce) {
            try write("Upgrading the hub") { database in
                let transaction = try HubTransaction(database, schema: schema, at: now)
                let grants = try GrantStore(transaction, feed: try FeedStore(transaction))
                let before = try SQLiteHubStore.grantsEverMade(database)
                let position = transaction.position.next
                for scope in all[start..<min(start + Self.scopesAtOnce, all.count)] {
                    try grants.evaluate(scope, at: position)
                }
                // A position is taken only where something came of it.
                if try SQLiteHubStore.grantsEverMade(database) != before { _ = transaction.takePosition() }
                try transaction.savePosition()
            }
        }
    }

    package func takeNewerBatches(atMilliseconds now: Int64) throws -> Int {
        let waiting = try read("Upgrading the hub") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id FROM hub_hold WHERE schema_version <= ? ORDER BY received_ms, id",
                arguments: [tables.version]
            ).map { $0.bytes("id") }
        }
        var taken = 0
        for id in waiting {
            try write("Upgrading the hub") { database in
                // It may have been taken along with the one before it.
                guard
                    let row = try Row.fetchOne(
                        database, sql: "SELECT * FROM hub_hold WHERE id = ?", arguments: [id.sqlBlob]),
                    let device = try device(database, id: row.identifier("device"))
                else { return }
                let batch = SignedBatch(
                    header: row.bytes("header"), ops: row.bytes("ops"), signature: row.bytes("signature"))
                try database.execute(sql: "DELETE FROM hub_hold WHERE id = ?", arguments: [id.sqlBlob])
                let proof = try? SignedCheckpoint(decoding: row.bytes("proof"))
                let outcome = try takeAll(
                    batch, from: .device(device), proofs: proof.map { [$0] } ?? [], isRedacted: row["redacted"],
                    at: now, database)
                if case .judged = outcome { taken += 1 }
            }
        }
        return taken
    }
}
