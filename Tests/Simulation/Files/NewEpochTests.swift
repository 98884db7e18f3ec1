import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// What the hub said that it has, it said of one life of its own.
@Suite("A hub that was put back from a backup is sent again what it no longer has")
struct NewEpochTests {
    @Test("A batch that only a file of receipts spoke for goes again in the hub's next epoch, and counts once")
    func takenBefore() throws {
        let world = try World(seed: 421)
        let laptop = world.surreyLaptop
        let rows = try world.openCase(on: laptop, marker: "ZQEPOCH", naming: world.gloucester)
        try world.take(try laptop.replica.upFile())
        let file = try world.hub.downFile(for: laptop.id, .receipts)
        #expect(try laptop.replica.take(file: file.bytes) == .receipts(1))
        #expect(try laptop.replica.status().unsentEdits == 0)
        #expect(try laptop.replica.upFile().batches == 0)

        // A backup from before the file came, opened in an epoch of its own.
        let (hub, path) = try world.freshHub(in: HubEpoch(number: 2, salt: world.newID()))
        try laptop.adopt(hub.epoch)
        #expect(try laptop.replica.status().unsentEdits > 0)
        // What the hub's former life said comes late, and is not taken for the new one's.
        #expect { try laptop.replica.take(file: file.bytes) } throws: { ($0 as? Failure)?.code == .badData }
        var wire = Wire(faults: nil)
        guard case .finished(let outcome) = try wire.sync(laptop.replica, with: hub) else {
            Issue.record("the sync did not finish")
            return
        }
        #expect(outcome.digest == .match && outcome.pushedEdits > 0)
        let reader = try HubReader(path: path)
        #expect(try reader.text("detail", of: "need", rows.need) == "ZQEPOCH need")
        #expect(try laptop.unjudgedOps().isEmpty)
        guard case .finished(let second) = try wire.sync(laptop.replica, with: hub) else {
            Issue.record("the sync did not finish")
            return
        }
        #expect(second.digest == .match && second.pushedEdits == 0 && second.pulledRows == 0)
    }

    @Test("A file of a later life is refused with the way out: another would be refused as well")
    func later() throws {
        let world = try World(seed: 423)
        let laptop = world.surreyLaptop
        let file = try world.hub.downFile(for: laptop.id)
        try laptop.adopt(HubEpoch(number: world.hub.epoch.number - 1, salt: world.newID()))
        #expect { try laptop.replica.take(file: file.bytes) } throws: {
            guard let failure = $0 as? Failure else { return false }
            return failure.code == .badData && failure.remedy.contains("Sync over the network once")
        }
    }

    @Test("The same number with another salt is another epoch: two backups may have been opened")
    func anotherSalt() throws {
        let world = try World(seed: 422)
        let laptop = world.surreyLaptop
        _ = try world.openCase(on: laptop, marker: "ZQEPOCH", naming: world.gloucester)
        try world.take(try laptop.replica.upFile())
        let file = try world.hub.downFile(for: laptop.id, .receipts)
        #expect(try laptop.replica.take(file: file.bytes) == .receipts(1))
        let first = world.hub.epoch
        try laptop.adopt(HubEpoch(number: first.number, salt: world.newID()))
        #expect(try laptop.replica.status().unsentEdits > 0)
        try laptop.adopt(first)
        #expect(try laptop.replica.status().unsentEdits == 0)
    }
}

extension Device {
    /// Its file as it would be once it had learnt of the hub's new epoch.
    fileprivate func adopt(_ epoch: HubEpoch) throws {
        try replica.database.write { database in
            var facts = try ReplicaFacts(database)
            facts.epoch = epoch
            try facts.save(database)
        }
    }
}
