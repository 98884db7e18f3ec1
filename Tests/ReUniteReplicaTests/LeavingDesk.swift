import ReUniteReplica
import ReUniteSync
import TestSupport

/// A desk of the lending library that holds two rooms, as a hub gives and takes them.
struct LeavingDesk {
    static let stock: UInt64 = 1 << 0
    static let loans: UInt64 = 1 << 3
    /// A second room, beside ``TestDesk/room``.
    static let annex = Identifier(high: 0x4004_0000_0000_7000, low: 0x8000_0000_0000_0002)

    let desk: TestDesk
    /// A book in each room, and a loan of the first.
    let book = row(1)
    let annexBook = row(2)
    let loan = row(3)

    var replica: Replica { desk.replica }

    init(seed: UInt64 = 1) throws {
        desk = try TestDesk(seed: seed)
        try deliver(
            events: [enter(TestDesk.room), enter(LeavingDesk.annex)],
            rows: [
                state(TinyNetwork.book, book, in: TestDesk.room, book(titled: "held-title", in: TestDesk.room)),
                state(
                    TinyNetwork.book, annexBook, in: LeavingDesk.annex,
                    book(titled: "annex-title", in: LeavingDesk.annex)),
                state(
                    TinyNetwork.loan, loan, in: TestDesk.room,
                    [.blob(TestDesk.room.bytes), .blob(book.bytes), .text("held-reader"), .text("ASKED")]),
            ])
    }

    private func book(titled title: String, in room: Identifier) -> [Value] {
        [.blob(room.bytes), .null, .text(title), .null, .null, .real(2.5), .null]
    }

    func state(_ table: UInt16, _ key: Identifier, in scope: Identifier, _ values: [Value]) -> RowState {
        RowState(
            table: table, key: key, scope: scope, clock: RowClock(stamp: desk.hub.advance()),
            groups: replica.schema[table]?.allGroups ?? 0, echoed: 0, values: values)
    }

    func enter(_ scope: Identifier, mask: UInt64 = stock | loans) -> ScopeEvent {
        ScopeEvent(kind: .enter, scope: scope, epoch: desk.hub.advance(), readMask: mask, writeMask: mask)
    }

    func leave(_ scope: Identifier) -> ScopeEvent {
        _ = desk.hub.advance()
        return ScopeEvent(kind: .leave, scope: scope, epoch: .zero, readMask: 0, writeMask: 0)
    }

    @discardableResult
    func deliver(
        events: [ScopeEvent] = [], rows: [RowState] = [], tombstones: [Tombstone] = [], receipts: [Receipt] = []
    ) throws -> DeliveryEffect {
        let delivery = Delivery(
            from: try replica.facts().cursor, checkpoint: try desk.hub.checkpoint(for: TestDesk.device),
            events: events, receipts: receipts, rows: rows, tombstones: tombstones)
        return try replica.apply(
            try delivery.encoded(layout: replica.schema), hubMilliseconds: desk.time.wallMilliseconds)
    }

    /// The hub's word on one batch: accepted but for what is named.
    func receipt(_ batch: SealedBatch, _ exceptions: [Receipt.OpException] = []) -> Receipt {
        let first = desk.hub.advance()
        for _ in 1..<max(2, batch.ops.count + 1) { _ = desk.hub.advance() }
        return Receipt(
            batch: batch.signed.id, firstPosition: first, opCount: UInt32(batch.ops.count), exceptions: exceptions)
    }

    /// Writes as a foreign client does that leaves deleted content where it was.
    func careless(_ sql: String) throws {
        let ran = try desk.shell("PRAGMA secure_delete = OFF;\n" + sql)
        guard ran.succeeded else { throw FormatError(.malformed, ran.errors) }
    }

    /// What the hub reads of a batch that was sealed to it.
    func opened(_ batch: SignedBatch) throws -> [Op] {
        let plain = try batch.opened(with: desk.hub.keys)
        let header = try plain.verifiedHeader()
        return try OpCodec.decode(plain.ops, expecting: Int(header.opCount))
    }

    func found(_ words: [String]) throws -> [String] { try FileScan.find(words, ofReplica: desk.path) }
}
