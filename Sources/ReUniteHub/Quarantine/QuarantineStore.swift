import Crypto
import GRDB
import ReUniteReplica
import ReUniteSync

/// Edits that were not applied. The signed batch keeps what was typed; this says which op of it waits, and why.
final class QuarantineStore {
    private let transaction: HubTransaction
    /// Whether anything waits at all; nil before anybody asked. Mostly nothing does, and every accepted op asks.
    private var isInUse: Bool?
    private var findWaiting: EngineStatement?

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Keeps an op, or some groups of it, for a person.
    func put(
        _ op: Op, name: OpID, batch: BatchJudge.Batch, groups: UInt64, reason: Reason, at position: Position
    ) throws {
        let row = try transaction.rows.row(op.table, op.key)
        try insert(
            Entry(
                name: name, batch: batch.number, position: position,
                dot: batch.dot(of: name), table: op.table, key: op.key, scope: row?.scope, groups: groups,
                reason: reason,
                waitsFor: try awaited(by: op, reason: reason, device: batch.header.device),
                atMilliseconds: batch.judgedMilliseconds))
    }

    /// Keeps every op of a batch that could not be judged, each at a position of its own.
    ///
    /// - Parameter ops: nil when they could not even be read. Then nothing proves how many there are, and one entry
    ///   stands for all of them; the receipt still tells their author of each.
    func put(
        _ ops: [Op]?, count: UInt32, of batch: BatchID, number: Int64, from device: Identifier,
        place: BranchStore.Place, reason: Reason, atMilliseconds now: Int64
    ) throws -> [Receipt.OpException] {
        try (0..<count).map { index in
            let position = transaction.takePosition()
            let op = ops.flatMap { $0.indices.contains(Int(index)) ? $0[Int(index)] : nil }
            let exception = Receipt.OpException(
                index: index, verdict: .quarantined, reason: reason, groups: op?.groups ?? 0)
            if op == nil, index > 0 { return exception }
            let scope = try op.flatMap { try transaction.rows.row($0.table, $0.key) }?.scope
            try insert(
                Entry(
                    name: OpID(batch: batch.short, index: index), batch: number, position: position,
                    dot: Dot(branch: place.branch, sequence: place.firstSequence + UInt64(index)),
                    table: op?.table ?? QuarantineStore.unreadable, key: op?.key ?? .zero, scope: scope,
                    groups: op?.groups ?? 0, reason: reason,
                    waitsFor: try op.flatMap { try awaited(by: $0, reason: reason, device: device) },
                    atMilliseconds: now))
            return exception
        }
    }

    /// The table of an entry that stands for a whole batch of which nothing can be read. No table has this number.
    static let unreadable: UInt16 = 0

    /// Keeps an op that had been accepted, and that another author's deletion swept away unseen.
    func putDisplaced(
        at position: Position, row: HubRow, group: UInt8, reason: Reason, by later: Position,
        atMilliseconds now: Int64
    ) throws {
        guard
            let op = try Row.fetchOne(
                transaction.database,
                sql: """
                    SELECT o.batch, o.idx, o.branch, o.sequence, b.id
                    FROM hub_op o JOIN hub_batch b ON b.no = o.batch WHERE o.h = ?
                    """,
                arguments: [position.rawValue]),
            let batch = BatchID(bytes: op.bytes("id"))
        else { return }
        let index = UInt32(truncatingIfNeeded: op["idx"] as Int64)
        let sequence: Int64 = op["sequence"]
        try insert(
            Entry(
                name: OpID(batch: batch.short, index: index), batch: op["batch"], position: later,
                dot: Dot(branch: op["branch"], sequence: UInt64(bitPattern: sequence)), table: row.table,
                key: row.key, scope: row.scope, groups: 1 << UInt64(group), reason: reason, isDisplaced: true,
                atMilliseconds: now))
    }

    // MARK: What waits for what

    /// Whether something that a device wrote about a row that is not here waits.
    func holds(_ table: UInt16, _ key: Identifier, of device: Identifier) throws -> Bool {
        try Int.fetchOne(
            transaction.database,
            sql: """
                SELECT 1 FROM hub_quarantine q JOIN hub_batch b ON b.no = q.batch
                WHERE q.tbl = ? AND q.key = ? AND q.state = 0 AND b.device = ? LIMIT 1
                """, arguments: [Int64(table), key.sqlBlob, device.sqlBlob]) != nil
    }

