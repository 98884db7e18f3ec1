import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// Takes note of what a replica knows of a lost life: which of its batches had been judged and where, and what others
    /// had written.
    package func note(
        recalled report: Delivery, from device: Identifier, atMilliseconds now: Int64, fresh: () -> Identifier
    ) throws {
        try write("Noting what was lost") { database in
            guard let life = try HubLife.current(database) else { return }
            for receipt in report.receipts {
                try note(receipt, from: device, life, atMilliseconds: now, database)
            }
            let returned = ReturnedBatches(database)
            for row in report.rows { try note(row, from: device, life, atMilliseconds: now, fresh, returned, database) }
        }
    }

    private func note(
        _ receipt: Receipt, from device: Identifier, _ life: HubLife, atMilliseconds now: Int64, _ database: Database
    ) throws {
        guard receipt.firstPosition > life.restored, receipt.positions.upperBound <= life.began.rawValue + 1 else {
            return
        }
        try database.execute(
            sql: """
                INSERT INTO hub_recalled(batch, device, receipt, first, ops, shown_ms) VALUES(?, ?, ?, ?, ?, ?)
                ON CONFLICT(batch) DO NOTHING
                """,
            arguments: [
                receipt.batch.bytes.sqlBlob, device.sqlBlob, receipt.encoded().sqlBlob,
                receipt.firstPosition.rawValue, Int64(receipt.opCount), now,
            ])
        // It may have come before, on a stick.
        guard
            let batch = try Row.fetchOne(
                database,
                sql: "SELECT no, op_count FROM hub_batch WHERE id = ? AND device = ? AND first_position > ?",
                arguments: [receipt.batch.bytes.sqlBlob, device.sqlBlob, life.began.rawValue]),
            batch["op_count"] as Int64 == Int64(receipt.opCount)
        else { return }
        try database.execute(
            sql: "UPDATE hub_op SET earlier = ? + idx, returned = ? WHERE batch = ? AND earlier IS NULL",
            arguments: [receipt.firstPosition.rawValue, life.began.rawValue, batch["no"] as Int64])
        try strikeSalvage(receipt, database)
    }

    private func note(
        _ row: RowState, from device: Identifier, _ life: HubLife, atMilliseconds now: Int64,
        _ fresh: () -> Identifier, _ returned: ReturnedBatches, _ database: Database
    ) throws {
        guard let table = tables[row.table], row.groups & ~table.allGroups == 0,
            row.values.count == table.columnIndexes(of: row.groups).count,
            try Int.fetchOne(
                database, sql: "SELECT 1 FROM hub_erased_scope WHERE id = ?", arguments: [row.scope.sqlBlob]) == nil
        else { return }
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO hub_salvage(id, tbl, key, grp, position, scope, val, device, shown_ms)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(tbl, key, grp, position) DO NOTHING
                """)
        for group in table.groups where row.groups & (1 << UInt64(group.number)) != 0 {
            let position = row.clock.position(of: group.number)
            guard position > life.restored, position <= life.began else { continue }
            let values = row.values(of: group.number, table)
            if try hasComeBack(values, table, row.key, group: group.number, at: position, returned, database) {
                continue
            }
            try insert.execute(arguments: [
                fresh().sqlBlob, Int64(row.table), row.key.sqlBlob, Int64(group.number), position.rawValue,
                row.scope.sqlBlob, ValueList.encode(values).sqlBlob, device.sqlBlob, now,
            ])
        }
    }

    /// Whether a batch that is here again wrote a value at its lost position.
    private func hasComeBack(
        _ values: [Value], _ table: TableDescription, _ key: Identifier, group: UInt8, at position: Position,
        _ returned: ReturnedBatches, _ database: Database
    ) throws -> Bool {
        let claims = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT r.batch, r.first FROM hub_recalled r JOIN hub_batch b ON b.id = r.batch
                    WHERE ?1 >= r.first AND ?1 < r.first + r.ops
                    """), arguments: [position.rawValue])
        return try claims.contains { claim in
            let first: Int64 = claim["first"]
            guard let id = BatchID(bytes: claim.bytes("batch")) else { return false }
            return try returned.ops(of: id)?
                .wrote(values, table, key, group: group, at: position.rawValue - first) ?? false
        }
    }

    /// What a batch wrote that has come back is no salvage. Only what it did write: where it lay is its author's word.
    func strikeSalvage(_ receipt: Receipt, _ database: Database) throws {
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT id, tbl, key, grp, position, val FROM hub_salvage
                    WHERE state = \(SalvageState.waits) AND position >= ? AND position < ?
                    """), arguments: [receipt.positions.lowerBound, receipt.positions.upperBound])
        guard !rows.isEmpty, let returned = try ReturnedOps(receipt.batch, database) else { return }
        for row in rows {
            guard let table = tables[UInt16(truncatingIfNeeded: row["tbl"] as Int64)],
                returned.wrote(
                    try ValueList.decode(row.bytes("val")), table, row.identifier("key"),
                    group: UInt8(truncatingIfNeeded: row["grp"] as Int64),
                    at: (row["position"] as Int64) - receipt.firstPosition.rawValue)
            else { continue }
            try database.execute(
                sql: "UPDATE hub_salvage SET state = \(SalvageState.cameBack) WHERE id = ?",
                arguments: [row.identifier("id").sqlBlob])
        }
    }

    /// Judges once more what came back before what it followed, and waits in quarantine although the lost life had
    /// accepted it. As long as the hub opens nothing to anybody.
    package func reconsiderRecalled(atMilliseconds now: Int64) throws {
        let isWaiting = try read("Reading the quarantine") { database in
            guard let life = try HubLife.current(database), !life.isOpen else { return false }
            return try !SQLiteHubStore.recalledInQuarantine(database).isEmpty
        }
        guard isWaiting else { return }
        try write("Judging what came back") { database in
            let transaction = try HubTransaction(database, schema: schema, at: now)
            let look = SecondLook(store: self, transaction, at: now)
            var hasMoved = true
            // Each round accepts one at least.
            while hasMoved {
                hasMoved = false
                for entry in try SQLiteHubStore.recalledInQuarantine(database) where try look.reconsider(entry) {
                    hasMoved = true
                }
            }
            try transaction.savePosition()
        }
    }

    private static func recalledInQuarantine(_ database: Database) throws -> [SecondLook.Entry] {
        let reasons: [Reason] = [
            .notInScope, .late, .mask, .parentGone, .transition, .role, .rowDeleted, .hasChildren, .malformed, .crowded,
        ]
        return try Row.fetchAll(
            database,
            sql: """
                SELECT q.*, r.receipt FROM hub_quarantine q JOIN hub_batch b ON b.no = q.batch
                JOIN hub_recalled r ON r.batch = b.id
                WHERE q.state = 0 AND q.displaced = 0 AND q.reason IN (\(reasons.map { "\($0.rawValue)" }.joined(separator: ", ")))
                ORDER BY r.first, q.idx
                """
        ).filter { row in
            let index = UInt32(truncatingIfNeeded: row["idx"] as Int64)
            return try !Receipt(decoding: row.bytes("receipt")).exceptions.contains {
                $0.index == index && ($0.verdict == .quarantined || $0.verdict == .refused)
            }
        }.map(SecondLook.Entry.init)
    }
}

extension RowState {
    /// The values of one of its groups.
    fileprivate func values(of group: UInt8, _ table: TableDescription) -> [Value] {
        let mine = Set(table.columnIndexes(of: 1 << UInt64(group)))
        return zip(table.columnIndexes(of: groups), values).filter { mine.contains($0.0) }.map(\.1)
    }
}
