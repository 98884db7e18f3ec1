import GRDB
import ReUniteReplica
import ReUniteSync

/// Edits of one row by two authors who had not seen each other's, and which merged by themselves: no conflict, but
/// something that people may want to know.
struct ParallelStore {
    private let transaction: HubTransaction

    /// How long they are kept, in milliseconds: 90 days.
    static let age: Int64 = 90 * 86_400_000

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Notes an accepted op whose row others had changed since its base.
    ///
    /// - Parameter row: the row as it was before the op.
    func note(
        _ op: Op, author: CellSibling, at position: Position, over row: HubRow, of table: TableDescription,
        _ judge: BatchJudge
    ) throws {
        guard [.set, .transit, .increment].contains(op.kind) else { return }
        var others: [Position: UInt64] = [:]
        for group in table.groups {
            let at = row.clock.position(of: group.number)
            guard at > author.base else { continue }
            let bit = UInt64(1) << UInt64(group.number)
            // In the same cell the two are a conflict, unless its policy merged them by itself.
            if op.groups & bit != 0, try ConflictStore(transaction).isOpen(row, group: group.number) { continue }
            others[at, default: 0] |= bit
        }
        let now = judge.batch.judgedMilliseconds
        for (other, groups) in others.sorted(by: { $0.key < $1.key }) {
            guard let there = try transaction.cells.sibling(at: other, group: 0, values: []),
                there.dot.branch != author.dot.branch, !judge.lineage.precedes(there.dot, author.dot)
            else { continue }
            try transaction.database.execute(
                sql: """
                    INSERT OR IGNORE INTO hub_parallel(position, other, tbl, key, groups, other_groups, at_ms)
                    VALUES(?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    position.rawValue, other.rawValue, Int64(op.table), op.key.sqlBlob, Int64(bitPattern: op.groups),
                    Int64(bitPattern: groups), now,
                ])
        }
        guard !others.isEmpty else { return }
        try transaction.database.execute(
            sql: "DELETE FROM hub_parallel WHERE at_ms < ?", arguments: [now - ParallelStore.age])
    }
}
