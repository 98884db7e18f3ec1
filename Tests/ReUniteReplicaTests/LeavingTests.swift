import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What leaves a replica")
struct LeavingTests {
    private static let all = [
        "held-title", "held-reader", "judged-title", "returned-title", "sealed-title", "typed-title", "made-reader",
        "overwritten-title",
    ]

    /// A room with edits at every stage of their way.
    private func furnished() throws -> LeavingDesk {
        let world = try LeavingDesk()
        let book = literal(world.book)
        try world.careless("UPDATE book SET title = 'judged-title' WHERE id = \(book);")
        try world.replica.seal()
        let judged = try #require(try sealedBatches(of: world.replica).last)
        try world.deliver(
            rows: [
                world.state(
                    TinyNetwork.book, world.book, in: TestDesk.room,
                    [.blob(TestDesk.room.bytes), .null, .text("judged-title"), .null, .null, .real(2.5), .null])
            ], receipts: [world.receipt(judged)])
        try world.careless("UPDATE book SET title = 'returned-title' WHERE id = \(book);")
        try world.replica.seal()
        let returned = try #require(try sealedBatches(of: world.replica).last)
        try world.deliver(
            rows: [
                world.state(
                    TinyNetwork.book, world.book, in: TestDesk.room,
                    [.blob(TestDesk.room.bytes), .null, .text("judged-title"), .null, .null, .real(2.5), .null])
            ],
            receipts: [
                world.receipt(
                    returned,
                    [.init(index: 0, verdict: .quarantined, reason: .transition, groups: TinyNetwork.Book.title)])
            ])
        try world.careless("UPDATE book SET title = 'overwritten-title' WHERE id = \(book);")
        try world.careless("UPDATE book SET title = 'sealed-title' WHERE id = \(book);")
        _ = try world.replica.nextRequest(after: 0, limit: .max)
        try world.careless(
            """
            UPDATE book SET title = 'typed-title' WHERE id = \(book);
            INSERT INTO loan(id, room_id, book_id, reader)
            VALUES(\(literal(row(9))), \(TestDesk.roomLiteral), \(book), 'made-reader');
            """)
        return world
    }

    @Test("When a room leaves, nothing of it is in any byte, whatever stage its edits had reached")
    func noByte() throws {
        let world = try furnished()
        // The scan sees what is there, also what a careless program deleted.
        let before = try world.found(Self.all)
        for word in Self.all { #expect(before.contains { $0.hasPrefix(word) }, "the scan misses \(word)") }
        #expect(before.contains("judged-title in the outbox") && before.contains("returned-title in the outbox"))

        try world.deliver(events: [world.leave(TestDesk.room)])
        #expect(try world.found(Self.all) == [])
        #expect(try world.found(["annex-title"]) != [])
        let status = try world.replica.status()
        #expect(status.purgesOwed == 0 && status.foreignObjects.isEmpty)
        for table in ["ru_pending", "ru_open", "ru_want", "loan"] {
            let count = try world.replica.read("Reading") {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)")
            }
            #expect(count == 0, "\(table)")
        }
    }

