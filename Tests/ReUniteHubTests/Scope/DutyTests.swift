import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("The hub does its duties")
struct DutyTests {
    @Test("What a device acknowledged sets a duty off, and its next answer brings what the hub did")
    func seen() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "ASK")
        try world.sync(world.owner)
        #expect(try world.state(job) == "ASKED")
        try fetch(world)
        #expect(try world.state(job) == "ASKED", "delivered, and not yet acknowledged")
        try world.sync(world.guest)
        #expect(try world.state(job) == "DONE")
        #expect(try world.guest.value("SELECT state FROM job") == .text("DONE"))
        #expect(try world.guest.value("SELECT word FROM result") == .text("well done"))
        #expect(try world.guest.value("SELECT devices FROM result") == .integer(2))
        try world.settle()
        #expect(try world.count("result") == 1)
        #expect(try world.hub.stuckDuties().isEmpty)
        #expect(try world.hub.conflicts().isEmpty && world.hub.quarantine().isEmpty)
    }

    @Test("Duties are ops of the hub's own chain, each duty one batch")
    func ownChain() throws {
        let world = try ScopeWorld()
        let before = try batches(of: world)
        try world.job(1, label: "ASK")
        try world.settle()
        #expect(try batches(of: world) == before + 2)
        let head = try world.hub.store.head(of: world.hub.id)
        #expect(head.number == UInt64(try batches(of: world)))
    }

    @Test("A duty of which one step is refused leaves nothing behind, is shown as stuck and tried again later")
    func atomic() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "WRONG")
        try world.settle()
        #expect(try world.text("SELECT label FROM job WHERE id = \(literal(job))") == "WRONG")
        let stuck = try world.hub.stuckDuties()
        #expect(stuck.map(\.duty) == ["wrong"] && stuck.map(\.why) == ["transition"])
        #expect(stuck.first?.subject == world.centre.description)
        #expect(try world.hub.status().stuckDuties == stuck)
        #expect(try world.count("hub_due") == 0, "it must not be tried at every sync")
        // Another duty of the same subject is done all the same.
        try world.job(2, label: "ASK")
        try world.settle()
        #expect(try world.state(row(2)) == "DONE")
        // Somebody mends the row: nothing is stuck any more.
        try world.owner.edit("UPDATE job SET label = 'RIGHT' WHERE id = \(literal(job))")
        try world.settle()
        #expect(try world.hub.tend().putOff == 0)
        #expect(try world.hub.stuckDuties().isEmpty)
    }

    @Test("A rule that never ends is reported by name, put off, and holds nobody up")
    func endless() throws {
        let world = try ScopeWorld()
        try world.job(1, label: "PING")
        try world.settle()
        #expect(try world.hub.stuckDuties().map(\.why) == ["never-ends"])
        let before = try batches(of: world)
        try world.job(2, label: "ASK")
        try world.settle()
        #expect(try world.state(row(2)) == "DONE")
        #expect(try batches(of: world) == before + 2, "the endless one is not tried in passing")
        let failure = #expect(throws: Failure.self) { try world.hub.tend() }
        #expect(failure?.code == .internalFault)
        #expect(failure?.why == "the duty endless never ends")
    }

    @Test("A rule that asks for what is so already is put off")
    func idle() throws {
        let world = try ScopeWorld()
        try world.job(1, label: "IDLE")
        try world.settle()
        #expect(try world.hub.stuckDuties().map(\.why) == ["changes-nothing"])
    }

    @Test("A hub that dies between two duties does the rest when it is back, and nothing twice")
    func crash() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "ASK")
        try world.sync(world.owner)
        try fetch(world)
        // The first duty only; then the lights go out.
        let store = world.hub.store
        try note(world)
        let due = try store.due(leavingOut: [], atMilliseconds: world.time.wallMilliseconds)
        #expect(due.map(\.name) == ["see"])
        let hub = world.hub
        let done = try store.perform(
            try #require(due.first), as: hub.id, atMilliseconds: world.time.wallMilliseconds, fresh: { row(500) },
            seal: { try hub.sealed($0, after: $1) })
        #expect(done == .done)
        #expect(try world.state(job) == "SEEN")
        try world.restart()
        #expect(try world.hub.attend().done == 1)
        #expect(try world.state(job) == "DONE")
        #expect(try world.hub.attend().done == 0)
        #expect(try world.hub.tend().done == 0)
        #expect(try world.count("result") == 1)
    }

    /// The guest's office takes what is new, and does not get round to saying so.
    private func fetch(_ world: ScopeWorld) throws {
        let replica = world.guest.replica
        let answer = try world.guest.exchange(try replica.nextRequest(after: 0, limit: 64 * 1_024).request)
        guard case .delivery(let bytes) = answer.body else {
            Issue.record("nothing was new")
            return
        }
        _ = try replica.apply(bytes, hubMilliseconds: answer.hubMilliseconds)
    }

    /// What the guest's next request would set off, without its answer.
    private func note(_ world: ScopeWorld) throws {
        let facts = try world.guest.replica.facts()
        _ = try world.hub.store.note(
            Presence(
                request: row(900), ticket: 1_000, cursor: facts.cursor, digestMatches: nil, skewMilliseconds: 0,
                schemaVersion: 1, unsent: 0, atMilliseconds: world.time.wallMilliseconds), of: facts.device)
    }

    @Test("What only time brings about is done when the hub tends, by the hub's own clock")
    func time() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "", due: world.time.wallMilliseconds + 3_600_000)
        try world.settle()
        #expect(try world.hub.tend().done == 0)
        world.time.advance(milliseconds: 3_600_000)
        #expect(try world.hub.tend().done == 1)
        #expect(try world.state(job) == "EXPIRED")
        try world.settle()
        #expect(try world.owner.value("SELECT state FROM job") == .text("EXPIRED"))
    }

    @Test("Grants that hang on the day close and open when the hub tends")
    func timedGrant() throws {
        let world = try ScopeWorld()
        try world.job(1, label: "here")
        try world.settle()
        let guest = try #require(world.partners["GST"])
        try world.hubSets(1, guest, groups: 4, [.integer(world.time.wallMilliseconds + 3_600_000)])
        try world.settle()
        #expect(try world.guest.value("SELECT count(*) FROM job") == .integer(1))
        world.time.advance(milliseconds: 3_600_000)
        try world.settle()
        #expect(try world.guest.value("SELECT count(*) FROM job") == .integer(1), "nobody has looked at the clock")
        let before = try world.hub.status().position
        try world.hub.tend()
        #expect(try world.hub.status().position == before + 1)
        try world.hub.tend()
        #expect(try world.hub.status().position == before + 1, "a position is taken where something comes of it")
        try world.settle()
        #expect(try world.guest.value("SELECT count(*) FROM job") == .integer(0))
    }

    @Test("Deciding a conflict sets off the duty that waited for it")
    func conflict() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "first")
        try world.settle()
        try world.owner.edit("UPDATE job SET label = 'ours' WHERE id = \(literal(job))")
        try world.guest.edit("UPDATE job SET label = 'theirs' WHERE id = \(literal(job))")
        try world.settle()
        let conflict = try #require(try world.hub.conflicts().first)
        try world.owner.edit("UPDATE job SET due_ms = 7 WHERE id = \(literal(job))")
        try world.settle()
        #expect(try world.count("ru_open_conflict WHERE col = 'label' AND key = \(literal(job))") == 1)
        #expect(try world.hub.tend().done == 0)
        #expect(try world.state(job) == "ASKED")
        _ = try world.hub.resolve(conflict.id, .keep(1), by: "Ada", reason: "Asked both by telephone")
        #expect(try world.count("ru_open_conflict") == 0)
        #expect(try world.state(job) == "EXPIRED")
    }

    @Test("An office's devices are seen by the rules in every state")
    func devices() throws {
        let world = try ScopeWorld()
        let invitation = try world.hub.invite(partner: "GST", name: "van", role: "field", hours: 1)
        func state() throws -> String? { try world.text("SELECT state FROM ru_device WHERE name = 'van'") }
        #expect(try state() == "invited")
        _ = try world.hub.revoke(device: invitation.device.description)
        #expect(try state() == "revoked")
        #expect(try world.text("SELECT state FROM ru_device WHERE name = 'guest'") == "enrolled")
        #expect(try world.owner.value("SELECT count(*) FROM ru_device") == .integer(0), "a replica knows no devices")
    }

    @Test("A network without duties costs nothing and has none")
    func none() throws {
        let world = try PolicyWorld()
        #expect(try world.hub.tend() == DutyReport())
        #expect(try world.hub.stuckDuties().isEmpty)
    }

    @Test("A replica's rules see the hub's time: its own clock put right by what the hub said of it")
    func now() throws {
        let world = try ScopeWorld()
        #expect(try world.owner.value("SELECT ms FROM ru_now") == .integer(world.time.wallMilliseconds - 1_000))
        try world.sync(world.owner)
        #expect(try world.owner.value("SELECT ms FROM ru_now") == .integer(world.time.wallMilliseconds))
    }

    @Test("Whoever reads at the hub is answered as of now, also where nobody wrote since yesterday")
    func toldByReaders() throws {
        let world = try ScopeWorld()
        world.time.advance(milliseconds: 86_400_000)
        let told = try world.hub.read("Reading") { try Int64.fetchOne($0, sql: "SELECT ms FROM ru_now") }
        #expect(told == world.time.wallMilliseconds)
    }

    private func batches(of world: ScopeWorld) throws -> Int {
        try world.count("hub_batch WHERE device = \(literal(world.hub.id))")
    }
}
