import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situations 19, 20 and 22 of the catalogue of conflicts: what arrives after its author's right has ended.
@Suite("What arrives after a contract, a job or a handover has ended")
struct LateArrivalTests {
    private func visit(_ rows: CaseRows, minutes: Int, on device: Device, in world: World) throws {
        let id = world.newID()
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO visit(id, case_id, type, prison, attended, minutes) VALUES(?, ?, ?, 'BZI', 'YES', ?)",
                arguments: [id.sqlBlob, rows.id.sqlBlob, "IN_REACH", minutes])
        }
    }

    private func note(_ body: String, _ rows: CaseRows, on device: Device, in world: World) throws {
        let id = world.newID()
        let now = device.time.wallMilliseconds
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO case_note(id, case_id, body, recorded_for_at, entered_at) VALUES(?, ?, ?, ?, ?)",
                arguments: [id.sqlBlob, rows.id.sqlBlob, body, now, now])
        }
    }

    @Test("19: six visits that the laptop had not sent when the contract ended are taken; a seventh, made after, waits")
    func contractEnds() throws {
        let world = try World(seed: 119, withSharedCases: true)
        try world.settle()
        let rows = try #require(world.sharedCases.first)
        let device = world.surreyOffice
        for minutes in 1...6 { try visit(rows, minutes: minutes, on: device, in: world) }
        world.advance(milliseconds: 3_600_000)
        try world.hubSets(3, world.surrey, groups: 2, [.null, .integer(0)])
        world.advance(milliseconds: 3_600_000)
        try visit(rows, minutes: 7, on: device, in: world)
        try world.sync(device)
        try world.sync(device)
        #expect(try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM visit") } == 6)
        #expect(try world.hub.quarantine().map(\.reason) == ["late"])
        #expect(try device.returned() == ["late"])
        #expect(try !device.holds("case_file", rows.id), "what it may not see any more has left it")
        #expect(try device.replica.inbox().allSatisfy { $0.value.isEmpty })
    }

    @Test("20: she left at nine; what she wrote at eight is taken, what she wrote at ten waits")
    func staffLeaves() throws {
        let world = try World(seed: 120, withSharedCases: true)
        try world.settle()
        let rows = try #require(world.sharedCases.first)
        let (office, laptop) = (world.surreyOffice, world.surreyLaptop)
        try office.edit {
            _ = try StaffUsers.add(
                login: "jo", name: "Jo Field", role: "INREACH_WORKER", by: world.surrey, in: $0)
        }
        try world.settle()
        try laptop.replica.sign(
            in: try laptop.read { try StaffUsers.active(login: "JO", of: world.surrey, in: $0) })
        try note("at eight", rows, on: laptop, in: world)
        world.advance(milliseconds: 3_600_000)
        let nine = office.time.wallMilliseconds
        try office.edit {
            _ = try StaffUsers.leave(login: "jo", at: nine, of: world.surrey, in: $0, now: nine)
        }
        try world.sync(office)
        world.advance(milliseconds: 3_600_000)
        try note("at ten", rows, on: laptop, in: world)
        try world.settle()
        #expect(
            try office.read { try String.fetchAll($0, sql: "SELECT body FROM case_note WHERE body LIKE 'at %'") }
                == ["at eight"])
        let waiting = try #require(try world.hub.quarantine().first)
        let detail = try world.hub.quarantined(waiting.id)
        #expect(waiting.reason == "author-left" && detail.authorRole == "INREACH_WORKER")
        _ = try world.hub.release(quarantined: waiting.id, by: "Ada", reason: "Her colleague used the laptop")
        try world.settle()
        #expect(try office.holds("case_note", try #require(Identifier(waiting.row))))
    }

    @Test("22: after the handover notes of both stand, and what the former owner changes is put before the new one")
    func handover() throws {
        let world = try World(seed: 122, withSharedCases: true)
        try world.settle()
        let rows = try #require(world.sharedCases.first)
        let (old, new) = (world.surreyOffice, world.gloucestershire)
        try note("the evening before", rows, on: old, in: world)
        world.advance(milliseconds: 3_600_000)
        try world.give(rows.id, to: world.gloucester)
        try world.sync(new)
        world.advance(milliseconds: 8 * 3_600_000)
        try note("the new owner's next morning", rows, on: new, in: world)
        try note("the old owner's next morning", rows, on: old, in: world)
        try old.set("language", of: "person", rows.person, to: "Welsh")
        try old.set("detail", of: "need", rows.need, to: "not hers any more")
        try world.settle()
        func notes() throws -> Set<String> {
            Set(
                try new.read {
                    try String.fetchAll(
                        $0, sql: "SELECT body FROM case_note WHERE body LIKE '%owner%' OR body LIKE '%evening%'")
                })
        }
        #expect(try notes() == ["the evening before", "the new owner's next morning"])
        let proposals = try new.read { try EditProposals.list(in: $0) }
        #expect(Set(proposals.map(\.table)) == ["case_note", "person", "need"])
        #expect(proposals.allSatisfy { $0.from == "SRY" && $0.reason == "late" && $0.state == "OPEN" })
        #expect(proposals.first { $0.table == "person" }?.values == "{\"interpreter\":0,\"language\":\"Welsh\"}")
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.read { try EditProposals.list(in: $0) }.isEmpty)
        }
        try new.edit { database in
            for proposal in proposals where proposal.table != "need" {
                _ = try EditProposals.take(proposal.id, in: database)
            }
            for proposal in proposals where proposal.table == "need" {
                _ = try EditProposals.leave(proposal.id, reason: "She has said otherwise since", in: database)
            }
        }
        try world.settle()
        #expect(try notes().contains("the old owner's next morning"))
        #expect(try new.text("language", of: "person", rows.person) == "Welsh")
        #expect(try new.text("detail", of: "need", rows.need) != "not hers any more")
        #expect(try world.hub.quarantine().isEmpty && world.hub.conflicts().isEmpty)
        #expect(try old.replica.inbox().map(\.state).filter { $0 == .refused }.count == 1)
        #expect(try old.replica.inbox().allSatisfy { $0.value.isEmpty })
        #expect(try world.hub.stuckDuties().isEmpty)
    }

    @Test("A partner that must not see a case loses it and its referral at once")
    func excluded() throws {
        let world = try World(seed: 126, withSharedCases: true)
        try world.settle()
        let rows = try #require(world.sharedCases.first)
        #expect(try world.gloucestershire.holds("case_file", rows.id))
        let id = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO limited_access(id, case_id, kind, partner_id) VALUES(?, ?, 'EXCLUSION', ?)",
                arguments: [id.sqlBlob, rows.id.sqlBlob, world.gloucester.sqlBlob])
        }
        try world.settle()
        #expect(try !world.gloucestershire.holds("case_file", rows.id))
        #expect(try world.surreyOffice.holds("case_file", rows.id))
    }
}