    @Test("What was not judged still travels whole, sealed, and the hub reads what was typed")
    func travels() throws {
        let world = try furnished()
        try world.deliver(events: [world.leave(TestDesk.room)])
        let request = try world.replica.nextRequest(after: 0, limit: .max).request
        #expect(!request.batches.isEmpty && request.batches.allSatisfy(\.isSealed))
        let values = try request.batches.flatMap { try world.opened($0) }.flatMap(\.values)
        for word in ["sealed-title", "typed-title", "made-reader"] { #expect(values.contains(.text(word)), "\(word)") }
        // No flag of the device's own list is among what travels.
        #expect(try request.batches.flatMap { try world.opened($0) }.allSatisfy { !$0.isWithheld })
    }

    @Test("Log and inbox say that an edit is withheld, name no column, and it cannot be written again")
    func withheld() throws {
        let world = try furnished()
        try world.deliver(events: [world.leave(TestDesk.room)])
        let log = try world.replica.log()
        #expect(log.count == 5 && log.allSatisfy { $0.isWithheld && $0.columns.isEmpty })
        #expect(log.compactMap(\.verdict) == ["accepted", "quarantined"])
        let returned = try #require(try world.replica.inbox().first)
        #expect(returned.isWithheld && returned.value.isEmpty && returned.columns.isEmpty)
        #expect(returned.reason == "transition" && returned.table == "book")
        let refusal = #expect(throws: Failure.self) { try world.replica.retry(returned: returned.number) }
        #expect(refusal?.why.contains("withheld") == true)
        try world.replica.dismiss(returned: returned.number)
        #expect(try world.replica.inbox().isEmpty)
    }

    @Test("Of a batch, what stays stays readable; what leaves later goes too, and the sealed batch is untouched")
    func partly() throws {
        let world = try LeavingDesk()
        try world.careless("UPDATE book SET title = 'new-' || title;")
        try world.replica.seal()
        try world.deliver(events: [world.leave(TestDesk.room)])
        let first = try #require(try sealedBatches(of: world.replica).last)
        #expect(first.ops.map(\.isWithheld) == [true, false])
        #expect(first.ops[1].values == [.text("new-annex-title")])
        #expect(try world.found(["held-title"]) == [])

        try world.deliver(events: [world.leave(LeavingDesk.annex)])
        let second = try #require(try sealedBatches(of: world.replica).last)
        #expect(second.ops.allSatisfy(\.isWithheld) && second.sealed == first.sealed)
        #expect(try world.found(["held-title", "annex-title"]) == [])
        let sent = try #require(try world.replica.nextRequest(after: 0, limit: .max).request.batches.first)
        #expect(try world.opened(sent).flatMap(\.values) == [.text("new-held-title"), .text("new-annex-title")])
    }

    @Test("A sealed batch is not taken back to be sealed once more: what follows names it as its parent")
    func tail() throws {
        let world = try LeavingDesk()
        try world.careless("UPDATE book SET title = 'new-' || title;")
        try world.replica.seal()
        try world.deliver(events: [world.leave(TestDesk.room)])
        try world.careless("UPDATE book SET title = 'again';")
        try world.replica.seal()
        let batches = try sealedBatches(of: world.replica)
        #expect(batches.count == 2 && batches[1].header.parent == batches[0].signed.id)
        #expect(batches[1].ops.map(\.values) == [[.text("again")]])
    }

    @Test("A lowered mask takes the rows of its classes, decided or only typed, and no other")
    func loweredMask() throws {
        let world = try LeavingDesk()
        try world.careless(
            """
            UPDATE loan SET reader = 'typed-reader';
            UPDATE book SET title = 'kept-title' WHERE id = \(literal(world.book));
            INSERT INTO loan(id, room_id, book_id, reader)
            VALUES(\(literal(row(9))), \(TestDesk.roomLiteral), \(literal(world.book)), 'made-reader');
            """)
        try world.replica.seal()
        let book = world.state(
            TinyNetwork.book, world.book, in: TestDesk.room,
            [.blob(TestDesk.room.bytes), .null, .text("hub-title"), .null, .null, .real(2.5), .null])
        try world.deliver(events: [world.enter(TestDesk.room, mask: LeavingDesk.stock)], rows: [book])
        #expect(try world.found(["held-reader", "typed-reader", "made-reader"]) == [])
        #expect(try world.found(["kept-title"]) != [])
        #expect(try sealedBatches(of: world.replica)[0].ops.map(\.isWithheld).filter { $0 }.count == 2)
        let receipts = try world.replica.nextRequest(after: 0, limit: .max).request.purges
        let receipt = try SignedPurgeReceipt(decoding: try #require(receipts.first)).receipt
        #expect(receipts.count == 1 && receipt.scope == TestDesk.room && receipt.rows == 2)
    }

    @Test("A row that is gone, hidden or deleted, takes with it what was typed into it")
    func hiddenRow() throws {
        let world = try LeavingDesk()
        try world.careless("UPDATE loan SET reader = 'typed-reader';")
        try world.replica.seal()
        try world.deliver(tombstones: [Tombstone(table: TinyNetwork.loan, key: world.loan)])
        #expect(try world.found(["held-reader", "typed-reader"]) == [])
        let request = try world.replica.nextRequest(after: 0, limit: .max).request
        #expect(request.batches.map(\.isSealed) == [true])
        #expect(try world.opened(request.batches[0]).flatMap(\.values) == [.text("typed-reader")])
        // It cannot know whether the row was hidden, so it signs that it is gone.
        #expect(request.purges.count == 1 && !request.owesPurge)
    }

    @Test("What was refused for what it says stays readable, so that it can be mended, until its room leaves")
    func refused() throws {
        let world = try LeavingDesk()
        try world.careless(
            """
            INSERT INTO loan(id, room_id, book_id, reader)
            VALUES(\(literal(row(9))), \(TestDesk.roomLiteral), \(literal(world.book)), 'made-reader');
            """)
        try world.replica.seal()
        let batch = try #require(try sealedBatches(of: world.replica).last)
        try world.deliver(
            tombstones: [Tombstone(table: TinyNetwork.loan, key: row(9))],
            receipts: [
                world.receipt(
                    batch, [.init(index: 0, verdict: .quarantined, reason: .malformed, groups: TinyNetwork.Loan.all)])
            ])
        #expect(try world.replica.inbox().first?.value["reader"] == "made-reader")
        try world.deliver(events: [world.leave(TestDesk.room)])
        #expect(try world.replica.inbox().first?.isWithheld == true)
        #expect(try world.found(["made-reader"]) == [])
    }

    @Test("A row made here that was taken and is not shown back is withheld: its author may only report")
    func reported() throws {
        let world = try LeavingDesk()
        try world.careless(
            "INSERT INTO remark(id, room_id, said) VALUES(\(literal(row(9))), \(TestDesk.roomLiteral), 'a-report');")
        try world.replica.seal()
        let batch = try #require(try sealedBatches(of: world.replica).last)
        try world.deliver(
            tombstones: [Tombstone(table: TinyNetwork.remark, key: row(9))], receipts: [world.receipt(batch)])
        #expect(try world.found(["a-report"]) == [])
        #expect(try world.replica.log().first?.isWithheld == true)
    }
}
