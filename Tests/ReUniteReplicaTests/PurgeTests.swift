import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Cleaning the file of what left")
struct PurgeTests {
    @Test("The receipt is the device's, names what left, and is kept until the hub has it")
    func receipt() throws {
        let world = try LeavingDesk()
        try world.deliver(events: [world.leave(TestDesk.room)])
        let facts = try world.replica.facts()
        for _ in 0..<2 {
            let request = try world.replica.nextRequest(after: 0, limit: .max).request
            #expect(request.purges.count == 1 && !request.owesPurge)
            let signed = try SignedPurgeReceipt(decoding: request.purges[0])
            #expect(signed.isAuthentic(signedBy: world.desk.keys.publicKeys))
            #expect(signed.receipt.scope == TestDesk.room && signed.receipt.rows == 2 && signed.receipt.isClean)
            #expect(signed.receipt.purged == facts.cursor && signed.receipt.cursor == facts.cursor)
            #expect(signed.receipt.digest == facts.digest && signed.receipt.epoch > .zero)
        }
        let sealed = try world.replica.seal(bundle: try world.replica.nextRequest(after: 0, limit: .max).request)
        let answer = SyncAnswer(
            hubMilliseconds: 0, ticket: [], duplicates: 0, purgesTaken: 1,
            body: .idle(try world.desk.hub.checkpoint(for: TestDesk.device)))
        _ = try world.replica.open(answer: try world.bundle(answer, to: sealed), to: sealed)
        #expect(try world.replica.nextRequest(after: 0, limit: .max).request.purges.isEmpty)
    }

    @Test("While another program reads the file the purge is owed and shown, without a receipt; the next opening pays")
    func busy() throws {
        let world = try LeavingDesk()
        let reader = try DatabaseQueue(path: world.desk.path)
        let copy = world.desk.folder.file("copy.sqlite")
        try reader.inDatabase { database in
            try database.execute(sql: "BEGIN; SELECT count(*) FROM book")
            try world.deliver(events: [world.leave(TestDesk.room)])
            #expect(try world.replica.status().purgesOwed == 1)
            #expect(try world.found(["held-title"]) != [])
            let request = try world.replica.nextRequest(after: 0, limit: .max).request
            #expect(request.purges.isEmpty && request.owesPurge)
            // What a machine would find that lost its power now.
            for suffix in ["", "-wal", ".device"] {
                try FileManager.default.copyItem(atPath: world.desk.path + suffix, toPath: copy + suffix)
            }
            try database.execute(sql: "COMMIT")
        }
        try reader.close()
        for path in [world.desk.path, copy] {
            let opened = try Replica.open(
                path: path, network: TinyNetwork.network, time: world.desk.time,
                randomness: world.desk.randomness.identifier)
            #expect(try opened.status().purgesOwed == 0)
            #expect(try FileScan.find(["held-title", "held-reader"], ofReplica: path) == [])
            #expect(try opened.nextRequest(after: 0, limit: .max).request.purges.count == 1)
        }
    }

    @Test("A stranger's table in the file makes the receipt say so, and its name stays on the device")
    func strangers() throws {
        let world = try LeavingDesk()
        try world.careless(
            "CREATE TABLE mine(note); CREATE INDEX mine_note ON mine(note); CREATE VIEW harmless AS SELECT 1;")
        try world.deliver(events: [world.leave(TestDesk.room)])
        #expect(try world.replica.status().foreignObjects == ["mine", "mine_note"])
        let bytes = try #require(try world.replica.nextRequest(after: 0, limit: .max).request.purges.first)
        #expect(try !SignedPurgeReceipt(decoding: bytes).receipt.isClean)
        #expect(!FileScan.contains(bytes, "mine"))
    }

