import Crypto
import GRDB
package import ReUniteSync

/// Makes signed batches of what the journal holds, in the caller's write transaction.
///
/// Always before anything remote is applied: between two seals a replica's view does not change, so every op of a
/// batch truly has the batch's base (`docs/change-log.md`, "Seal").
package struct Seal {
    let schema: SchemaDescription
    let keys: DeviceKeys
    let time: any TimeSource
    /// Where scratch files lie.
    let scratch: String
    /// A journal of more marks than these is sealed in steps.
    var marks = Seal.marksInMemory
    var encode: Encoder = Seal.encode
    /// Runs what keeps a batch in the outbox.
    var keep: Keeper = { try $0() }

    /// A batch holds at most this many ops, and about this many bytes of values.
    package static let opsPerBatch = 4_000
    static let bytesPerBatch = 1 << 20

    struct Report: Hashable {
        var batches = 0
        /// New edits, without those that were sealed before and only moved to another batch.
        var edits = 0
        /// Edits that fit into no batch.
        var leftOut: [Op] = []
    }

    /// Makes the ops of a batch bytes.
    package typealias Encoder = ([Op], SchemaDescription) throws -> [UInt8]
    /// Runs the work that it is given, once.
    package typealias Keeper = (() throws -> Void) throws -> Void
    package static let encode: @Sendable ([Op], SchemaDescription) throws -> [UInt8] = {
        try OpCodec.encode($0, layout: $1)
    }

    /// A journal of up to so many marks, whose ops come to about so many bytes of values, is sealed in memory.
    package static let marksInMemory = 16_384
    static let bytesInMemory = 8 << 20

    /// Seals everything that is in the journal, and empties it.
    func run(
        _ database: Database, facts: inout ReplicaFacts, salt: () -> Identifier
    ) throws -> Report {
        guard try !JournalFold.isEmpty(database) else { return Report() }
        let suspect = abs(facts.skewMilliseconds) > EffectiveTime.tolerance
        let report =
            try runInMemory(database, facts: &facts, isClockSuspect: suspect, salt: salt)
            ?? runInSteps(database, facts: &facts, isClockSuspect: suspect, salt: salt)
        if report.batches > 0 {
            let insert = try EngineStatement(
                database, "INSERT OR IGNORE INTO ru_checkpoint(base, epoch, bytes) VALUES(?, ?, ?)")
            insert.bind(1, facts.cursor.rawValue)
            insert.bind(2, Int64(facts.cursorEpoch.number))
            insert.bind(3, facts.checkpoint)
            try insert.run()
        }
        try JournalFold.trim(database)
        return report
    }

    /// Nil, and nothing is changed, when there is too much.
    private func runInMemory(
        _ database: Database, facts: inout ReplicaFacts, isClockSuspect: Bool, salt: () -> Identifier
    ) throws -> Report? {
        guard try !JournalFold.isLonger(than: marks, database) else { return nil }
        let fold = try JournalFold(database, schema: schema, clock: HybridClock(last: facts.clock))
        guard
            let new = try OpBuilder(database, schema: schema)
                .ops(from: fold, base: facts.cursor, isClockSuspect: isClockSuspect, limit: Seal.bytesInMemory)
        else { return nil }
        facts.clock = fold.clock.last
        let ops = try takingBackTheTail(before: new, database, facts: &facts)
        var report = Report()
        let store = try BatchStore(database)
        let oversized = try OversizedEdits(database)
        for range in Seal.batches(of: ops) {
            try sealWhatFits(Array(ops[range]), facts: &facts, store: store, salt: salt, report: &report)
        }
        try oversized.note(report.leftOut, atMilliseconds: time.wallMilliseconds) { row in
            fold.entries[row] == nil ? nil : new.filter { $0.table == row.table && $0.key == row.key }
        }
        report.edits -= ops.count - new.count
        return report
    }

    /// The same batches, made one after the other: in memory there is one at a time. A tail that was sealed before stays as
    /// it is: so much has no room beside it.
    private func runInSteps(
        _ database: Database, facts: inout ReplicaFacts, isClockSuspect: Bool, salt: () -> Identifier
    ) throws -> Report {
        let journal = try LongJournal(
            database, schema: schema, clock: HybridClock(last: facts.clock), lastBatch: facts.chainNumber,
            base: facts.cursor, isClockSuspect: isClockSuspect, folder: scratch)
        facts.clock = journal.clock.last
        var report = Report()
        let store = try BatchStore(database)
        let oversized = try OversizedEdits(database)
        var batch: [Op] = []
        var bytes = 0
        try journal.forEachOp { op in
            let size = Seal.size(of: op)
            if !batch.isEmpty, batch.count == Seal.opsPerBatch || bytes + size > Seal.bytesPerBatch {
                try sealWhatFits(batch, facts: &facts, store: store, salt: salt, report: &report)
                batch.removeAll(keepingCapacity: true)
                bytes = 0
            }
            batch.append(op)
            bytes += size
        }
        try sealWhatFits(batch, facts: &facts, store: store, salt: salt, report: &report)
        try oversized.note(report.leftOut, atMilliseconds: time.wallMilliseconds, opsOf: journal.ops)
        return report
    }

    /// The new edits behind those that were sealed before and may be sealed once more with them.
    private func takingBackTheTail(
        before new: [Op], _ database: Database, facts: inout ReplicaFacts
    ) throws -> [Op] {
        let reseal = TailReseal(database: database, facts: facts, schemaVersion: UInt32(schema.version))
        let tail = try reseal.tail(before: new.count, bytes: new.reduce(0) { $0 + Seal.size(of: $1) })
        guard !tail.batches.isEmpty else { return new }
        try reseal.remove(tail)
        facts.chainHead = tail.head
        facts.chainSequence = tail.sequence
        // The number goes on: a witness that names a batch taken back must not look like one from the future.
        return TailReseal.coalesced(tail.ops + new, layout: schema)
    }

    /// The batches that ops are cut into, in order.
    package static func batches(of ops: [Op]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        while start < ops.count {
            var end = start
            var bytes = 0
            while end < ops.count, end - start < opsPerBatch {
                bytes += size(of: ops[end])
                if end > start && bytes > bytesPerBatch { break }
                end += 1
            }
            batches.append(start..<end)
            start = end
        }
        return batches
    }

    /// Makes one batch of the ops, or several where the format refuses them as too much for one (``DecodeLimits``).
    private func sealWhatFits(
        _ ops: [Op], facts: inout ReplicaFacts, store: BatchStore, salt: () -> Identifier, report: inout Report
    ) throws {
        // What follows a creation means nothing to the hub without it.
        let refused = report.leftOut.filter { $0.kind == .create }
        let ops = refused.isEmpty ? ops : ops.filter { op in !refused.contains { $0.isSameRow(as: op) } }
        guard !ops.isEmpty else { return }
        do {
            let body = try encode(ops, schema)
            try keep { try seal(ops, body: body, facts: &facts, store: store, salt: salt()) }
            report.batches += 1
            report.edits += ops.count
        } catch let error as FormatError where error.code == .tooLarge {
            guard ops.count > 1 else {
                report.leftOut += ops
                return
            }
            for half in [ops[..<(ops.count / 2)], ops[(ops.count / 2)...]] {
                try sealWhatFits(Array(half), facts: &facts, store: store, salt: salt, report: &report)
            }
        }
    }

    private func seal(
        _ ops: [Op], body: [UInt8], facts: inout ReplicaFacts, store: BatchStore, salt: Identifier
    ) throws {
        let now = time.wallMilliseconds
        let header = BatchHeader(
            salt: salt, hub: facts.hub, device: facts.device, keyNumber: facts.keyNumber, parent: facts.chainHead,
            number: facts.chainNumber + 1, firstSequence: facts.chainSequence + 1, opCount: UInt32(ops.count),
            epoch: facts.cursorEpoch, base: facts.cursor, checkpointTag: facts.checkpointTag,
            schemaVersion: UInt32(schema.version),
            clock: ClockReport(
                wallMilliseconds: now, monotonicMilliseconds: time.monotonicMilliseconds, boot: time.boot,
                lastHubMilliseconds: facts.lastHubMilliseconds, skewMilliseconds: facts.skewMilliseconds),
            author: facts.staff, opsDigest: Array(SHA256.hash(data: body)))
        let batch = try SignedBatch.sign(header: header, ops: body, with: keys)
        try store.append(batch, header: header, ops: ops, atMilliseconds: now)
        facts.chainHead = batch.id
        facts.chainNumber = header.number
        facts.chainSequence += UInt64(ops.count)
    }

    static func size(of op: Op) -> Int {
        op.values.reduce(24) { sum, value in
            switch value {
            case .null: sum + 1
            case .integer, .real: sum + 4
            case .text(let text): sum + text.utf8.count
            case .blob(let bytes): sum + bytes.count
            }
        }
    }
}

