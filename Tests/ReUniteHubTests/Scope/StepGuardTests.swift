import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Steps that a rule forbids for now")
struct StepGuardTests {
    @Test("Nobody takes the step while the rule stands, and an operator's word gets it taken")
    func guarded() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "HOLD")
        try world.settle()
        try world.owner.edit("UPDATE job SET state = 'HELD' WHERE id = \(literal(job))")
        try world.settle()
        try world.owner.edit("UPDATE job SET state = 'DONE' WHERE id = \(literal(job))")
        try world.settle()
        #expect(try world.state(job) == "HELD")
        #expect(try world.owner.value("SELECT state FROM job") == .text("HELD"))
        #expect(try world.owner.returned() == [.transition])
        let waiting = try #require(try world.hub.quarantine().first)
        let released = try world.hub.release(quarantined: waiting.id, by: "Ada", reason: "Asked the manager")
        #expect(released.outcome == "accepted")
        #expect(try world.state(job) == "DONE")
    }

    @Test("The rule is asked of the row as it would be, and the step is taken when the rule has gone")
    func lifted() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "HOLD")
        try world.owner.edit("UPDATE job SET state = 'HELD' WHERE id = \(literal(job))")
        try world.settle()
        try world.owner.edit("UPDATE job SET label = 'FREE', state = 'DONE' WHERE id = \(literal(job))")
        try world.settle()
        #expect(try world.state(job) == "DONE")
        #expect(try world.owner.returned().isEmpty)
    }

    @Test("A new row does not begin in a state that a rule forbids it")
    func beginning() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "NOTHING")
        try world.settle()
        #expect(try world.state(job) == nil)
        #expect(try world.owner.returned() == [.transition])
        #expect(try world.owner.value("SELECT count(*) FROM job") == .integer(0))
    }
}
