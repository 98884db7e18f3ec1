import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situations 1, 2 and 25 of the catalogue of conflicts.
@Suite("Two people at the same woman's record")
struct SameRecordTests {
    @Test(
        "1: the office edits one column, the prison laptop another: both stand, nobody is asked",
        arguments: SyncOrder.ofTwo)
    func parallelColumns(order: SyncOrder) async throws {
        try await Situation.play { scene in
            try scene.office.set("language", of: "person", scene.rows.person, to: "Welsh")
            try scene.laptop.set("known_as", of: "person", scene.rows.person, to: "Ash")
            try await scene.meet([scene.office, scene.laptop], in: order)
            try scene.expect("language", of: "person", scene.rows.person, is: "Welsh")
            try scene.expect("known_as", of: "person", scene.rows.person, is: "Ash")
            #expect(try scene.conflicts().isEmpty)
        }
    }

    @Test(
        "2: two dates of birth, from a prison card and from herself: both stand and a person is asked",
        arguments: SyncOrder.ofTwo)
    func datesOfBirth(order: SyncOrder) async throws {
        try await Situation.play { scene in
            try scene.office.set("date_of_birth", of: "person", scene.rows.person, to: "1990-03-02")
            scene.world.advance(milliseconds: 3_600_000)
            try scene.laptop.set("date_of_birth", of: "person", scene.rows.person, to: "1990-02-03")
            try await scene.meet([scene.office, scene.laptop], in: order)
            #expect(
                try scene.standing("date_of_birth", of: "person", scene.rows.person) == [
                    [.text("1990-03-02")], [.text("1990-02-03")],
                ])
            let open = try #require(try scene.conflicts().first)
            #expect(open.columns == ["date_of_birth"])
            #expect(Set(open.values.map(\.device)) == [scene.office.name, scene.laptop.name])
            // Whoever came first to the hub, everybody sees the one that was typed last.
            try scene.expect("date_of_birth", of: "person", scene.rows.person, is: "1990-02-03")
        }
    }

    @Test(
        "25: a laptop whose clock is three days fast does not win by it: a person decides", arguments: SyncOrder.ofTwo)
    func fastClock(order: SyncOrder) async throws {
        try await Situation.play { scene in
            scene.laptop.time.set(wall: scene.world.hubTime.wallMilliseconds + 3 * 86_400_000)
            try await scene.settle()
            try scene.laptop.set("known_as", of: "person", scene.rows.person, to: "from the laptop")
            scene.world.advance(milliseconds: 3_600_000)
            try scene.office.set("known_as", of: "person", scene.rows.person, to: "an hour later")
            try await scene.meet([scene.office, scene.laptop], in: order)
            try scene.expect("known_as", of: "person", scene.rows.person, is: "an hour later")
            #expect(try scene.conflicts().map(\.columns) == [["known_as"]])
            let status = try scene.laptop.replica.status()
            // The hub's clock is counted on from its answer by the machine's own time.
            #expect((2 * 86_400_000...3 * 86_400_000).contains(status.clockSkewMilliseconds))
        }
    }
}