/// Puts batches into the outbox, and notes which cells wait for a verdict.
struct BatchStore {
    private let outbox: EngineStatement
    private let pending: EngineStatement

    init(_ database: Database) throws {
        outbox = try EngineStatement(
            database,
            """
            INSERT INTO ru_outbox(no, id, first_sequence, op_count, base, header, ops, signature, sealed_ms)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        pending = try EngineStatement(
            database,
            """
            INSERT INTO ru_pending(key, tbl, batch, idx, groups, kind, base, kept, delta)
            SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8 FROM ru_rows(?)
            """)
    }

    func append(_ batch: SignedBatch, header: BatchHeader, ops: [Op], atMilliseconds now: Int64) throws {
        outbox.bind(1, Int64(bitPattern: header.number))
        outbox.bind(2, batch.id.bytes)
        outbox.bind(3, Int64(bitPattern: header.firstSequence))
        outbox.bind(4, ops.count)
        outbox.bind(5, header.base.rawValue)
        outbox.bind(6, batch.header)
        outbox.bind(7, batch.ops)
        outbox.bind(8, batch.signature)
        outbox.bind(9, now)
        try outbox.run()
        let waiting = RowBatch(columns: 9, cells: min(ops.count, 512) * 9, bytes: 16 << 10)
        for (index, op) in ops.enumerated() {
            let kept = op.context?.kept.encoded ?? []
            let delta = op.kind == .increment ? op.values.first : nil
            let row: [Value] = [
                .integer(Int64(op.table)), .integer(Int64(bitPattern: header.number)), .integer(Int64(index)),
                .integer(Int64(bitPattern: op.groups)), .integer(Int64(op.kind.rawValue)),
                .integer((op.context?.cellBase ?? header.base).rawValue), kept.isEmpty ? .null : .blob(kept),
                delta ?? .null,
            ]
            if waiting.add(op.key, row) { continue }
            try pending.run(waiting)
            waiting.removeAll()
            _ = waiting.add(op.key, row)
        }
        if waiting.count > 0 { try pending.run(waiting) }
    }
}
