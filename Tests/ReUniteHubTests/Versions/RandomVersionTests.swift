import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// The same edits and the same syncs in two worlds: in one the programs are upgraded one after the other, the hub first,
/// in the other all of them were new from the beginning. In the end nobody can tell the worlds apart.
@Suite("Versions in any order end where one version would have ended")
struct RandomVersionTests {
    @Test(
        "random edits at three versions, syncs over the network and by file, then upgrades",
        arguments: [1, 2, 3] as [UInt64])
    func mixed(seed: UInt64) throws {
        let old = try GardenWorld(hub: 1, office: 1, laptop: 1)
        let new = try GardenWorld(hub: 3, office: 3, laptop: 3)
        var dice = SeededGenerator(seed: seed)
        var story = Story(knows: [1, 1])
        // What becomes of the old world's programs before each part of the story: hub, office, laptop.
        for (hub, office, laptop) in [(1, 1, 1), (3, 1, 1), (3, 2, 1), (3, 3, 1), (3, 3, 3)] {
            try old.upgradeHub(to: hub)
            try old.office.upgrade(to: office)
            try old.laptop.upgrade(to: laptop)
            story.knows = [office, laptop]
            for _ in 0..<14 {
                let step = story.step(&dice)
                for world in [old, new] { try play(step, in: world) }
            }
            try old.syncAll()
            try new.syncAll()
            for desk in old.desks {
                #expect(try desk.differences(from: old.hub).rows == 0, "seed \(seed), version \(desk.version)")
            }
        }
        let end = try new.dump()
        #expect(try old.dump() == end, "seed \(seed)")
        for desk in old.desks + new.desks { #expect(try desk.dump() == end, "seed \(seed)") }
        for desk in old.desks { #expect(try desk.keptRows == 0) }
        for list in ["hub_quarantine", "hub_conflict", "hub_conflict WHERE closed IS NULL"] {
            let count = "SELECT count(*) FROM \(list)"
            #expect(try old.value(count) == new.value(count), "seed \(seed), \(list)")
        }
        #expect(story.versionsUsed == [1, 2, 3], "seed \(seed) tries too little")
    }

    private func play(_ step: Story.Step, in world: GardenWorld) throws {
        switch step {
        case .edit(let desk, let sql):
            world.time.advance(milliseconds: 60_000)
            try world.desks[desk].edit(sql)
        case .sync(let desk): _ = try world.sync(world.desks[desk])
        case .carry(let desk): try world.carry(world.desks[desk])
        }
    }
}

/// What happens, one step after the other. A desk writes only what its program knows in the older of the two worlds.
private struct Story {
    enum Step {
        case edit(Int, String)
        case sync(Int)
        case carry(Int)
    }

    var knows: [Int]
    private(set) var versionsUsed = Set<Int>()
    private var made: UInt64 = 0

    init(knows: [Int]) {
        self.knows = knows
    }

    mutating func step(_ dice: inout SeededGenerator) -> Step {
        let desk = Int.random(in: 0..<2, using: &dice)
        switch Int.random(in: 0..<10, using: &dice) {
        case 0, 1: return .sync(desk)
        case 2: return .carry(desk)
        default:
            let version = Int.random(in: 1...knows[desk], using: &dice)
            versionsUsed.insert(version)
            return .edit(desk, edit(version, &dice))
        }
    }

    private mutating func edit(_ version: Int, _ dice: inout SeededGenerator) -> String {
        let word = "'w\(UInt16.random(in: .min ... .max, using: &dice))'"
        let room = literal(GardenWorld.room)
        made += 1
        let fresh = literal(row(made))
        func one(of table: String) -> String {
            let place = Int.random(in: 0..<5, using: &dice)
            return "WHERE id = (SELECT id FROM \(table) ORDER BY id LIMIT 1 OFFSET \(place))"
        }
        let choice = Int.random(in: 0..<7, using: &dice)
        switch (version, choice) {
        case (1, 0), (1, 1): return "INSERT INTO plot(id, room_id, name) VALUES(\(fresh), \(room), \(word))"
        case (1, 2): return "UPDATE plot SET note = \(word) \(one(of: "plot"))"
        case (1, 3): return "UPDATE plot SET visits = visits + 1, stage = 'DUG' \(one(of: "plot"))"
        case (1, 4): return "INSERT INTO tag(id, room_id, word) VALUES(\(fresh), \(room), \(word))"
        case (1, 5):
            return choice == 5 && made % 2 == 0
                ? "DELETE FROM tag \(one(of: "tag"))" : "DELETE FROM plot \(one(of: "plot"))"
        case (1, _): return "UPDATE plot SET name = \(word) \(one(of: "plot"))"
        case (2, 0), (2, 1):
            return "INSERT INTO plot(id, room_id, name, soil) VALUES(\(fresh), \(room), \(word), \(word))"
        case (2, 2): return "INSERT INTO tag(id, room_id, word, colour) VALUES(\(fresh), \(room), \(word), 'red')"
        case (2, 3): return "UPDATE plot SET size = size + 1 \(one(of: "plot"))"
        case (2, _): return "UPDATE plot SET soil = \(word) \(one(of: "plot"))"
        case (_, 0), (_, 1): return "INSERT INTO bed(id, room_id, words) VALUES(\(fresh), \(room), \(word))"
        case (_, 2): return "UPDATE bed SET words = \(word) \(one(of: "bed"))"
        case (_, 3): return "UPDATE bed SET depth = depth + 1 \(one(of: "bed"))"
        case (_, 4): return "INSERT INTO grave(id, room_id, pet) VALUES(\(fresh), \(room), \(word))"
        case (_, 5): return "DELETE FROM bed \(one(of: "bed"))"
        default: return "UPDATE plot SET sun = \(word), name = \(word) \(one(of: "plot"))"
        }
    }
}
