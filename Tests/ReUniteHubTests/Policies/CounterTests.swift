import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A counter adds up what everybody counted")
struct CounterTests {
    private let tally = row(1)
    private var visits: String { "SELECT visits FROM tally WHERE id = \(literal(tally))" }
    private var calls: String { "SELECT calls FROM tally WHERE id = \(literal(tally))" }

    private func world(calls: String = "NULL") throws -> PolicyWorld {
        let world = try PolicyWorld()
        try world.owner.edit(
            "INSERT INTO tally(id, centre_id, calls) VALUES(\(literal(tally)), \(world.centreLiteral), \(calls));")
        try world.settle()
        return world
    }

    @Test("Seven here and five there are twelve, whoever syncs first", arguments: [false, true])
    func adds(swapped: Bool) throws {
        let world = try world()
        try world.owner.edit("UPDATE tally SET visits = visits + 3; UPDATE tally SET visits = visits + 4;")
        try world.guest.edit("UPDATE tally SET visits = visits + 5;")
        for office in world.offices(swapped: swapped) { try office.sync() }
        try world.settle()
        #expect(try world.value(visits) == .integer(12))
        #expect(try world.openConflicts() == 0 && world.quarantined() == [])
    }

    @Test("A batch that comes again counts once")
    func replayed() throws {
        let world = try world()
        try world.owner.edit("UPDATE tally SET visits = visits + 7;")
        for _ in 0..<3 { try world.owner.send() }
        try world.guest.edit("UPDATE tally SET visits = visits + 5;")
        try world.guest.send()
        try world.settle()
        #expect(try world.value(visits) == .integer(12))
    }

    @Test("All steps between two seals travel as one difference, and none when they cancel out")
    func oneOp() throws {
        let world = try world()
        try world.owner.edit(
            "UPDATE tally SET visits = 9; UPDATE tally SET visits = 2, label = 'x'; UPDATE tally SET visits = 4;")
        try world.owner.replica.seal()
        let ops = try decodedOps(of: world.owner.replica)
        #expect(ops.map(\.kind) == [.set, .increment])
        #expect(ops.last?.values == [.integer(4)] && ops.last?.groups == 2)
        try world.owner.sync()
        try world.owner.edit("UPDATE tally SET visits = 10; UPDATE tally SET visits = 4;")
        try world.owner.replica.seal()
        #expect(try decodedOps(of: world.owner.replica).isEmpty)
        try world.settle()
    }

    @Test("A new row begins with its first value and counts on from there")
    func newRow() throws {
        let world = try PolicyWorld()
        try world.owner.edit(
            """
            INSERT INTO tally(id, centre_id, visits) VALUES(\(literal(tally)), \(world.centreLiteral), 2);
            UPDATE tally SET visits = visits + 3; UPDATE tally SET calls = 1;
            """)
        try world.owner.replica.seal()
        let ops = try decodedOps(of: world.owner.replica)
        #expect(ops.map(\.kind) == [.create, .increment, .increment])
        #expect(ops.first?.values.dropFirst().prefix(2) == [.integer(2), .null])
        try world.settle()
        #expect(try world.value(visits) == .integer(5))
        #expect(try world.value(calls) == .integer(1))
    }

    @Test("What waits here stays on top of what the hub sends meanwhile")
    func pendingOnTop() throws {
        let world = try world()
        try world.guest.edit("UPDATE tally SET visits = 10;")
        try world.guest.sync()
        // The owner's increment is sealed and goes out only after the guest's has come in.
        try world.owner.sync()
        try world.owner.edit("UPDATE tally SET visits = visits + 1;")
        try world.owner.replica.seal()
        try world.guest.edit("UPDATE tally SET visits = visits + 100; UPDATE tally SET label = 'new';")
        try world.guest.sync()
        let delivery = try world.delivery(for: world.owner)
        _ = try world.owner.replica.apply(delivery, hubMilliseconds: world.time.wallMilliseconds)
        #expect(try world.owner.value(visits) == .integer(111))
        #expect(try world.value(visits) == .integer(110))
        try world.owner.edit("UPDATE tally SET visits = visits + 1;")
        try world.settle()
        #expect(try world.value(visits) == .integer(112))
    }

