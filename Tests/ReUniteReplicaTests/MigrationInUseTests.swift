import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A replica in use is migrated with everything that is under way")
struct MigrationInUseTests {
    @Test("Outbox, cursor, chain, open siblings, what came back, the log and the digest stay")
    func everythingStays() throws {
        let desk = try TestDesk.withBooks(1, 2)
        let table = try #require(desk.replica.schema[TinyNetwork.book])
        let standing = [SiblingName(group: 2, op: OpID(batch: row(70), index: 0))]
        var open = desk.state(
            table, row(1), [.blob(TestDesk.room.bytes), .null, .text("A"), .null, .null, .real(1), .null])
        open.clock.siblings = standing + [SiblingName(group: 2, op: OpID(batch: row(71), index: 1))]
        try desk.deliver(rows: [open])
        try desk.edit("UPDATE book SET price = 3.5 \(at(2))")
        try desk.replica.seal()
        let batch = try #require(try sealedBatches(of: desk.replica).last)
        try desk.deliver(
            rows: [],
            receipts: [
                Receipt(
                    batch: batch.signed.id, firstPosition: desk.hub.advance(), opCount: 1,
                    exceptions: [.init(index: 0, verdict: .quarantined, reason: .late, groups: TinyNetwork.Book.price)])
            ])
        try desk.edit("UPDATE book SET title = 'Unsent' \(at(2))")
        try desk.replica.seal()
        func state(_ replica: Replica) throws -> [String] {
            let tables = [
                "ru_clock", "ru_open", "ru_pending", "ru_outbox", "ru_checkpoint", "ru_returned", "ru_scope", "ru_want",
            ]
            return try replica.read("Reading") { database in
                try tables.flatMap { try Row.fetchAll(database, sql: "SELECT * FROM \($0)").map(\.description) }
            } + replica.log().map { "\($0)" }
        }
        let before = try state(desk.replica)
        let facts = try desk.replica.facts()
        let replica = try desk.reopened(network: TinyNetwork.newer)
        #expect(try state(replica) == before)
        #expect(try replica.facts() == facts)
        #expect(try replica.status().returned == 1)
        #expect(try replica.status().conflicts == 1)
    }

    @Test("What was written before is sealed under the schema that its author had")
    func sealedBefore() throws {
        let desk = try TestDesk.withBooks(1)
        // A row that is replaced as a whole names all of its groups: those that there were.
        try desk.shell(
            "REPLACE INTO book(id, room_id, title) VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'Whole');")
        try desk.shell(insertBook(2))
        let replica = try desk.reopened(network: TinyNetwork.newer)
        #expect(try journalCount(of: replica) == 0)
        let batch = try #require(try sealedBatches(of: replica).last)
        #expect(batch.header.schemaVersion == 1)
        #expect(batch.ops.map(\.groups) == [TinyNetwork.Book.all, TinyNetwork.Book.all])
        // The witness beside the file knows of it.
        let head = try replica.facts().chainHead
        #expect(try DeviceVault(replicaPath: desk.path).witness()?.chainHead == head)
        try desk.shell("UPDATE book SET blurb = 'Long' \(at(1));")
        try replica.seal()
        #expect(try sealedBatches(of: replica).map(\.header.schemaVersion) == [1, 1, 2])
    }

    @Test("Rows and columns that came too early appear, and count as the hub's, not as written here")
    func tooEarly() throws {
        let desk = try TestDesk.withBooks(1)
        let newer = try #require(try SchemaHistory(TinyNetwork.newer).tables(at: 2))
        let table = try #require(newer[TinyNetwork.book])
        let values: [Value] = [
            .blob(TestDesk.room.bytes), .null, .text("A"), .null, .null, .real(1), .null, .text("Blurb"),
        ]
        try desk.deliver(
            rows: [desk.state(table, row(1), values), desk.state(table, row(2), values)], layout: newer)
        #expect(try desk.replica.status().keptRows == 2)
        let digest = try desk.replica.facts().digest
        let replica = try desk.reopened(network: TinyNetwork.newer)
        #expect(try desk.value("SELECT group_concat(blurb) FROM book") == .text("Blurb,Blurb"))
        #expect(try replica.seal() == 0)
        #expect(try replica.facts().digest == digest)
        #expect(try replica.examine().isSound)
        #expect(try replica.nextRequest(after: 0, limit: 1_000).request.want.isEmpty)
    }

    @Test("A migration that fails leaves the replica as it was")
    func failing() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.edit("UPDATE book SET title = 'Unsealed'")
        let broken = NetworkSchema(
            migrations: TinyNetwork.newer.migrations + [.init(name: "bad", sql: "ALTER TABLE nothing ADD COLUMN a")])
        #expect(throws: Failure.self) { _ = try desk.reopened(network: broken) }
        #expect(try journalCount(of: desk.replica) == 1)
        #expect(try desk.value("SELECT max(version) FROM ru_migration") == .integer(1))
        #expect(try desk.sealed().count == 1)
    }
}
