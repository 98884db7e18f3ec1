import GRDB
import ReUniteSync

/// Which cells of which rows wait for the hub's verdict, and keep showing what was typed here.
final class PendingEdits {
    struct State {
        /// The groups that keep showing what was typed here.
        var groups: UInt64 = 0
        /// What this device adds to each counter, by group: shown on top of what the hub has.
        var deltas: [UInt8: Int64] = [:]
        var isDeleted = false
        /// Whether the hub has yet to say what it thinks of the row itself.
        var isNew = false
    }

    /// Rows with a verdict in this delivery, and as bits the groups that are no longer pending because of it.
    let released: RowList
    private let database: Database
    /// Mostly nothing waits.
    private lazy var find = Result {
        try EngineStatement(
            database, "SELECT groups, kind, delta FROM ru_pending WHERE tbl = ? AND key = ? ORDER BY batch, idx")
    }
    /// Whether nothing waits. Known once the receipts have been taken.
    private(set) var isEmpty = false

    /// - Parameter scratch: the folder for what is too long for memory.
    init(_ database: Database, scratch: String) throws {
        self.database = database
        released = RowList(folder: scratch)
    }

    /// Takes the batches' ops off the list, in one pass.
    func release(batches: [Int64]) throws {
        if !batches.isEmpty {
            let judged = Set(batches)
            let all = try EngineStatement(database, "SELECT tbl, key, batch, groups FROM ru_pending")
            while try all.step() {
                guard judged.contains(all.int64(2)), let key = all.identifier(1) else { continue }
                let row = RowKey(table: UInt16(truncatingIfNeeded: all.int64(0)), key: key)
                try released.add(row, bits: all.int64(3))
            }
            let low = batches.min() ?? 0
            let high = batches.max() ?? 0
            if Int(high - low) + 1 == judged.count {
                try database.execute(sql: "DELETE FROM ru_pending WHERE batch BETWEEN ? AND ?", arguments: [low, high])
            } else {
                let delete = try EngineStatement(database, "DELETE FROM ru_pending WHERE batch = ?")
                for batch in judged {
                    delete.bind(1, batch)
                    try delete.run()
                }
            }
        }
        isEmpty = try !EngineStatement.finds("ru_pending", database)
    }

    /// Looks once more whether anything waits: something was sealed.
    func refresh() throws {
        isEmpty = try !EngineStatement.finds("ru_pending", database)
    }

    /// What still waits on a row.
    func state(_ table: UInt16, _ key: Identifier) throws -> State {
        if isEmpty { return State() }
        let find = try find.get()
        find.bind(1, Int64(table))
        find.bind(2, key)
        var state = State()
        while try find.step() {
            let groups = UInt64(bitPattern: find.int64(0))
            if find.isNull(2) {
                state.groups |= groups
            } else {
                // A sum that does not fit is refused by the hub; until then nothing sensible can be shown.
                state.deltas[UInt8(truncatingIfNeeded: groups.trailingZeroBitCount), default: 0] &+= find.int64(2)
            }
            state.isDeleted = find.int64(1) == Int64(Op.Kind.delete.rawValue)
            if find.int64(1) == Int64(Op.Kind.create.rawValue) { state.isNew = true }
        }
        return state
    }

    /// Forgets that a row waits: it has left the replica, and its edits go on in the outbox.
    func forget(_ table: UInt16, _ key: Identifier) throws {
        if isEmpty { return }
        try database.execute(
            sql: "DELETE FROM ru_pending WHERE tbl = ? AND key = ?", arguments: [Int64(table), key.sqlBlob])
    }
}
