import GRDB
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("An outbox whose hub makes backups")
struct OutboxCompactionTests {
    private func count(_ sql: String, _ desk: TestDesk) throws -> Int {
        try desk.replica.read("Counting") { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// The bytes of the file that something is in.
    private func size(_ desk: TestDesk) throws -> Int {
        let page = try count("PRAGMA page_size", desk)
        return page * (try count("PRAGMA page_count", desk) - count("PRAGMA freelist_count", desk))
    }

    private func insertBook(_ desk: TestDesk) throws {
        try desk.replica.edit(
            "INSERT INTO book(id, room_id, title) VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'a')")
        try desk.accept()
    }

    @Test("grows by the log alone, however often a replica edits and syncs: a thousand times")
    func bounded() throws {
        let desk = try TestDesk()
        try insertBook(desk)
        var half = 0
        for turn in 1...1_000 {
            let words = (0..<8).map { _ in "\(desk.randomness.identifier())" }.joined()
            try desk.replica.edit("UPDATE book SET title = '\(words)' WHERE id = \(literal(row(1)))")
            // The hub makes a backup every twenty syncs.
            let terms = DeviceTerms(backedUp: turn.isMultiple(of: 20) ? Position(desk.hub.head.rawValue + 100) : .zero)
            try desk.accept(terms: terms)
            if turn.isMultiple(of: 20) {
                #expect(try count("SELECT count(*) FROM ru_outbox WHERE safe < 2", desk) == 0)
                #expect(try count("SELECT count(*) FROM ru_checkpoint", desk) == 0)
            }
            if turn == 500 { half = try size(desk) }
        }
        // A line of the log is some 170 bytes, the batch that it was read from had 700.
        let grown = try size(desk) - half
        #expect(grown < 500 * 300, "\(grown / 500) bytes a sync")
        #expect(try desk.replica.log().count == 1_001)
        #expect(try desk.replica.status().wipeWaitsFor == nil)
    }

    @Test("keeps the log of the newest batches alone")
    func cap() throws {
        let desk = try TestDesk()
        try insertBook(desk)
        for turn in 1...30 {
            try desk.replica.edit("UPDATE book SET title = '\(turn)' WHERE id = \(literal(row(1)))")
            try desk.accept()
        }
        try desk.replica.transaction("Compacting") { database in
            try OutboxCompaction(database, desk.replica.schema, logging: 10).run(desk.hub.head)
        }
        #expect(try count("SELECT count(*) FROM ru_outbox", desk) == 10)
        try desk.replica.edit("UPDATE book SET title = 'later' WHERE id = \(literal(row(1)))")
        try desk.accept()
        #expect(try desk.replica.log().count == 11)
    }

    @Test("keeps what came back as it was typed until a person has dealt with it, though the device may be wiped")
    func returned() throws {
        let world = try LeavingDesk()
        try world.replica.edit("UPDATE book SET title = 'refused-title' WHERE id = \(literal(world.book))")
        try world.replica.seal()
        let batch = try #require(try sealedBatches(of: world.replica).last)
        let book = world.state(
            TinyNetwork.book, world.book, in: TestDesk.room,
            [.blob(TestDesk.room.bytes), .null, .text("held-title"), .null, .null, .real(2.5), .null])
        let receipt = world.receipt(
            batch, [.init(index: 0, verdict: .quarantined, reason: .transition, groups: TinyNetwork.Book.title)])
        try world.desk.deliver(rows: [book], receipts: [receipt], terms: DeviceTerms(backedUp: Position(1 << 40)))
        #expect(try world.replica.status().wipeWaitsFor == nil, "the hub has it, and so has a backup")
        let edit = try #require(try world.replica.inbox().first)
        #expect(edit.value == ["title": "refused-title"])
        try world.replica.dismiss(returned: edit.number)
        try world.desk.deliver(rows: [], terms: DeviceTerms(backedUp: Position(1 << 40)))
        let after = try world.replica.returnedEdit(edit.number)
        #expect(after.isWithheld && after.value.isEmpty && after.state == .letGo)
        #expect(try sealedBatches(of: world.replica).isEmpty)
        #expect(try world.replica.log().map(\.verdict) == ["quarantined"])
    }

    @Test("waits for a person where an edit is too large ever to be sent")
    func oversized() throws {
        let desk = try TestDesk()
        try desk.replica.edit(
            """
            INSERT INTO book(room_id, title, cover) VALUES(\(TestDesk.roomLiteral), 'a', randomblob(2000000))
            """)
        try desk.replica.seal()
        #expect(try desk.replica.status().wipeWaitsFor?.contains("too large") == true)
        for edit in try desk.replica.inbox() { try desk.replica.dismiss(returned: edit.number) }
        #expect(try desk.replica.status().wipeWaitsFor == nil)
    }
}
