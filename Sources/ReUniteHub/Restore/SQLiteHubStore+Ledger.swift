import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// The position of the backup that a ledger of batches may follow: one of the present life. Nil where there is none.
    package func ledgerBase() throws -> Position? {
        try read("Reading what is backed up") { database in
            guard let backup = try SQLiteHubStore.backup(database)?.position else { return nil }
            guard let life = try HubLife.current(database) else { return backup }
            return backup >= life.began ? backup : nil
        }
    }

    /// The batches that were taken after a position and not after another, as many as fit into one record.
    package func ledgerGroup(after from: Position, through to: Position, bytes limit: Int) throws -> LedgerGroup {
        try read("Reading what was taken") { database in
            // From the end: mostly there are a few.
            let before =
                try Int64.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT no FROM hub_batch WHERE first_position <= ? ORDER BY no DESC LIMIT 1"),
                    arguments: [from.rawValue]) ?? 0
            let rows = try Row.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT header, ops, signature, redacted, received_ms, issued_ms, receipt, first_position
                        FROM hub_batch WHERE no > ? AND first_position <= ? ORDER BY no
                        """), arguments: [before, to.rawValue])
            var group = LedgerGroup(from: from, to: to, batches: [])
            var size = 0
            while let row = try rows.next() {
                let first: Int64 = row["first_position"]
                if size > limit, let last = group.batches.last, last.receipt.firstPosition.rawValue < first {
                    group.to = Position(first - 1)
                    break
                }
                let batch = LedgerBatch(
                    batch: SignedBatch(
                        header: row.bytes("header"), ops: row.bytes("ops"), signature: row.bytes("signature")),
                    isRedacted: row["redacted"], receivedMilliseconds: row["received_ms"],
                    issuedMilliseconds: row["issued_ms"], receipt: try Receipt(decoding: row.bytes("receipt")))
                size += batch.byteCount
                group.batches.append(batch)
            }
            return group
        }
    }
}
