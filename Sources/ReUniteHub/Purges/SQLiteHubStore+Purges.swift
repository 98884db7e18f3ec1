import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func record(
        purges receipts: [SignedPurgeReceipt], from device: Identifier, atMilliseconds now: Int64
    ) throws {
        guard !receipts.isEmpty else { return }
        try write("Recording a purge") { database in
            var records: [AuditRecord] = []
            for signed in receipts where try record(signed, from: device, atMilliseconds: now, database) {
                let receipt = signed.receipt
                let isErased = try Int.fetchOne(
                    database, sql: "SELECT 1 FROM hub_erased_scope WHERE id = ?",
                    arguments: [receipt.scope.sqlBlob])
                records.append(
                    AuditRecord(
                        .purged, atMilliseconds: now,
                        [
                            .id(.device, device), .number(.position, receipt.purged.rawValue),
                            .number(.count, Int64(clamping: receipt.rows)),
                            .number(.clean, receipt.isClean ? 1 : 0), .hash(.receipt, Hub.digest(of: signed.bytes)),
                        ] + (isErased == nil ? [.id(.scope, receipt.scope)] : [])))
            }
            try AuditLog(database).append(records)
        }
    }

    /// - Returns: whether it was new.
    private func record(
        _ signed: SignedPurgeReceipt, from device: Identifier, atMilliseconds now: Int64, _ database: Database
    ) throws -> Bool {
        let receipt = signed.receipt
        guard
            let scope = try Int64.fetchOne(
                database, sql: "SELECT no FROM hub_scope WHERE id = ?", arguments: [receipt.scope.sqlBlob]),
            try Int.fetchOne(
                database, sql: "SELECT 1 FROM hub_purge WHERE device = ? AND scope = ? AND receipt = ?",
                arguments: [device.sqlBlob, scope, signed.bytes.sqlBlob]) == nil
        else { return false }
        try database.execute(
            sql: """
                UPDATE hub_purge SET state = 1, done_ms = ?, gone = ?, clean = ?, receipt = ?
                WHERE device = ? AND scope = ? AND state = 0 AND closed <= ?
                """,
            arguments: [
                now, Int64(clamping: receipt.rows), receipt.isClean, signed.bytes.sqlBlob, device.sqlBlob, scope,
                receipt.purged.rawValue,
            ])
        guard database.changesCount == 0 else { return true }
        // Nobody had asked. Of a scope that it may hold, rows were deleted, which no list waits for.
        let holds = try Int.fetchOne(
            database,
            sql: """
                SELECT 1 FROM hub_grant g JOIN hub_device d ON d.sub = g.sub
                WHERE d.id = ? AND g.scope = ? AND g.closed IS NULL
                """, arguments: [device.sqlBlob, scope])
        if holds != nil { return false }
        // For example because the file had been put back from a copy: kept all the same.
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO hub_purge(device, scope, closed, mask, owed_ms, state, done_ms, gone, clean, receipt)
                VALUES(?, ?, ?, 0, ?, 1, ?, ?, ?, ?)
                """,
            arguments: [
                device.sqlBlob, scope, receipt.purged.rawValue, now, now, Int64(clamping: receipt.rows),
                receipt.isClean, signed.bytes.sqlBlob,
            ])
        return database.changesCount == 1
    }

    package func settlePurges(of device: Identifier, upTo cursor: Position, atMilliseconds now: Int64) throws {
        // Nearly always there is nothing to write.
        let owes = try read("Looking for purges") {
            try Int.fetchOne(
                $0,
                sql: "SELECT 1 FROM hub_purge WHERE device = ? AND scope <> 0 AND state = 0 AND closed <= ? LIMIT 1",
                arguments: [device.sqlBlob, cursor.rawValue]) != nil
        }
        guard owes else { return }
        try write("Recording a purge") {
            try $0.execute(
                sql: """
                    UPDATE hub_purge SET state = 3, done_ms = ?
                    WHERE device = ? AND scope <> 0 AND state = 0 AND closed <= ?
                    """, arguments: [now, device.sqlBlob, cursor.rawValue])
        }
    }

    package func purges(all: Bool) throws -> [Hub.Purge] {
        try read("Listing purges") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT p.*, s.id AS scope_id, d.name, d.last_seen_ms, d.state AS device_state, o.code
                    FROM hub_purge p LEFT JOIN hub_scope s ON s.no = p.scope JOIN hub_device d ON d.id = p.device
                    JOIN hub_partner o ON o.id = d.partner WHERE p.state = 0 OR ? ORDER BY p.closed, o.code, d.name
                    """, arguments: [all]
            ).map { row in
                Hub.Purge(
                    scope: row["scope"] as Int64 == 0 ? nil : row.identifier("scope_id").description,
                    device: row.identifier("device").description,
                    deviceName: row["name"], partner: row["code"],
                    isRevoked: row["device_state"] as Int64 == DeviceRecord.State.revoked.rawValue,
                    hiddenRows: row["hidden"],
                    closed: row["closed"], sinceMilliseconds: row["owed_ms"], lastSeenMilliseconds: row["last_seen_ms"],
                    state: (PurgeStore.State(rawValue: row["state"]) ?? .owed).word, doneMilliseconds: row["done_ms"],
                    rows: row["gone"], isClean: row["clean"], decidedBy: row["decided_by"], reason: row["reason"])
            }
        }
    }

    package func writeOff(
        device: Identifier, by person: String, reason: String, atMilliseconds now: Int64
    ) throws -> Int {
        try write("Writing off a device") { database in
            try database.execute(
                sql: "UPDATE hub_device SET written_off_ms = coalesce(written_off_ms, ?) WHERE id = ?",
                arguments: [now, device.sqlBlob])
            try database.execute(
                sql: """
                    UPDATE hub_purge SET state = 4, done_ms = ?, decided_by = ?, reason = ? WHERE device = ? AND state = 0
                    """, arguments: [now, person, reason, device.sqlBlob])
            let count = database.changesCount
            try AuditLog(database).append([
                AuditRecord(
                    .deviceWrittenOff, atMilliseconds: now,
                    [.id(.device, device), .number(.count, Int64(count)), .why(by: person, reason)])
            ])
            return count
        }
    }
}
