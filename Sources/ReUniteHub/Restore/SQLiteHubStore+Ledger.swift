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

    /// Notes that devices rely on a ledger of batches since a backup: every copy of the database says so from now on.
    package func note(ledgeredSince base: Position) throws {
        try write("Recording the ledger") { database in
            try database.execute(
                sql: """
                    INSERT INTO hub_meta(name, value) VALUES('ledgered', ?)
                    ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)
                    """, arguments: [base.rawValue])
        }
    }

    /// Notes that there is a ledger beside the hub: every copy of the database says so from now on.
    package func noteLedgerIsKept() throws {
        try write("Recording the ledger") { database in
            try database.execute(sql: "INSERT OR IGNORE INTO hub_meta(name, value) VALUES('ledger_kept', 1)")
        }
    }

    /// Whether there was a ledger beside the hub when this copy of its database was made.
    func isLedgerKept() throws -> Bool {
        try read("Reading what devices rely on") {
            try Bool.fetchOne($0, sql: "SELECT EXISTS(SELECT 1 FROM hub_meta WHERE name = 'ledger_kept')") ?? false
        }
    }

    /// Notes that a restore went on without what it could not read of a ledger that reaches so far.
    func note(ledgerLeftOutTo reach: Position) throws {
        try write("Recording the ledger") { database in
            try database.execute(
                sql: """
                    INSERT INTO hub_meta(name, value) VALUES('ledger_left_out', ?)
                    ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)
                    """, arguments: [reach.rawValue])
        }
    }

    /// Whether a ledger that reaches so far holds what a life took that is over, and whoever restored the hub after it
    /// did not know of it. Positions are never used twice, so the number alone says in which life it was.
    package func wasRestoredWithout(ledgerTo reach: Position) throws -> Bool {
        try read("Reading what was restored") { database in
            let leftOut = try Int64.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = 'ledger_left_out'")
            if let leftOut, leftOut >= reach.rawValue { return false }
            return try Bool.fetchOne(
                database, sql: "SELECT EXISTS(SELECT 1 FROM hub_epoch WHERE restored < ? AND began > ?)",
                arguments: [reach.rawValue, reach.rawValue]) ?? false
        }
    }

    /// Whether the hub was ever restored.
    package func wasRestored() throws -> Bool {
        try read("Reading what was restored") { try HubLife.current($0) != nil }
    }

    /// Whether devices rely on a ledger of batches beyond what this copy of the database holds: as the ledger of closings
    /// says it, or the copy itself.
    ///
    /// A copy that nobody counts on may be later than the newest backup that counts. The ledger follows that one.
    func isLedgerPromised(_ closings: [ClosingLedger.Entry]) throws -> Bool {
        try read("Reading what devices rely on") { database in
            let here = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            let noted = try Int64.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = 'ledgered'")
            let newest = max(
                try SQLiteHubStore.backup(database)?.position.rawValue ?? 0,
                closings.filter { $0.kind == .backedUp }.map(\.position).max() ?? 0)
            if let noted, noted >= newest { return true }
            // One of a life that is over says nothing of this one.
            let began = try HubLife.current(database)?.began.rawValue ?? .min
            return closings.contains {
                $0.kind == .ledgered && ($0.position >= here || $0.position >= newest && newest >= began)
            }
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
