import GRDB
import ReUniteReplica
import ReUniteSync

/// The operator's work-list: cells in which values stand beside each other until a person decides.
struct ConflictStore {
    private let transaction: HubTransaction

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// What closed a conflict.
    enum Closing: String {
        /// A person decided between the values.
        case decision
        /// An ordinary edit replaced all of them, or the values came to agree.
        case edit
        /// The row went.
        case deletion
    }

    func isOpen(_ row: HubRow, group: UInt8) throws -> Bool {
        try Int.fetchOne(
            transaction.database,
            sql: "SELECT 1 FROM hub_conflict WHERE tbl = ? AND key = ? AND grp = ? AND closed IS NULL",
            arguments: [Int64(row.table), row.key.sqlBlob, Int64(group)]) != nil
    }

    /// Opens a conflict, unless one is open on the cell.
    ///
    /// Where a decision stands among the values, the conflict that it decided opens again: it is the same question
    /// with one more answer. Otherwise it is a new one.
    ///
    /// - Parameters:
    ///   - base: the values that all of them started from, where the hub still knows.
    ///   - standing: the positions of the values, and of a decision that was taken back.
    func open(
        _ row: HubRow, group: UInt8, base: [Value]?, over standing: [Position], at position: Position, _ now: Int64
    ) throws {
        guard try !isOpen(row, group: group) else { return }
        transaction.moved.insert(try transaction.scopeID(row.scope))
        let database = transaction.database
        let cell: StatementArguments = [Int64(row.table), row.key.sqlBlob, Int64(group)]
        for decision in standing {
            try database.execute(
                sql: """
                    UPDATE hub_conflict SET closed = NULL, closed_ms = NULL, how = NULL
                    WHERE tbl = ? AND key = ? AND grp = ? AND closed = ? AND how = 'decision'
                    """, arguments: cell + [decision.rawValue])
            if database.changesCount > 0 { return }
        }
        let name = OpID(batch: Identifier(high: UInt64(bitPattern: position.rawValue), low: row.key.low), index: 0)
        try database.execute(
            sql: """
                INSERT INTO hub_conflict(id, tbl, key, grp, scope, opened, opened_ms, base)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                derivedID("conflict", name, group: group).sqlBlob, Int64(row.table), row.key.sqlBlob, Int64(group),
                row.scope, position.rawValue, now, base.map { ValueList.encode($0).sqlBlob },
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
    func close(_ row: HubRow, group: UInt8, how: Closing, at position: Position, _ now: Int64) throws {
        let update = try transaction.database.cachedStatement(
            sql: """
                UPDATE hub_conflict SET closed = ?, closed_ms = ?, how = ?
                WHERE tbl = ? AND key = ? AND grp = ? AND closed IS NULL
                """)
        try update.execute(
            arguments: [
                position.rawValue, now, how.rawValue, Int64(row.table), row.key.sqlBlob, Int64(group),
            ])
        if transaction.database.changesCount > 0 { transaction.moved.insert(try transaction.scopeID(row.scope)) }
    }
}
