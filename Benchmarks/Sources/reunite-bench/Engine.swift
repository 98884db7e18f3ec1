import CSQLite
import ReUniteReplica
import ReUniteSync

/// The engine as the benchmarks use it: real replicas of the workload's tables.
enum Engine {
    static let network = NetworkSchema(migrations: [
        .init(name: "workload", sql: BenchSchema.sql() + BenchSchema.manifestRows())
    ])

    /// Makes an empty replica at a path where nothing is.
    @discardableResult
    static func makeReplica(at path: String) throws -> Replica {
        try Replica.create(
            path: path, network: network, answer: try BenchHub.answer(), deviceName: "bench",
            hubURL: "https://hub.example", keys: BenchHub.deviceKeys, time: BenchTime(), randomness: newIdentifier)
    }

    static func open(_ path: String) throws -> Replica {
        try Replica.open(path: path, network: network, time: BenchTime(), randomness: newIdentifier)
    }

    private static let newIdentifier: @Sendable () -> Identifier = {
        Identifier(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max))
    }

    /// Applies a delivery, and makes sure that the replica then holds what the hub says it holds.
    static func apply(_ bytes: [UInt8], to replica: Replica) throws {
        try apply(try Delivery(decoding: bytes), to: replica)
    }

    static func apply(
        _ delivery: consuming Delivery, to replica: Replica, reached: (ApplyStep) -> Void = { _ in }
    ) throws {
        let effect = try replica.apply(delivery, hubMilliseconds: BenchTime.noon, reached: reached)
        guard effect.digestMatches else { throw BenchError("the replica's digest is not the hub's") }
    }

    /// Seals what the journal holds and lets the hub accept all of it: the steady state of a replica.
    static func settle(_ path: String) throws {
        let replica = try open(path)
        try replica.seal()
        let outbox = try Outbox(path)
        let before = try replica.facts()
        var position = before.cursor
        var digest = before.digest
        var receipts: [Receipt] = []
        var clocks: [RowName: Decision] = [:]
        let known = try Connection(path)
        let scopes = try known.scopes()
        for batch in try outbox.batches() {
            let first = position.next
            receipts.append(
                Receipt(batch: batch.signed.id, firstPosition: first, opCount: UInt32(batch.ops.count), exceptions: []))
            for op in batch.ops {
                position = position.next
                let name = RowName(table: op.table, key: op.key)
                var decision =
                    try clocks[name] ?? known.decision(on: name, scopes: scopes)
                    ?? Decision(creating: op, at: position)
                if op.kind != .create {
                    for group in 0..<UInt8(62) where op.groups & 1 << UInt64(group) != 0 {
                        decision.clock.set(group, to: position)
                    }
                }
                decision.echoed |= op.groups
                clocks[name] = decision
            }
        }
        let rows = clocks.sorted { $0.value.clock.stamp < $1.value.clock.stamp }.map { name, decision in
            if let old = decision.old { digest.remove(old.leaf(table: name.table, key: name.key)) }
            digest.add(decision.clock.leaf(table: name.table, key: name.key))
            return RowState(
                table: name.table, key: name.key, scope: decision.scope, clock: decision.clock, groups: 0,
                echoed: decision.echoed, values: [])
        }
        let delivery = Delivery(
            from: before.cursor, checkpoint: try BenchHub.checkpoint(at: position, digest: digest), receipts: receipts,
            rows: rows)
        try apply(try delivery.encoded(layout: replica.schema), to: replica)
    }
}

/// A row by its table's number and its key.
struct RowName: Hashable {
    let table: UInt16
    let key: Identifier
}

/// What the hub decides about a row.
private struct Decision {
    var old: RowClock?
    var clock: RowClock
    var scope: Identifier
    var echoed: UInt64 = 0
}

extension Decision {
    init(creating op: Op, at position: Position) {
        clock = RowClock(stamp: position)
        scope = op.key
        // The first column of every table but the cases names the row's case.
        if case .blob(let bytes)? = op.values.first, let id = Identifier(bytes: bytes) { scope = id }
    }
}

extension Connection {
    /// The scopes by their numbers.
    fileprivate func scopes() throws -> [Int64: Identifier] {
        let statement = try prepare("SELECT no, id FROM ru_scope")
        var scopes: [Int64: Identifier] = [:]
        while sqlite3_step(statement.handle) == SQLITE_ROW {
            scopes[sqlite3_column_int64(statement.handle, 0)] = Identifier(bytes: statement.blob(1))
        }
        return scopes
    }

    /// Where a row stands, as the replica stores it.
    fileprivate func decision(on name: RowName, scopes: [Int64: Identifier]) throws -> Decision? {
        let key = ClockForm.key(name.table, name.key).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        let statement = try prepare("SELECT clock FROM ru_clock WHERE key=x'\(key)'")
        guard sqlite3_step(statement.handle) == SQLITE_ROW else { return nil }
        let (number, clock) = try statement.blob(0).withUnsafeBytes { try ClockForm.read($0) }
        return Decision(old: clock, clock: clock, scope: scopes[number] ?? .zero)
    }
}

/// A replica's sealed batches that the hub has not judged.
struct Outbox {
    private let connection: Connection

    struct Entry {
        var signed: SignedBatch
        var ops: [Op]
    }

    init(_ path: String) throws {
        connection = try Connection(path)
    }

    func batches() throws -> [Entry] {
        let statement = try connection.prepare(
            "SELECT header, ops, signature, op_count FROM ru_outbox WHERE state<2 ORDER BY no")
        var entries: [Entry] = []
        while sqlite3_step(statement.handle) == SQLITE_ROW {
            let signed = SignedBatch(header: statement.blob(0), ops: statement.blob(1), signature: statement.blob(2))
            let count = Int(sqlite3_column_int64(statement.handle, 3))
            entries.append(Entry(signed: signed, ops: try OpCodec.decode(signed.ops, expecting: count)))
        }
        return entries
    }
}
