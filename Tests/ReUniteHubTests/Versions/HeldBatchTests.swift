import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A batch that an older hub holds goes to it once")
struct HeldBatchTests {
    /// An office whose program is newer than the hub's has written, and has synced.
    private func held() throws -> GardenWorld {
        let world = try GardenWorld(hub: 1, office: 3, laptop: 1)
        try world.office.add(plot: 1, name: "North", [("soil", "'Clay'")])
        let first = try world.sync(world.office)
        #expect(first.pushedEdits == 1)
        #expect(try world.hub.holds().map(\.schema) == [3])
        return world
    }

    @Test("it is sent once, what is written after it too, and both are judged after the upgrade")
    func once() throws {
        let world = try held()
        #expect(try world.sync(world.office).pushedEdits == 0)
        try world.office.add(bed: 2, words: "Beans")
        #expect(try world.sync(world.office).pushedEdits == 1)
        let quiet = try world.sync(world.office)
        #expect(quiet.pushedEdits == 0 && quiet.roundTrips == 1, "nothing is told twice")
        #expect(try world.hub.holds().count == 2)
        let pages = try (1...3).map { try world.hub.holds(.page($0, of: 1)) }
        #expect(try pages.prefix(2).flatMap(\.entries) == world.hub.holds() && pages[2].entries == pages[1].entries)
        #expect(pages.allSatisfy { $0.total == 2 && $0.pages == 2 })
        try world.upgradeHub(to: 3)
        try world.syncAll()
        #expect(try world.hub.holds().isEmpty)
        #expect(try world.office.dump() == world.dump())
        #expect(try world.office.value("SELECT count(*) FROM ru_outbox WHERE state < 2") == .integer(0))
    }

    @Test("a hub that is upgraded by one version says so once more of what goes on waiting")
    func halfway() throws {
        let world = try held()
        try world.upgradeHub(to: 2)
        #expect(try world.sync(world.office).pushedEdits == 0)
        #expect(try world.hub.holds().map(\.schema) == [3])
        try world.upgradeHub(to: 3)
        try world.syncAll()
        #expect(try world.office.dump() == world.dump())
    }

    @Test("whoever did not hear the answer sends it again, and is told again")
    func lostAnswer() throws {
        let world = try GardenWorld(hub: 1, office: 3, laptop: 1)
        try world.office.add(plot: 1, name: "North")
        let request = try world.office.replica.nextRequest(after: 0, limit: 1 << 16)
        let sealed = try world.office.replica.seal(request.request)
        _ = try world.hub.sync(
            Hub.SignedRequest(
                device: sealed.device, keyNumber: 1, ticket: try world.office.replica.ticket(), body: sealed.body))
        #expect(try world.hub.holds().count == 1)
        #expect(try world.sync(world.office).pushedEdits == 1)
        #expect(try world.sync(world.office).pushedEdits == 0)
        #expect(try world.hub.holds().count == 1)
    }

    @Test("a hub that begins a new life is sent it again")
    func newLife() throws {
        let world = try GardenWorld(hub: 1, office: 3, laptop: 1)
        let copy = try world.copyHub()
        try world.office.add(plot: 1, name: "North")
        _ = try world.sync(world.office)
        // Something moves, so that the hub knows the copy for an old one.
        try world.laptop.add(plot: 2, name: "East")
        _ = try world.sync(world.laptop)
        try world.putBack(copy)
        #expect(try world.hub.holds().isEmpty)
        #expect(try world.sync(world.office).pushedEdits == 1)
        #expect(try world.hub.holds().map(\.schema) == [3])
        try world.upgradeHub(to: 3)
        _ = try world.hub.openRestored(by: "Ada", reason: "All are back")
        try world.syncAll()
        #expect(try world.office.dump() == world.dump())
        #expect(try world.value("SELECT count(*) FROM plot") == .integer(2))
    }

    @Test("one that lost it without knowing is sent it again once it says nothing of it")
    func lostUnnoticed() throws {
        let world = try GardenWorld(hub: 1, office: 3, laptop: 1)
        let copy = try world.copyHub()
        try world.office.add(plot: 1, name: "North")
        _ = try world.sync(world.office)
        // What waits has no position, so nothing tells that the copy is older.
        try world.putBack(copy)
        #expect(try world.hub.holds().isEmpty)
        #expect(try world.sync(world.office).pushedEdits == 0)
        #expect(try world.office.replica.status().wipeWaitsFor != nil)
        try world.upgradeHub(to: 3)
        try world.syncAll()
        #expect(try world.value("SELECT name FROM plot") == .text("North"))
        #expect(try world.office.dump() == world.dump())
    }

    @Test("of what waits for a predecessor that is not here only the damaged one is sent at each sync")
    func predecessor() throws {
        let world = try GardenWorld(hub: 1, office: 1, laptop: 1)
        try world.office.add(plot: 1, name: "North")
        _ = try world.office.replica.nextRequest(after: 0, limit: 1 << 16)
        try world.office.add(plot: 2, name: "East")
        // The first of two was damaged where it lay.
        try world.office.edit(
            "UPDATE ru_outbox SET signature = zeroblob(64) WHERE no = (SELECT min(no) FROM ru_outbox WHERE state < 2)")
        #expect(try world.sync(world.office).pushedEdits == 2)
        for _ in 0..<2 { #expect(try world.sync(world.office).pushedEdits == 1) }
        #expect(try world.hub.holds().map(\.schema) == [nil])
    }
}
