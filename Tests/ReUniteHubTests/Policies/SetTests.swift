import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Elements of a set are added and removed, and adding wins")
struct SetTests {
    private let tag = row(1)

    private func add(_ word: String, to world: PolicyWorld, table: String = "tag") -> String {
        "INSERT INTO \(table)(id, centre_id, word) VALUES(\(literal(tag)), \(world.centreLiteral), '\(word)');"
    }

    private func words(_ world: PolicyWorld) throws -> Value {
        try world.value("SELECT group_concat(word) FROM tag")
    }

    private func world() throws -> PolicyWorld {
        let world = try PolicyWorld()
        try world.owner.edit(add("quiet", to: world))
        try world.settle()
        return world
    }

    @Test("What somebody had seen can be removed, and is gone everywhere")
    func removes() throws {
        let world = try world()
        try world.guest.edit("DELETE FROM tag;")
        try world.settle()
        #expect(try words(world) == .null)
        #expect(try world.owner.value("SELECT count(*) FROM tag") == .integer(0))
        // Whoever knows that it was removed may add it again.
        try world.owner.edit(add("quiet", to: world))
        try world.settle()
        #expect(try words(world) == .text("quiet"))
    }

    @Test("An element added again while another office removed it stays", arguments: [false, true])
    func addWins(swapped: Bool) throws {
        let world = try world()
        try world.owner.edit("DELETE FROM tag; \(add("loud", to: world))")
        try world.guest.edit("DELETE FROM tag;")
        for office in world.offices(swapped: swapped) { try office.sync() }
        try world.settle()
        #expect(try words(world) == .text("loud"))
        #expect(try world.quarantined() == [] && world.openConflicts() == 0)
    }

    @Test("Of two additions of one element a removal takes the one that it had seen", arguments: [false, true])
    func partly(removalFirst: Bool) throws {
        let world = try PolicyWorld()
        try world.guest.edit(add("theirs", to: world))
        try world.guest.replica.seal()
        world.time.advance(milliseconds: 60_000)
        try world.owner.edit(add("ours", to: world))
        try world.owner.sync()
        try world.owner.edit("DELETE FROM tag;")
        try world.owner.replica.seal()
        for office in world.offices(swapped: !removalFirst) { try office.sync() }
        try world.settle()
        #expect(try words(world) == .text("theirs"))
        // Both have seen it now, so it can go.
        try world.owner.edit("DELETE FROM tag;")
        try world.settle()
        #expect(try words(world) == .null)
    }

    @Test("An element is never changed: not by an application, and not at the hub")
    func neverChanged() throws {
        let world = try world()
        for sql in ["UPDATE tag SET word = 'other';", "REPLACE INTO tag SELECT id, centre_id, 'other' FROM tag;"] {
            #expect(throws: Failure.self) { try world.owner.edit(sql) }
        }
        let op = Op(
            table: 5, key: tag, kind: .set, groups: 2, stamp: HybridTime(milliseconds: 1), values: [.text("other")])
        #expect(try world.submit([op]) == [.appendOnly])
        #expect(try words(world) == .text("quiet"))
    }

    @Test("Where only the hub may remove, an element comes back to whoever removed it")
    func onlyTheHubRemoves() throws {
        let world = try PolicyWorld()
        try world.owner.edit(add("proof", to: world, table: "link"))
        try world.settle()
        try world.guest.edit("DELETE FROM link;")
        try world.settle()
        #expect(try world.guest.returned() == [.role])
        #expect(try world.guest.value("SELECT word FROM link") == .text("proof"))
        let removal = Op(
            table: 6, key: tag, kind: .delete, groups: 0, stamp: HybridTime(milliseconds: 1), values: [])
        #expect(try world.submit([removal]) == [])
        try world.settle()
        #expect(try world.guest.value("SELECT count(*) FROM link") == .integer(0))
    }
}
