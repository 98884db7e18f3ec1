import GRDB
import ReUniteSync

/// The list of edits that fit into no batch: they wait for a person in `ru_returned`, as edits of no batch, and the
/// rows stay as they were typed.
struct OversizedEdits {
    private let database: Database
    /// Stands for the batch that such an edit is not in.
    private static let noBatch = BatchID.none.bytes

    /// Whether any waits; mostly none does.
    private let isAnyWaiting: Bool

    init(_ database: Database) throws {
        self.database = database
        let look = try EngineStatement(database, "SELECT 1 FROM ru_returned WHERE batch = ? AND state = 0 LIMIT 1")
        look.bind(1, OversizedEdits.noBatch)
        isAnyWaiting = try look.step()
    }

    /// Lists the edits, and takes off the list what was written again since.
    ///
    /// - Parameters:
    ///   - leftOut: those of the ops that fit into no batch.
    ///   - now: milliseconds since 1970.
    ///   - ops: what the journal holds of a row; nil when it does not name the row.
    func note(
        _ leftOut: [Op], atMilliseconds now: Int64, opsOf ops: (JournalFold.Row) throws -> [Op]?
    ) throws {
        guard !leftOut.isEmpty || isAnyWaiting else { return }
        let waiting = try Row.fetchAll(
            database, sql: "SELECT id, tbl, key, groups FROM ru_returned WHERE batch = ? AND state = 0",
            arguments: [OversizedEdits.noBatch.sqlBlob])
        for row in waiting {
            let number: Int64 = row["tbl"]
            let key = JournalFold.Row(table: UInt16(truncatingIfNeeded: number), key: row.identifier("key"))
            guard let again = try ops(key) else { continue }
            let listed = UInt64(bitPattern: row["groups"] as Int64)
            guard again.allSatisfy({ $0.kind == .delete }) || listed & ~again.reduce(0, { $0 | $1.groups }) == 0
            else { continue }
            try database.execute(
                sql: "UPDATE ru_returned SET state = 1 WHERE id = ?", arguments: [row["id"] as Int64])
        }
        if leftOut.isEmpty { return }
        let next = try Int64.fetchOne(
            database, sql: "SELECT coalesce(max(idx) + 1, 0) FROM ru_returned WHERE batch = ?",
            arguments: [OversizedEdits.noBatch.sqlBlob])
        for (index, op) in leftOut.enumerated() {
            try database.execute(
                sql: """
                    INSERT INTO ru_returned(batch, idx, tbl, key, reason, groups, at_ms) VALUES(?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    OversizedEdits.noBatch.sqlBlob, (next ?? 0) + Int64(index), Int64(op.table), op.key.sqlBlob,
                    Int64(Reason.malformed.rawValue), Int64(bitPattern: op.groups), now,
                ])
        }
    }
}

extension Op {
    func isSameRow(as other: Op) -> Bool { key == other.key && table == other.table }
}