    /// The row that must come before an op can be judged again: its own, or one that it refers to, where that waits
    /// in quarantine too or has not come yet.
    func awaited(by op: Op, reason: Reason, device: Identifier) throws -> RowKey? {
        guard let table = transaction.schema.tables[op.table], op.kind != .delete else { return nil }
        var wanted: [RowKey] = []
        if op.kind != .create, try transaction.rows.row(op.table, op.key) == nil {
            wanted.append(op.row)
        }
        let indexes = table.columnIndexes(of: op.groups)
        for reference in table.references {
            guard let column = reference.column else {
                wanted.append(RowKey(table: reference.table, key: op.key))
                continue
            }
            if let place = indexes.firstIndex(of: column), op.values.indices.contains(place),
                case .blob(let bytes) = op.values[place], let key = Identifier(bytes: bytes)
            {
                wanted.append(RowKey(table: reference.table, key: key))
            }
        }
        return try wanted.first { row in
            guard try transaction.rows.row(row.table, row.key)?.isAlive != true else { return false }
            return try reason == .parentGone || holds(row.table, row.key, of: device)
        }
    }

    /// Marks what an accepted op of the same chain wrote later: a release must not put the older words beside it.
    func supersede(_ op: Op, groups: UInt64, by dot: Dot, lineage: Lineage) throws {
        guard try isAnyWaiting() else { return }
        let waiting =
            try findWaiting
            ?? EngineStatement(
                transaction.database,
                "SELECT id, branch, sequence FROM hub_quarantine WHERE tbl = ? AND key = ? AND state = 0")
        findWaiting = waiting
        waiting.bind(1, Int64(op.table))
        waiting.bind(2, op.key)
        var older: [Identifier] = []
        while try waiting.step() {
            let there = Dot(branch: waiting.int64(1), sequence: UInt64(bitPattern: waiting.int64(2)))
            if lineage.precedes(there, dot), let id = waiting.identifier(0) { older.append(id) }
        }
        let written = op.kind == .create || op.kind == .delete ? UInt64.max : groups
        for id in older {
            try transaction.database.execute(
                sql: "UPDATE hub_quarantine SET superseded = superseded | ? WHERE id = ?",
                arguments: [Int64(bitPattern: written), id.sqlBlob])
        }
    }

    private func isAnyWaiting() throws -> Bool {
        if let isInUse { return isInUse }
        let found =
            try Int.fetchOne(
                transaction.database, sql: "SELECT 1 FROM hub_quarantine WHERE state = 0 LIMIT 1") != nil
        isInUse = found
        return found
    }

    // MARK: Writing

    private struct Entry {
        let name: OpID
        let batch: Int64
        let position: Position
        let dot: Dot
        let table: UInt16
        let key: Identifier
        let scope: Int64?
        let groups: UInt64
        let reason: Reason
        var isDisplaced = false
        var waitsFor: RowKey?
        let atMilliseconds: Int64
    }

    private func insert(_ entry: Entry) throws {
        isInUse = true
        try transaction.database.execute(
            sql: """
                INSERT INTO hub_quarantine(id, batch, idx, position, tbl, key, scope, groups, reason, at_ms, branch,
                  sequence, displaced, waits_tbl, waits_key)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET groups = CASE WHEN state = 0 THEN groups ELSE 0 END | excluded.groups,
                  superseded = CASE WHEN state = 0 THEN superseded ELSE 0 END, state = 0, reason = excluded.reason,
                  position = excluded.position, displaced = excluded.displaced, waits_tbl = excluded.waits_tbl,
                  waits_key = excluded.waits_key
                """,
            arguments: [
                derivedID("quarantine", entry.name, group: 0).sqlBlob, entry.batch, Int64(entry.name.index),
                entry.position.rawValue, Int64(entry.table), entry.key.sqlBlob, entry.scope,
                Int64(bitPattern: entry.groups), Int64(entry.reason.rawValue), entry.atMilliseconds,
                entry.dot.branch, Int64(bitPattern: entry.dot.sequence), entry.isDisplaced ? 1 : 0,
                entry.waitsFor.map { Int64($0.table) }, entry.waitsFor?.key.sqlBlob,
            ])
    }
}

/// A stable id for something that hangs on one op: the same at every hub that judges the same batches.
func derivedID(_ label: String, _ name: OpID, group: UInt8) -> Identifier {
    var out = ByteWriter()
    out.string("ru/\(label)")
    out.identifier(name.batch)
    out.varint(UInt64(name.index))
    out.byte(group)
    let hash = SHA256.hash(data: out.bytes)
    return hash.withUnsafeBytes { $0.baseAddress.map { Identifier(unsafeBytes: $0) } ?? .zero }
}
