import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("The seal makes a signed chain of batches, whole or not at all")
struct SealTests {
    private func insertMany(_ count: Int, title: String = "'n' || i") -> String {
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
        INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), \(title) FROM n;
        """
    }

    /// Everything may have left the device, and so stays as it was sealed.
    private func send(_ replica: Replica) throws {
        _ = try replica.nextRequest(after: 0, limit: 10_000_000)
    }

    @Test("A seal with nothing to seal makes nothing")
    func nothing() throws {
        let desk = try TestDesk()
        #expect(try desk.replica.seal() == 0)
        #expect(try sealedBatches(of: desk.replica).isEmpty)
        #expect(try desk.replica.facts().chainHead == .none)
    }

    @Test("Parents, numbers and sequences go on without a gap over several seals")
    func chain() throws {
        let desk = try TestDesk()
        for size in [1, 3, 4_001, 5] {
            try desk.shell(insertMany(size))
            #expect(try desk.replica.seal() == size)
            try send(desk.replica)
        }
        let batches = try sealedBatches(of: desk.replica)
        #expect(batches.map(\.ops.count) == [1, 3, 4_000, 1, 5])
        var parent = BatchID.none
        var sequence: UInt64 = 1
        for (index, batch) in batches.enumerated() {
            #expect(batch.header.parent == parent)
            #expect(batch.header.number == UInt64(index + 1))
            #expect(batch.header.firstSequence == sequence)
            #expect(Int(batch.header.opCount) == batch.ops.count)
            parent = batch.signed.id
            sequence += UInt64(batch.ops.count)
        }
        let facts = try desk.replica.facts()
        #expect(facts.chainHead == parent)
        #expect(facts.chainNumber == 5)
        #expect(facts.chainSequence == 4_010)
        #expect(Set(batches.map(\.header.salt)).count == 5)
    }

    @Test("A chain goes on after the file was closed and opened")
    func reopened() throws {
        let desk = try TestDesk()
        try desk.shell(insertBook(1))
        try desk.replica.seal()
        try send(desk.replica)
        try desk.shell(insertBook(2))
        let again = try desk.reopened()
        try again.seal()
        let batches = try sealedBatches(of: again)
        #expect(batches.count == 2)
        #expect(batches.last?.header.parent == batches.first?.signed.id)
        #expect(batches.last?.header.firstSequence == 2)
        #expect(batches.last?.header.number == 2)
    }

    @Test("More than 4,000 edits, or more bytes than a batch should hold, are split")
    func split() throws {
        let desk = try TestDesk()
        try desk.shell(insertMany(4_500))
        #expect(try desk.replica.seal() == 4_500)
        #expect(try sealedBatches(of: desk.replica).map(\.ops.count) == [4_000, 500])

        let large = try TestDesk()
        try large.shell(insertMany(30, title: "hex(randomblob(50000))"))
        #expect(try large.replica.seal() == 30)
        let batches = try sealedBatches(of: large.replica)
        #expect(batches.count > 2)
        #expect(batches.allSatisfy { $0.signed.ops.count <= DecodeLimits.batchBytes })
        #expect(batches.reduce(0) { $0 + $1.ops.count } == 30)
    }

    @Test("Every batch is signed by the device over its own ops, and by no other")
    func signatures() throws {
        let desk = try TestDesk()
        for number in 1...3 {
            try desk.shell(insertBook(UInt64(number)))
            try desk.replica.seal()
        }
        let stranger = DeviceKeys.generate()
        for batch in try sealedBatches(of: desk.replica) {
            #expect(batch.signed.isAuthentic(signedBy: desk.keys.publicKeys))
            #expect(!batch.signed.isAuthentic(signedBy: stranger.publicKeys))
            var ops = batch.signed.ops
            ops[ops.count / 2] ^= 1
            let forged = SignedBatch(header: batch.signed.header, ops: ops, signature: batch.signed.signature)
            #expect(!forged.isAuthentic(signedBy: desk.keys.publicKeys))
        }
    }

    @Test("The header says who, for which hub, at which time and schema")
    func header() throws {
        let desk = try TestDesk()
        desk.time.advance(milliseconds: 250)
        try desk.shell(insertBook(1))
        try desk.replica.seal()
        let header = try #require(try sealedBatches(of: desk.replica).first).header
        #expect(header.device == TestDesk.device)
        #expect(header.hub == desk.hub.id)
        #expect(header.epoch == desk.hub.epoch)
        #expect(header.keyNumber == 1)
        #expect(header.schemaVersion == 1)
        #expect(header.clock.wallMilliseconds == desk.time.wallMilliseconds)
        #expect(header.clock.monotonicMilliseconds == desk.time.monotonicMilliseconds)
        #expect(header.clock.boot == desk.time.boot)
    }

    @Test("The base is the cursor, and the tag is that of the checkpoint there, which goes along as proof")
    func base() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET price = 3;")
        try desk.replica.seal()
        let batches = try sealedBatches(of: desk.replica)
        let facts = try desk.replica.facts()
        #expect(batches.map(\.header.base) == [Position(40), facts.cursor])
        #expect(facts.cursor == desk.hub.head)
        let request = try desk.replica.nextRequest(after: 1, limit: 1 << 20).request
        let proofs = try request.checkpoints.map { try SignedCheckpoint(decoding: $0) }
        let proof = try #require(proofs.first { $0.checkpoint.position == facts.cursor })
        #expect(batches.last?.header.checkpointTag == proof.tag)
        #expect(proof.isAuthentic(signedBy: desk.hub.keys.publicKeys))
        #expect(batches.first?.header.checkpointTag != proof.tag)
    }

    @Test("A full disk stops the seal with nothing half done, and a later seal gets everything")
    func fullDisk() throws {
        let desk = try TestDesk.withBooks(1)
        let before = try desk.replica.facts()
        try desk.shell(insertMany(4_000, title: "hex(randomblob(60))") + "UPDATE book SET price = 3 \(at(1));")
        let marks = try journalCount(of: desk.replica)
        try limitPages(of: desk.replica, to: 1)
        expectFailure(.inputOutput) { try desk.replica.seal() }
        #expect(try journalCount(of: desk.replica) == marks)
        #expect(try decodedOps(of: desk.replica).isEmpty)
        #expect(try desk.replica.facts() == before)
        #expect(try desk.value("SELECT count(*) FROM ru_pending") == .integer(0))

        try limitPages(of: desk.replica, to: 1_000_000)
        #expect(try desk.replica.seal() == 4_001)
        #expect(try journalCount(of: desk.replica) == 0)
        let batches = try sealedBatches(of: desk.replica)
        #expect(batches.dropFirst().first?.header.parent == before.chainHead)
    }

    /// Takes effect on the engine's own connection; never below the size that the file has.
    private func limitPages(of replica: Replica, to count: Int) throws {
        try replica.database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA max_page_count = \(count)")
        }
    }

    @Test("While another program holds the file, the seal says so and loses nothing")
    func busy() throws {
        let desk = try TestDesk()
        let holder = try ForeignClient.startPython(
            """
            db.execute('BEGIN IMMEDIATE')
            db.execute("INSERT INTO book(room_id, title) VALUES(randomblob(16), 'x')")
            open(sys.argv[1] + '.held', 'w').close()
            while not os.path.exists(sys.argv[1] + '.enough'):
                time.sleep(0.01)
            db.execute('COMMIT')
            """, on: desk.path)
        while try !desk.folder.names().contains("library.sqlite.held") {
            try #require(holder.isRunning)
            usleep(5_000)
        }
        expectFailure(.tryLater) { try desk.replica.seal() }
        _ = try desk.folder.write("", to: "library.sqlite.enough")
        #expect(try holder.wait().succeeded)
        #expect(try desk.replica.seal() == 1)
    }

    private func insertHuge(_ number: UInt64, bytes: Int) -> String {
        """
        INSERT INTO book(id, room_id, title, cover) \
        VALUES(\(literal(row(number))), \(TestDesk.roomLiteral), 'x', randomblob(\(bytes)));
        """
    }

    @Test(
        "A value that is too large for any batch does not keep the other edits from leaving",
        arguments: [DecodeLimits.valueBytes, DecodeLimits.valueBytes + 1])
    func hugeValue(bytes: Int) throws {
        let desk = try TestDesk()
        try desk.shell(insertBook(1) + insertHuge(3, bytes: bytes) + insertBook(2))
        #expect(try desk.replica.seal() == 2)
        #expect(try decodedOps(of: desk.replica).map(\.key) == [row(1), row(2)])
        #expect(try desk.value("SELECT length(cover) FROM book \(at(3))") == .integer(Int64(bytes)))
        #expect(try desk.replica.seal() == 0)
        let listed = try desk.replica.inbox()
        #expect(listed.map(\.id) == [row(3).description])
        #expect(listed.map(\.reason) == ["malformed"])
    }

    @Test("A row whose values fit one by one, but not together, is left out alone")
    func hugeRow() throws {
        let desk = try TestDesk()
        let title = "title = hex(randomblob(\(DecodeLimits.valueBytes / 2)))"
        try desk.shell(
            insertBook(1) + insertHuge(3, bytes: DecodeLimits.valueBytes * 3 / 4) + "UPDATE book SET \(title) \(at(3));"
        )
        #expect(try desk.replica.seal() == 1)
        #expect(try desk.replica.inbox().map(\.id) == [row(3).description])
    }

    @Test("A row that was too large leaves once it was made small, and is off the list")
    func hugeNoMore() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET cover = randomblob(\(DecodeLimits.valueBytes + 1)) \(at(1));")
        try desk.shell(insertHuge(2, bytes: DecodeLimits.valueBytes + 1))
        #expect(try desk.replica.seal() == 0)
        #expect(try desk.replica.inbox().count == 2)
        try desk.shell("UPDATE book SET price = 3 \(at(1));")
        #expect(try desk.replica.seal() == 1)
        #expect(try desk.replica.inbox().count == 2)
        try desk.shell("UPDATE book SET cover = x'01';")
        #expect(try desk.replica.seal() == 2)
        #expect(try decodedOps(of: desk.replica).map(\.key) == [row(1), row(2), row(1)])
        #expect(try desk.replica.inbox().isEmpty)
    }

    @Test("Steps of a row that was left out stay with it")
    func hugeStepped() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            \(insertBook(1)) \(insertLoan(11, of: 1))
            UPDATE loan SET reader = hex(randomblob(\(DecodeLimits.valueBytes))), state = 'LENT';
            """)
        #expect(try desk.replica.seal() == 1)
        #expect(try decodedOps(of: desk.replica).map(\.table) == [TinyNetwork.book])
    }
}
