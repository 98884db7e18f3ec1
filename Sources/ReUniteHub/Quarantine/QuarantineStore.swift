import Crypto
import GRDB
import ReUniteReplica
import ReUniteSync

/// Edits that were not applied. The signed batch keeps what was typed; this says which op of it waits, and why.
struct QuarantineStore {
    private let transaction: HubTransaction

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Keeps an op, or some groups of it, for a person.
    func put(
        _ op: Op, name: OpID, batch: BatchJudge.Batch, groups: UInt64, reason: Reason, at position: Position
    ) throws {
        let row = try transaction.rows.row(op.table, op.key)
        try insert(
            name, batch: batch.number, index: name.index, position: position, table: op.table, key: op.key,
            scope: row?.scope, groups: groups, reason: reason, atMilliseconds: batch.receivedMilliseconds)
    }

    /// Keeps every op of a batch that could not be judged, each at a position of its own.
    ///
    /// - Parameter ops: nil when they could not even be read; then what waits is named by its place alone.
    func put(
        _ ops: [Op]?, count: UInt32, of batch: BatchID, number: Int64, reason: Reason, atMilliseconds now: Int64
    ) throws -> [Receipt.OpException] {
        try (0..<count).map { index in
            let op = ops.flatMap { $0.indices.contains(Int(index)) ? $0[Int(index)] : nil }
            let scope = try op.flatMap { try transaction.rows.row($0.table, $0.key) }?.scope
            try insert(
                OpID(batch: batch.short, index: index), batch: number, index: index,
                position: transaction.takePosition(), table: op?.table ?? 0, key: op?.key ?? .zero, scope: scope,
                groups: op?.groups ?? 0, reason: reason, atMilliseconds: now)
            return .init(index: index, verdict: .quarantined, reason: reason, groups: op?.groups ?? 0)
        }
    }

    /// Keeps an op that had been accepted, and that another author's deletion swept away unseen.
    func putDisplaced(
        at position: Position, row: HubRow, group: UInt8, reason: Reason, by later: Position,
        atMilliseconds now: Int64
    ) throws {
        guard
            let op = try Row.fetchOne(
                transaction.database,
                sql: "SELECT o.batch, o.idx, b.id FROM hub_op o JOIN hub_batch b ON b.no = o.batch WHERE o.h = ?",
                arguments: [position.rawValue]),
            let batch = BatchID(bytes: op.bytes("id"))
        else { return }
        let index = UInt32(truncatingIfNeeded: op["idx"] as Int64)
        try insert(
            OpID(batch: batch.short, index: index), batch: op["batch"], index: index, position: later,
            table: row.table, key: row.key, scope: row.scope, groups: 1 << UInt64(group), reason: reason,
            atMilliseconds: now)
    }

    private func insert(
        _ name: OpID, batch: Int64, index: UInt32, position: Position, table: UInt16, key: Identifier, scope: Int64?,
        groups: UInt64, reason: Reason, atMilliseconds now: Int64
    ) throws {
        try transaction.database.execute(
            sql: """
                INSERT INTO hub_quarantine(id, batch, idx, position, tbl, key, scope, groups, reason, at_ms)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET groups = groups | excluded.groups
                """,
            arguments: [
                derivedID("quarantine", name, group: 0).sqlBlob, batch, Int64(index), position.rawValue, Int64(table),
                key.sqlBlob, scope, Int64(bitPattern: groups), Int64(reason.rawValue), now,
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
