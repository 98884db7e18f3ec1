import GRDB
import ReUniteReplica
import ReUniteSync

/// The operator's work-list: cells in which values stand beside each other until a person decides.
struct ConflictStore {
    private let transaction: HubTransaction

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Opens a conflict, unless one is open on the cell.
    ///
    /// - Parameter base: the values that all of them started from, where the hub still knows.
    func open(_ row: HubRow, group: UInt8, base: [Value]?, at position: Position, _ now: Int64) throws {
        let name = OpID(batch: Identifier(high: UInt64(bitPattern: position.rawValue), low: row.key.low), index: 0)
        try transaction.database.execute(
            sql: """
                INSERT INTO hub_conflict(id, tbl, key, grp, scope, opened, opened_ms, base)
                SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS(
                  SELECT 1 FROM hub_conflict WHERE tbl = ? AND key = ? AND grp = ? AND closed IS NULL)
                """,
            arguments: [
                derivedID("conflict", name, group: group).sqlBlob, Int64(row.table), row.key.sqlBlob, Int64(group),
                row.scope, position.rawValue, now, base.map { ValueList.encode($0).sqlBlob }, Int64(row.table),
                row.key.sqlBlob, Int64(group),
            ])
    }

    /// Closes the conflicts of a row that is erased, and forgets the values that they began with.
    func erase(_ row: HubRow, at position: Position, _ now: Int64) throws {
        try transaction.database.execute(
            sql: """
                UPDATE hub_conflict SET closed = coalesce(closed, ?), closed_ms = coalesce(closed_ms, ?), base = NULL
                WHERE tbl = ? AND key = ?
                """,
            arguments: [position.rawValue, now, Int64(row.table), row.key.sqlBlob])
    }

    /// Closes the conflict of a cell, if one is open.
    func close(_ row: HubRow, group: UInt8, at position: Position, _ now: Int64) throws {
        try transaction.database.execute(
            sql: """
                UPDATE hub_conflict SET closed = ?, closed_ms = ?
                WHERE tbl = ? AND key = ? AND grp = ? AND closed IS NULL
                """,
            arguments: [position.rawValue, now, Int64(row.table), row.key.sqlBlob, Int64(group)])
    }
}
