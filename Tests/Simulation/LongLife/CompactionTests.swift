import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Who comes after a feed was compacted holds what it would have held")
struct CompactionTests {
    static let seeds = RandomWorlds.seeds(3)
    private static let tally = RandomWorlds.Tally()

    @Test("In random worlds whose feeds are compacted at any moment replicas converge as ever", arguments: seeds)
    func worlds(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        simulation.compactsFeeds = true
        do {
            try simulation.run(steps: RandomWorlds.steps(50))
            let complaints = simulation.complaints + (try Audit(simulation).complaints())
            #expect(complaints.isEmpty, "\(SimulationTests.report(simulation, complaints, by: "CompactionTests"))")
        } catch {
            Issue.record(
                "\(error)\n\(SimulationTests.report(simulation, simulation.complaints, by: "CompactionTests"))")
        }
        guard let met = Self.tally.add(simulation.met, of: Self.seeds.count), Self.seeds.count > 1 else { return }
        #expect(met["feed compacted", default: 0] > 0, "no feed was compacted: the worlds prove nothing about it")
    }

    /// A world in which, while the laptop is away, a case leaves it, a row is deleted, and another is changed.
    private static func away(seed: UInt64) throws -> (world: World, stays: CaseRows, leaves: CaseRows) {
        let world = try World(seed: seed)
        let stays = try world.openCase(on: world.surreyOffice, marker: "stays", naming: world.gloucester)
        let leaves = try world.openCase(on: world.surreyOffice, marker: "leaves", naming: world.gloucester)
        try world.settle()
        try world.surreyLaptop.set("first_name", of: "child", stays.child, to: "typed long ago")
        try world.give(leaves.id, to: world.gloucester)
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [stays.need.sqlBlob])
        }
        try world.surreyOffice.set("known_as", of: "person", stays.person, to: "changed")
        for _ in 0..<2 { try world.sync(world.surreyOffice) }
        return (world, stays, leaves)
    }

    /// How long the laptop's feed is.
    private static func references(_ world: World) throws -> Int {
        try world.reader.read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM hub_feed WHERE sub = (SELECT sub FROM hub_device WHERE id = ?)",
                arguments: [world.surreyLaptop.id.sqlBlob]) ?? 0
        }
    }

    @Test("after 400 days a laptop is given everything anew, sweeps what is gone, and brings what it wrote")
    func longAway() throws {
        let (world, stays, leaves) = try CompactionTests.away(seed: 541)
        let laptop = world.surreyLaptop
        let before = try CompactionTests.references(world)
        try world.hub.tend()
        #expect(try CompactionTests.references(world) == before, "the laptop has not heard of any of it")
        world.advance(milliseconds: 400 * 86_400_000)
        try world.hub.tend()
        #expect(try CompactionTests.references(world) < before)
        #expect(try laptop.holds("need", leaves.need) && laptop.holds("need", stays.need))
        let outcome = try world.sync(laptop)
        #expect(outcome.digest == .match && outcome.left == [leaves.id])
        #expect(try !laptop.holds("need", leaves.need) && !laptop.holds("need", stays.need))
        #expect(try laptop.text("known_as", of: "person", stays.person) == "changed")
        #expect(try world.reader.text("first_name", of: "child", stays.child) == "typed long ago")
        #expect(try laptop.text("first_name", of: "child", stays.child) == "typed long ago")
        #expect(try laptop.unjudgedOps().isEmpty && laptop.replica.status().purgesOwed == 0)
        try world.settle()
        #expect(try laptop.count("SELECT count(*) FROM ru_want") == 0)
    }

    @Test("what every device has heard of goes at once, and costs nobody a delivery")
    func heard() throws {
        let (world, stays, _) = try CompactionTests.away(seed: 542)
        try world.settle()
        let before = try CompactionTests.references(world)
        #expect(try world.hub.compactFeeds() > 0)
        #expect(try CompactionTests.references(world) < before)
        #expect(try world.hub.compactFeeds() == 0)
        for device in world.devices {
            let outcome = try world.sync(device)
            #expect(outcome.roundTrips == 1 && outcome.pulledRows == 0 && outcome.digest == .match)
        }
        #expect(try !world.surreyLaptop.holds("need", stays.need))
    }

    @Test("by stick a device that is too far behind is handed everything too")
    func byStick() throws {
        let (world, stays, leaves) = try CompactionTests.away(seed: 543)
        let laptop = world.surreyLaptop
        try world.hub.compactFeeds(olderThan: 0)
        _ = try world.hub.take(upFile: try laptop.replica.upFile().bytes)
        let file = try world.hub.downFile(for: laptop.id)
        #expect(file.label.kind == .resync)
        _ = try laptop.replica.take(file: file.bytes)
        #expect(try !laptop.holds("need", leaves.need) && !laptop.holds("need", stays.need))
        #expect(try world.sync(laptop).digest == .match)
    }
}
