import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("Operators sign in with a code of their own, and the audit log agrees with who may")
struct OperatorTests {
    @Test("Only the newest code of somebody who may sign in works, and nothing of it is kept")
    func codes() throws {
        let world = try ScopeWorld()
        let (ruth, first) = try world.hub.admit(operator: " Ruth ")
        #expect(ruth.name == "Ruth")
        #expect(try world.hub.signIn(operator: "Ruth", code: first) == ruth)
        let (again, second) = try world.hub.admit(operator: "Ruth")
        #expect(again.id == ruth.id && second != first)
        #expect(try world.hub.signIn(operator: "Ruth", code: first) == nil)
        #expect(try world.hub.signIn(operator: "Ruth", code: second)?.id == ruth.id)
        let ended = try world.hub.end(operator: "Ruth")
        #expect(ended.endedMilliseconds != nil)
        #expect(try world.hub.signIn(operator: "Ruth", code: second) == nil)
        #expect(throws: Failure.self) { try world.hub.end(operator: "Ruth") }
        #expect(throws: Failure.self) { try world.hub.admit(operator: "R") }
        let report = try world.hub.verifyAudit()
        #expect(report.isConsistent, "\(report.findings)")
        _ = try world.hub.admit(operator: "Ruth")
        #expect(try world.hub.operators().map(\.endedMilliseconds) == [nil])
        let after = try world.hub.verifyAudit()
        #expect(after.isConsistent, "\(after.findings)")
    }

    @Test("An operator whom the log does not know is found")
    func planted() throws {
        let world = try ScopeWorld()
        _ = try world.hub.admit(operator: "Ruth")
        let store = try #require(world.hub.store as? SQLiteHubStore)
        try store.write("Tampering") { database in
            try database.execute(
                sql:
                    "INSERT INTO hub_operator(id, name, verifier, added_ms) VALUES(zeroblob(16), 'Eve', zeroblob(32), 0)"
            )
        }
        #expect(try world.hub.verifyAudit().findings.map(\.code) == ["act"])
    }

    @Test("What somebody saw is on the log with its scope, and goes with the scope when that is erased")
    func views() throws {
        let world = try ScopeWorld()
        let (ruth, _) = try world.hub.admit(operator: "Ruth")
        let scope = Identifier(high: 5, low: 5)
        try world.hub.noteView(by: ruth, of: "conflict", scope: scope)
        let record = try #require(try world.hub.auditEntries(kind: .viewed).first?.record)
        #expect(record.id(.subject) == ruth.id && record.id(.scope) == scope)
    }

    @Test("A night goes from noon to noon, and counts the syncs and bytes of its devices")
    func nights() throws {
        let world = try ScopeWorld()
        let before = try world.hub.nights(last: 3)
        #expect(before.count == 3)
        let syncs = try #require(before.last).syncs
        try world.owner.edit("UPDATE job SET label = 'another'")
        try world.sync(world.owner)
        let after = try #require(try world.hub.nights(last: 1).first)
        #expect(after.syncs == syncs + 1)
        #expect(after.bytesUp > (before.last?.bytesUp ?? 0))
        #expect(after.beganMilliseconds % 86_400_000 == 43_200_000)
        #expect(NightCount.night(of: NightCount.began(20_000)) == 20_000)
        #expect(NightCount.night(of: NightCount.began(20_000) - 1) == 19_999)
        #expect(NightCount.night(of: 0) == -1)
    }
}