    @Test("NULL counts as nothing, and ends as the same value everywhere")
    func null() throws {
        let world = try world()
        try world.owner.edit("UPDATE tally SET calls = 0;")
        try world.settle()
        #expect(try world.value(calls) == .integer(0))
        try world.owner.edit("UPDATE tally SET calls = 3;")
        try world.guest.edit("UPDATE tally SET calls = NULL;")
        try world.settle()
        #expect(try world.value(calls) == .integer(3))
    }

    @Test("A row deleted and inserted again counts from what it showed before")
    func reinserted() throws {
        let world = try world(calls: "10")
        try world.guest.edit("UPDATE tally SET calls = calls + 5;")
        try world.owner.edit(
            """
            UPDATE tally SET calls = 12; DELETE FROM tally;
            INSERT INTO tally(id, centre_id, calls) VALUES(\(literal(tally)), \(world.centreLiteral), 3);
            UPDATE tally SET calls = 4;
            """)
        try world.settle()
        #expect(try world.value(calls) == .integer(9))
    }

    @Test("A sum that its table or 64 bits do not hold is not taken, and comes back")
    func tooMuch() throws {
        let world = try world(calls: "9223372036854775807")
        try world.owner.edit("UPDATE tally SET visits = 900;")
        try world.guest.edit("UPDATE tally SET visits = 800; UPDATE tally SET calls = calls - 9;")
        try world.owner.sync()
        try world.guest.sync()
        try world.settle()
        #expect(try world.value(visits) == .integer(900))
        #expect(try world.guest.returned() == [.malformed])
        #expect(try world.value(calls) == .integer(9_223_372_036_854_775_798))
        let op = Op(
            table: 3, key: tally, kind: .increment, groups: 4, stamp: HybridTime(milliseconds: 1),
            values: [.integer(10)])
        #expect(try world.submit([op]) == [.malformed])
    }

    @Test("What waits here and no longer fits does not keep a delivery from being applied")
    func pendingThatDoesNotFit() throws {
        let world = try world()
        try world.owner.edit("UPDATE tally SET visits = 600;")
        try world.owner.replica.seal()
        try world.guest.edit("UPDATE tally SET visits = 700;")
        try world.guest.sync()
        let delivery = try world.delivery(for: world.owner)
        _ = try world.owner.replica.apply(delivery, hubMilliseconds: world.time.wallMilliseconds)
        #expect(try world.owner.value(visits) == .integer(700))
        try world.settle()
        #expect(try world.owner.returned() == [.malformed])
    }

    @Test("A deletion puts every count that it had not seen into quarantine")
    func deleted() throws {
        let world = try world()
        try world.owner.edit("DELETE FROM tally;")
        try world.owner.replica.seal()
        for _ in 0..<3 {
            try world.guest.edit("UPDATE tally SET visits = visits + 1;")
            try world.guest.sync()
        }
        try world.settle()
        #expect(try world.value("SELECT count(*) FROM tally") == .integer(0))
        #expect(try world.quarantined() == [.rowDeleted, .rowDeleted, .rowDeleted])
    }

    @Test("A counter is counted, never set, and by a number")
    func neverSet() throws {
        let world = try world()
        for (kind, value) in [(Op.Kind.set, Value.integer(5)), (.increment, .null), (.increment, .text("5"))] {
            let op = Op(
                table: 3, key: tally, kind: kind, groups: 2, stamp: HybridTime(milliseconds: 1), values: [value])
            #expect(try world.submit([op]) == [.malformed])
        }
        #expect(throws: Failure.self) {
            try world.owner.edit(
                "INSERT OR REPLACE INTO tally(id, centre_id) VALUES(\(literal(tally)), \(world.centreLiteral));")
        }
    }
}

extension PolicyWorld {
    /// What the hub would send an office now that says nothing of its own batches.
    func delivery(for office: Office) throws -> [UInt8] {
        let facts = try office.replica.facts()
        let request = SyncRequest(
            cursor: facts.cursor, epoch: facts.epoch, digest: facts.digest, chainHead: facts.chainHead,
            schemaVersion: 1,
            clock: ClockReport(
                wallMilliseconds: time.wallMilliseconds, monotonicMilliseconds: 0, boot: .zero, lastHubMilliseconds: 0,
                skewMilliseconds: 0),
            unsent: 0, moreFollows: false, want: [], checkpoints: [], batches: [])
        guard case .delivery(let bytes) = try office.exchange(request).body else {
            throw FormatError(.malformed, "nothing was new")
        }
        return bytes
    }
}
