import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Who has not yet purged what left")
struct PurgeListTests {
    @Test("A device that does not come is listed from the closing on, also when it is revoked")
    func absent() throws {
        let leaving = try LeavingWorld(seed: 211)
        let world = leaving.world
        try leaving.withdraw()
        try world.sync(leaving.worker)
        try leaving.give(to: world.gloucester)
        #expect(try leaving.purges() == ["surrey-office owed", "surrey-laptop owed"].sorted())
        try world.settle()
        #expect(try leaving.purges() == [])
        try leaving.give(to: world.surrey)
        try world.sync(leaving.office)
        try world.sync(world.surreyLaptop)
        try leaving.give(to: world.gloucester)
        try world.sync(leaving.office)
        #expect(try leaving.purges() == ["surrey-laptop owed"])
        _ = try world.hub.revoke(device: world.surreyLaptop.id.description)
        let purge = try #require(try world.hub.purges().first)
        #expect(purge.isRevoked && purge.partner == "SRY" && purge.lastSeenMilliseconds != nil)
        #expect(purge.sinceMilliseconds > 0 && purge.rows == nil)
        // The case that it lost before, and all that it held when it was revoked.
        #expect(try world.hub.status().purgesOwed == 2)
    }

    @Test("What comes back whole before the device has spoken need not be purged; what comes back in part must")
    func superseded() throws {
        let leaving = try LeavingWorld(seed: 212)
        let world = leaving.world
        let laptop = "surrey-laptop"
        try leaving.give(to: world.gloucester)
        try leaving.give(to: world.surrey)
        let all = try leaving.purges(all: true)
        #expect(all.contains("\(laptop) returned") && !all.contains("\(laptop) owed"))
        #expect(try world.sync(world.surreyLaptop).digest == .match)
        #expect(try leaving.purges(all: true).contains("\(laptop) returned"))

        // The worker held T3 of the case, and after that nothing.
        try leaving.withdraw()
        #expect(try leaving.purges() == ["gloucestershire-office owed"])
        try world.sync(leaving.worker)
        #expect(try leaving.purges() == [])
    }

    @Test("A device that never held it owes nothing, and one that may have been sent it is asked")
    func neverHeld() throws {
        let world = try World(seed: 213)
        // The laptop does not hear of the case.
        let rows = try world.openCase(on: world.surreyOffice, marker: "Zebrawood", naming: world.gloucester)
        try world.sync(world.surreyOffice)
        func purges() throws -> [String] {
            try world.hub.purges(all: true).filter { $0.scope == rows.id.description }
                .map { "\($0.deviceName) \($0.state)" }
        }
        try world.give(rows.id, to: world.gloucester)
        #expect(try purges() == ["surrey-office owed"])
        try world.sync(world.surreyOffice)
        #expect(try purges() == ["surrey-office purged"])
        // It asks, and the answer is lost: the hub cannot know whether it has the case.
        let asking = Wire(faults: nil)
        var wire = asking
        wire.crash = .judged
        world.advance(milliseconds: 1_000)
        #expect(try wire.sync(world.gloucestershire.replica, with: world.hub) == .crashed)
        try world.give(rows.id, to: world.surrey)
        #expect(try purges().contains("gloucestershire-office owed"))
        try world.sync(world.gloucestershire)
        #expect(try purges().contains("gloucestershire-office never-held"))
    }

    @Test("A receipt with another's signature proves nothing: the purge stays owed")
    func forged() throws {
        let leaving = try LeavingWorld(seed: 214)
        let (world, worker) = (leaving.world, leaving.worker)
        try leaving.withdraw()
        let facts = try worker.replica.facts()
        let forged = try PurgeReceipt(
            hub: facts.hub, hubEpoch: facts.epoch, device: facts.device, scope: leaving.rows.id, epoch: .zero,
            purged: Position(facts.cursor.rawValue + 1_000), cursor: facts.cursor, digest: facts.digest, rows: 1,
            isClean: true, milliseconds: 0
        ).signed(with: DeviceKeys.generate())
        var request = try worker.replica.nextRequest(after: 0, limit: .max).request
        request.purges = [forged.bytes, [1, 2, 3]]
        let sealed = try worker.replica.seal(request)
        let admission = try world.hub.sync(
            Hub.SignedRequest(
                device: sealed.device, keyNumber: facts.keyNumber, ticket: try worker.replica.ticket(),
                body: sealed.body))
        guard case .answer = admission else {
            Issue.record("the hub asked for another ticket")
            return
        }
        #expect(try leaving.purges() == ["gloucestershire-office owed"])
    }

    @Test("A purge that cannot be finished now is owed to the hub too, until it is")
    func busy() throws {
        let leaving = try LeavingWorld(seed: 215)
        let (world, worker) = (leaving.world, leaving.worker)
        try leaving.withdraw()
        let reader = try DatabaseQueue(path: worker.path)
        try reader.inDatabase { database in
            try database.execute(sql: "BEGIN; SELECT count(*) FROM need")
            let outcome = try world.sync(worker)
            #expect(outcome.left.contains(leaving.rows.id))
            #expect(try worker.replica.status().purgesOwed >= 1)
            #expect(try leaving.purges() == ["gloucestershire-office owed"])
            try database.execute(sql: "COMMIT")
        }
        try world.sync(worker)
        #expect(try leaving.purges(all: true) == ["gloucestershire-office purged"])
    }
}
