import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A push that is stuck")
struct StuckPushTests {
    @Test(
        "A batch that was damaged in the outbox keeps nobody from receiving, and what follows it waits where it is seen"
    )
    func damagedBatch() throws {
        let world = try World(seed: 61)
        let rows = try world.openCase(on: world.surreyOffice, marker: "stuck", naming: world.gloucester)
        try world.settle()
        let laptop = world.surreyLaptop
        try laptop.set("known_as", of: "person", rows.person, to: "in the damaged batch")
        _ = try laptop.replica.nextRequest(after: 0, limit: 100_000)
        try laptop.replica.database.write {
            try $0.execute(sql: "UPDATE ru_outbox SET signature = zeroblob(64) WHERE state < 2")
        }
        try laptop.set("detail", of: "need", rows.need, to: "behind it")
        try world.surreyOffice.set("nationality", of: "person", rows.person, to: "Irish")
        try world.sync(world.surreyOffice)

        // Again and again: the pull goes on, nothing that was typed goes away.
        for _ in 0..<2 {
            let outcome = try world.sync(laptop)
            #expect(outcome.digest == .match)
            #expect(try laptop.text("nationality", of: "person", rows.person) == "Irish")
            #expect(try laptop.text("known_as", of: "person", rows.person) == "in the damaged batch")
            #expect(try laptop.text("detail", of: "need", rows.need) == "behind it")
            // What the hub cannot take is not there; what follows it is, and the hub says so each time.
            #expect(try laptop.replica.status().unsentEdits == 1)
            #expect(try laptop.replica.toldEdits() == 1)
            #expect(try world.hub.holds().map(\.edits) == [1])
        }
        // An operator lets what waits begin a branch of its own.
        let held = try #require(try world.hub.holds().first)
        _ = try world.hub.release(held: held.id)
        try world.sync(laptop)
        try world.sync(world.surreyOffice)
        #expect(try world.surreyOffice.text("detail", of: "need", rows.need) == "behind it")
        #expect(try laptop.replica.status().unsentEdits == 1)
        #expect(try laptop.replica.toldEdits() == 0)
    }
}
