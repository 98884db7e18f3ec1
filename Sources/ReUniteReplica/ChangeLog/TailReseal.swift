import GRDB
import ReUniteSync

/// Takes the newest batches back out of the outbox, so that their edits are sealed once more together with new ones:
/// a laptop without a network would otherwise gather a batch every time somebody tries to sync.
///
/// Only what cannot be told apart afterwards is taken back (`docs/decisions/0014-tail-reseal.md`): batches that no
/// byte of has left the device, at the end of the chain, with the very base, author, key, schema and clock error that a batch
/// sealed now would have. An edit that was sealed before something was applied keeps its batch, so it keeps its base,
/// and the time in which it can have been made.
struct TailReseal {
    let database: Database
    let facts: ReplicaFacts
    let schemaVersion: UInt32

    /// How far two measurements of the clock's error may be apart, in milliseconds, to count as the same.
    static let skewTolerance: Int64 = 1_000

    /// What was taken back: the edits in order, and where the chain ends without them.
    struct Tail {
        var ops: [Op] = []
        var head: BatchID
        var sequence: UInt64
        var batches: [Int64] = []
    }

    /// The tail that may be sealed again, and still fits into one batch with the new edits.
    ///
    /// - Parameters:
    ///   - ops: how many new edits there are; none leaves everything as it is.
    ///   - bytes: about how large they are.
    func tail(before ops: Int, bytes: Int) throws -> Tail {
        var tail = Tail(head: facts.chainHead, sequence: facts.chainSequence)
        guard ops > 0 else { return tail }
        let rows = try EngineStatement(
            database, "SELECT no, id, header, ops, op_count, sealed FROM ru_outbox WHERE state = 0 ORDER BY no DESC")
        defer { rows.reset() }
        var room = Seal.opsPerBatch - ops
        var bytesLeft = Seal.bytesPerBatch - bytes
        while try rows.step() {
            // What was sealed to the hub because a row left cannot be read back.
            guard BatchID(bytes: rows.blob(1)) == tail.head, rows.isNull(5) else { break }
            let header = try BatchHeader(decoding: rows.blob(2))
            let earlier = try OpCodec.decode(rows.blob(3), expecting: rows.int(4))
            room -= earlier.count
            bytesLeft -= earlier.reduce(0) { $0 + Seal.size(of: $1) }
            guard room >= 0, bytesLeft >= 0, isAlike(header) else { break }
            tail.ops = earlier + tail.ops
            tail.head = header.parent
            tail.sequence = header.firstSequence - 1
            tail.batches.append(rows.int64(0))
        }
        return tail
    }

    /// Removes the tail's batches and what they left waiting.
    func remove(_ tail: Tail) throws {
        for batch in tail.batches {
            try database.execute(sql: "DELETE FROM ru_pending WHERE batch = ?", arguments: [batch])
            try database.execute(sql: "DELETE FROM ru_outbox WHERE no = ?", arguments: [batch])
        }
    }

    private func isAlike(_ header: BatchHeader) -> Bool {
        header.base == facts.cursor && header.epoch == facts.cursorEpoch && header.checkpointTag == facts.checkpointTag
            && header.author == facts.staff && header.keyNumber == facts.keyNumber
            && header.schemaVersion == schemaVersion
            && abs(header.clock.skewMilliseconds - facts.skewMilliseconds) <= TailReseal.skewTolerance
    }

    /// One list of edits without the values that the same author wrote over before they left: what an unsealed edit
    /// does anyway. Steps, counts, creations and deletions all stay.
    static func coalesced(_ ops: [Op], layout: SchemaDescription) -> [Op] {
        var later: [RowKey: (groups: UInt64, flags: Op.Flags)] = [:]
        var result: [Op] = []
        for var op in ops.reversed() {
            let row = op.row
            guard op.kind == .set else {
                if op.kind == .create || op.kind == .delete { later[row] = nil }
                result.append(op)
                continue
            }
            let above = later[row]
            later[row] = ((above?.groups ?? 0) | op.groups, op.flags)
            if let above, above.flags == op.flags, above.groups & op.groups != 0, let table = layout[op.table] {
                op.keep(~above.groups, of: table)
            }
            if op.groups != 0 { result.append(op) }
        }
        return result.reversed()
    }
}
