import ReUniteSync
import Synchronization

/// Which rows each batch of the outbox writes, as far as somebody has asked: whoever looks through the history of one row
/// after the other reads the batches once.
///
/// A batch never gains an edit, so what was once read goes on being enough.
package final class HistoryIndex: Sendable {
    private let rows = Mutex<[[UInt8]: Set<RowKey>]>([:])

    package init() {}

    /// Whether a batch is known not to write a row.
    func excludes(_ batch: [UInt8], _ row: RowKey) -> Bool {
        rows.withLock { $0[batch].map { !$0.contains(row) } ?? false }
    }

    func knows(_ batch: [UInt8]) -> Bool { rows.withLock { $0[batch] != nil } }

    func note(_ batch: [UInt8], _ ops: [Op]) {
        let keys = Set(ops.map { RowKey(table: $0.table, key: $0.key) })
        rows.withLock { $0[batch] = keys }
    }
}
