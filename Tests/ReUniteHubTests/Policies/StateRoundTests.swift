import ReUniteSync
import TestSupport
import Testing

@Suite("A step back begins a new round")
struct StateRoundTests {
    private var state: String { "SELECT state FROM stay" }

    private func world(at states: String...) throws -> PolicyWorld {
        let world = try PolicyWorld()
        try world.owner.edit("INSERT INTO stay(id, centre_id) VALUES(\(literal(row(1))), \(world.centreLiteral));")
        for state in states { try world.owner.edit("UPDATE stay SET state = '\(state)';") }
        try world.settle()
        return world
    }

    @Test("Back and on again beats the older path, though that had come further", arguments: [false, true])
    func newRoundWins(swapped: Bool) throws {
        let world = try world(at: "OFFERED")
        try world.owner.edit("UPDATE stay SET state = 'WAITLISTED';")
        try world.owner.sync()
        try world.owner.edit("UPDATE stay SET state = 'OFFERED';")
        try world.guest.edit("UPDATE stay SET state = 'MOVED_IN';")
        for office in world.offices(swapped: swapped) { try office.sync() }
        try world.settle()
        #expect(try world.value(state) == .text("OFFERED"))
        #expect(try world.openConflicts() == 1)
        #expect(try world.value("SELECT max(round) FROM hub_op") == .integer(1))
    }

    @Test("Within one round the further state stands", arguments: [false, true])
    func sameRound(swapped: Bool) throws {
        let world = try world(at: "WAITLISTED")
        try world.owner.edit("UPDATE stay SET state = 'OFFERED';")
        try world.guest.edit("UPDATE stay SET state = 'MOVED_IN';")
        for office in world.offices(swapped: swapped) { try office.sync() }
        try world.settle()
        #expect(try world.value(state) == .text("MOVED_IN"))
        #expect(try world.value("SELECT max(round) FROM hub_op") == .integer(0))
    }

    @Test("A closed state stands above every round", arguments: [false, true])
    func closed(swapped: Bool) throws {
        let world = try world(at: "OFFERED")
        try world.owner.edit("UPDATE stay SET state = 'WAITLISTED';")
        try world.guest.edit("UPDATE stay SET state = 'CLOSED';")
        for office in world.offices(swapped: swapped) { try office.sync() }
        try world.settle()
        #expect(try world.value(state) == .text("CLOSED"))
    }
}
