import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Protection is raised by anyone and lowered by a person's decision")
struct ProtectionTests {
    private let risk = row(1)
    private var level: String { "SELECT level FROM risk" }

    private func world(_ level: String = "'MEDIUM'") throws -> PolicyWorld {
        let world = try PolicyWorld()
        try world.owner.edit(
            "INSERT INTO risk(id, centre_id, level) VALUES(\(literal(risk)), \(world.centreLiteral), \(level));")
        try world.settle()
        return world
    }

    private func resolution(_ value: String, naming names: [SiblingName]) -> Op {
        Op(
            table: 4, key: risk, kind: .resolve, groups: 2, stamp: HybridTime(milliseconds: 1),
            values: [.text(value)], context: Op.Context(supersedes: names))
    }

    @Test("Lowered here and raised there is high, and a review is open", arguments: [false, true])
    func bothWays(swapped: Bool) throws {
        let world = try world()
        try world.owner.edit("UPDATE risk SET level = 'LOW';")
        try world.guest.edit("UPDATE risk SET level = 'HIGH';")
        for office in world.offices(swapped: swapped) { try office.sync() }
        try world.settle()
        #expect(try world.value(level) == .text("HIGH"))
        #expect(try world.openConflicts() == 1)
        #expect(try world.owner.replica.status().conflicts == 1)
    }

    @Test("A raise stands at once and asks nobody")
    func raise() throws {
        let world = try world()
        try world.guest.edit("UPDATE risk SET level = 'HIGH';")
        try world.settle()
        try world.owner.edit("UPDATE risk SET refuge = 1;")
        try world.settle()
        #expect(try world.value(level) == .text("HIGH"))
        #expect(try world.value("SELECT refuge FROM risk") == .integer(1))
        #expect(try world.openConflicts() == 0)
    }

    @Test("A lowering that nobody contradicts is a proposal until a resolution names what it lowers")
    func proposal() throws {
        let world = try world()
        try world.owner.edit("UPDATE risk SET level = 'LOW', refuge = 1;")
        try world.settle()
        #expect(try world.owner.value(level) == .text("MEDIUM"))
        #expect(try world.openConflicts() == 1)
        let names = try world.siblings(of: 4, risk, group: 1)
        #expect(names.count == 2)
        #expect(try world.submit([resolution("LOW", naming: names)]) == [])
        try world.settle()
        #expect(try world.owner.value(level) == .text("LOW"))
        #expect(try world.openConflicts() == 0)
        // A raise on what was resolved stands at once, as any does.
        try world.guest.edit("UPDATE risk SET level = 'MEDIUM';")
        try world.settle()
        #expect(try world.value(level) == .text("MEDIUM"))
        #expect(try world.openConflicts() == 0)
        try world.guest.edit("UPDATE risk SET refuge = 0;")
        try world.settle()
        #expect(try world.value("SELECT refuge FROM risk") == .integer(1))
    }

    @Test("A resolution decides on what it names; the others stay open beside it")
    func partial() throws {
        let world = try world()
        try world.owner.edit("UPDATE risk SET level = 'LOW';")
        try world.guest.edit("UPDATE risk SET level = 'HIGH';")
        try world.settle()
        let names = try world.siblings(of: 4, risk, group: 1)
        let stranger = SiblingName(group: 1, op: OpID(batch: row(99), index: 3))
        #expect(try world.submit([resolution("MEDIUM", naming: [names[1], stranger])]) == [])
        #expect(Set(try world.siblings(of: 4, risk, group: 1).map(\.op)).contains(names[0].op))
        #expect(try world.openConflicts() == 1)
        #expect(try world.value(level) == .text("HIGH"))
        try world.settle()
        #expect(try world.submit([resolution("MEDIUM", naming: try world.siblings(of: 4, risk, group: 1))]) == [])
        try world.settle()
        #expect(try world.value(level) == .text("MEDIUM") && world.openConflicts() == 0)
    }

    @Test("A value that the schema does not rank protects most")
    func unranked() throws {
        let world = try world("'UNHEARD OF'")
        try world.owner.edit("UPDATE risk SET level = 'HIGH';")
        try world.settle()
        #expect(try world.value(level) == .text("UNHEARD OF"))
        #expect(try world.openConflicts() == 1)
    }

    @Test("Only the hub resolves, whatever a device signs")
    func onlyTheHub() throws {
        let world = try world()
        try world.guest.edit("UPDATE risk SET level = 'LOW';")
        try world.settle()
        let names = try world.siblings(of: 4, risk, group: 1)
        try world.guest.forge([resolution("LOW", naming: names)])
        #expect(try world.quarantined() == [.role])
        #expect(try world.value(level) == .text("MEDIUM"))
    }
}