    @Test("Rows in doubt hold the receipt back: one of them may be one that left")
    func doubt() throws {
        let world = try LeavingDesk()
        // An echo of what this device never sent.
        var echo = world.state(
            TinyNetwork.book, world.annexBook, in: LeavingDesk.annex,
            [.blob(LeavingDesk.annex.bytes), .null, .text("echo"), .null, .null, .real(1), .null])
        echo.groups = TinyNetwork.Book.all & ~TinyNetwork.Book.title
        echo.echoed = TinyNetwork.Book.title
        echo.values.remove(at: 2)
        try world.deliver(events: [world.leave(TestDesk.room)], rows: [echo])
        let request = try world.replica.nextRequest(after: 0, limit: .max).request
        #expect(request.want.count == 1 && request.purges.isEmpty && request.owesPurge)
        try world.deliver(tombstones: [Tombstone(table: TinyNetwork.book, key: world.annexBook)])
        let receipts = try world.replica.nextRequest(after: 0, limit: .max).request.purges
            .map { try SignedPurgeReceipt(decoding: $0).receipt.scope }
        #expect(Set(receipts) == [TestDesk.room, LeavingDesk.annex], "the row that was in doubt is signed for too")
    }

    @Test("Cleaning does not look like somebody's change of the schema, and captures go on")
    func schemaCookie() throws {
        let world = try LeavingDesk()
        try world.deliver(events: [world.leave(TestDesk.room)])
        let versions = try world.replica.read("Reading") {
            try Int64.fetchAll(
                $0,
                sql: """
                    SELECT schema_version FROM pragma_schema_version
                    UNION ALL SELECT value FROM ru_meta WHERE name = 'schema_cookie'
                    """)
        }
        #expect(versions.count == 2 && versions[0] == versions[1])
        try world.careless("UPDATE book SET title = 'after' WHERE id = \(literal(world.annexBook));")
        #expect(try world.replica.seal() == 1)
    }

    @Test("A room that leaves and returns a hundred times leaves nothing behind, and every edit is kept for the hub")
    func hundredTimes() throws {
        let world = try LeavingDesk()
        for round in 1...100 {
            try world.careless("UPDATE book SET title = 'words-\(round)-end' WHERE id = \(literal(world.book));")
            if round % 2 == 0 { try world.replica.seal() }
            try world.deliver(events: [world.leave(TestDesk.room)])
            if round % 10 == 0 {
                #expect(try world.found((1...round).map { "words-\($0)-end" } + ["held-title", "back-title"]) == [])
            }
            try world.deliver(
                events: [world.enter(TestDesk.room)],
                rows: [
                    world.state(
                        TinyNetwork.book, world.book, in: TestDesk.room,
                        [.blob(TestDesk.room.bytes), .null, .text("back-title"), .null, .null, .real(1), .null])
                ])
        }
        let request = try world.replica.nextRequest(after: 0, limit: .max).request
        let values = try request.batches.flatMap { try world.opened($0) }.flatMap(\.values)
        #expect(values == (1...100).map { .text("words-\($0)-end") })
        #expect(request.purges.count == 100 && !request.owesPurge)
    }

    @Test("A delivery that takes nothing away does not build the file anew")
    func onlyWhenNeeded() throws {
        let world = try LeavingDesk()
        func version() throws -> Int64? {
            try world.replica.read("Reading") { try Int64.fetchOne($0, sql: "PRAGMA schema_version") }
        }
        let before = try version()
        try world.careless("UPDATE book SET title = 'typed';")
        try world.desk.accept()
        #expect(try version() == before)
    }
}

extension LeavingDesk {
    /// The hub's sealed answer.
    func bundle(_ answer: SyncAnswer, to request: Replica.SealedRequest) throws -> [UInt8] {
        try SealedBundle.seal(
            content: answer.encoded(),
            label: BundleLabel(
                id: request.id, kind: .answer, hub: desk.hub.id, epoch: desk.hub.epoch, sender: desk.hub.id,
                createdMilliseconds: 0), to: [desk.keys.publicKeys], signedWith: desk.hub.keys)
    }
}
