import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Ops come in an order that the hub can take, with stamps that grow")
struct OpOrderTests {
    @Test("Parents are made before children, whatever the order of writing")
    func parentsFirst() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            PRAGMA foreign_keys = ON;
            BEGIN;
            \(insertLoan(11, of: 1)) \(insertLoan(12, of: 2)) \(insertBook(2)) \(insertBook(1))
            UPDATE book SET shelf_id = \(literal(row(70)));
            INSERT INTO shelf(id, label) VALUES(\(literal(row(70))), 'A');
            COMMIT;
            """)
        let ops = try desk.sealed()
        #expect(ops.map(\.key) == [row(70), row(2), row(1), row(11), row(12)])
    }

    @Test("Children are deleted before parents, whatever the order of writing")
    func childrenFirst() throws {
        let desk = try TestDesk()
        try desk.edit(insertBook(1) + insertLoan(11, of: 1))
        try desk.accept()
        try desk.shell("PRAGMA foreign_keys = OFF; DELETE FROM book; DELETE FROM loan;")
        #expect(try desk.sealed().map(\.key) == [row(11), row(1)])
    }

    @Test("Creations come first, deletions last, and changes between them as they were made")
    func phases() throws {
        let desk = try TestDesk.withBooks(1, 2, 3)
        try desk.shell(
            "DELETE FROM book \(at(2)); UPDATE book SET price = 9 \(at(3)); UPDATE book SET price = 9 \(at(1));"
                + insertBook(4))
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create, .set, .set, .delete])
        #expect(ops.map(\.key) == [row(4), row(3), row(1), row(2)])
    }

    /// Writes books in one go and sets the clock readings that the triggers noted.
    private func stamps(_ desk: TestDesk, _ milliseconds: [Int64]) throws -> [HybridTime] {
        let first = try desk.value("SELECT count(*) FROM book")
        guard case .integer(let count) = first else { return [] }
        let before = try decodedOps(of: desk.replica).count
        for (index, reading) in milliseconds.enumerated() {
            try desk.edit(
                insertBook(UInt64(count) + UInt64(index) + 1)
                    + "UPDATE ru_journal SET ms = \(reading) WHERE seq = (SELECT max(seq) FROM ru_journal);")
        }
        return try desk.sealed().dropFirst(before).map(\.stamp)
    }

    @Test("Stamps are what the clock showed when the row was written")
    func plain() throws {
        let desk = try TestDesk()
        #expect(try stamps(desk, [5_000, 6_000, 9_000]).map(\.milliseconds) == [5_000, 6_000, 9_000])
    }

    @Test("Stamps grow though the clock stands still, within a seal and from one to the next")
    func standingStill() throws {
        let desk = try TestDesk()
        let now: Int64 = 1_772_366_400_000
        var all = try stamps(desk, [now, now, now])
        all += try stamps(desk, [now, now])
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 })
        #expect(all.allSatisfy { $0.milliseconds == now })
    }

    @Test("Stamps grow while the clock takes a small step back")
    func smallStepBack() throws {
        let desk = try TestDesk()
        let now: Int64 = 1_772_366_400_000
        let all = try stamps(desk, [now, now - 1_000, now - 2_000, now + 1])
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("Stamps follow a clock that was put right by a large step, and grow again from there")
    func largeStepBack() throws {
        let desk = try TestDesk()
        let now: Int64 = 1_772_366_400_000
        let ahead = now + 400 * 86_400_000
        let all = try stamps(desk, [ahead, ahead + 5, now, now, now + 1])
        #expect(all.map(\.milliseconds) == [ahead, ahead + 5, now, now, now + 1])
        #expect(all[2] < all[3] && all[3] < all[4])
        #expect(try stamps(desk, [now + 9]).map(\.milliseconds) == [now + 9])
    }

    @Test(
        "A clock that shows 1970, or lies beyond 2038, is sealed and read back",
        arguments: [Int64(-86_400_000), 0, 1, 2_147_483_648_000, 4_102_444_800_000, 281_474_976_710_654])
    func farTimes(reading: Int64) throws {
        let desk = try TestDesk()
        let all = try stamps(desk, [reading, reading])
        #expect(all.count == 2)
        #expect(all[0] < all[1])
        #expect(all[0].milliseconds == max(reading, 0))
    }

    @Test("The triggers note the time of writing, to the millisecond")
    func realClock() throws {
        let desk = try TestDesk()
        let result = try desk.python(
            """
            before = int(time.time() * 1000)
            db.execute("INSERT INTO book(room_id, title) VALUES(randomblob(16), 'x')")
            after = int(time.time() * 1000)
            ms = db.execute('SELECT ms FROM ru_journal').fetchone()[0]
            print(type(ms).__name__, before - 2 <= ms <= after + 2)
            """)
        #expect(result.output == "int True\n")
    }

    @Test("A device that knows its clock to be wrong says so in every op")
    func suspectClock() throws {
        let desk = try TestDesk.withBooks(1)
        _ = try desk.replica.settle(
            desk.hub.checkpoint(for: TestDesk.device), auditProof: .none,
            hubMilliseconds: desk.time.wallMilliseconds - 3_600_000)
        try desk.shell("UPDATE book SET price = 8;")
        #expect(try desk.sealed().map(\.flags) == [.clockSuspect])
        #expect(try sealedBatches(of: desk.replica).last?.header.clock.skewMilliseconds == 3_600_000)
    }
}
