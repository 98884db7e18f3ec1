import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Why a partner sees a case, or does not")
struct CaseWhyTests {
    private func obstacles(_ preview: PreviewWorld, _ code: String = "GLS") throws -> [String] {
        try preview.world.hub.read("Finding the reasons") {
            try CaseObstacles.find(preview.rows.id, partner: code, in: $0)
        }
    }

    private func grants(_ preview: PreviewWorld, _ code: String) throws -> [GrantRecord] {
        try preview.world.hub.grants(on: preview.rows.id).filter { $0.partner == code }
    }

    @Test("The owner is kept out by nothing, a stranger by having no referral and no consent")
    func strangers() throws {
        let preview = try PreviewWorld(seed: 941)
        #expect(try obstacles(preview, "SRY") == [])
        #expect(
            try obstacles(preview, "DBY")
                == ["No referral of this case names DBY.", "She has not agreed to share with DBY."])
        #expect(try obstacles(preview, "XXX") == ["No partner has that code."])
        #expect(try grants(preview, "SRY").contains { $0.isOpen && $0.why == "owns the case" })
        #expect(try grants(preview, "DBY").isEmpty)
    }

    @Test("A referral that is not far enough says so, and from which state on it opens the case")
    func tooEarly() throws {
        let preview = try PreviewWorld(seed: 942)
        let found = try obstacles(preview)
        #expect(found.count == 1)
        #expect(found.first?.contains("is in the state 'Received': it opens the case only from 'Accepted' on") == true)
        try preview.accept()
        let open = try grants(preview, "GLS").filter(\.isOpen)
        #expect(open.map(\.why) == ["receives the case by referral: ACCEPTED"])
    }

    @Test("A grant that closed stays on record with its times, and the reason is that the referral ended")
    func closed() throws {
        let preview = try PreviewWorld(seed: 943)
        try preview.accept()
        try preview.world.withdraw(preview.referral, on: preview.surrey)
        try preview.world.settle()
        let past = try grants(preview, "GLS")
        #expect(past.count == 1 && past.allSatisfy { !$0.isOpen && $0.closedMilliseconds != nil })
        #expect(past.allSatisfy { ($0.closed ?? 0) > $0.opened && !$0.reads.isEmpty })
        #expect(try obstacles(preview).contains { $0.contains("ended: 'Withdrawn'") })
    }

    @Test("Where she took consent back, the day of it stands there")
    func consentMissing() throws {
        let preview = try PreviewWorld(seed: 944)
        try preview.accept()
        try preview.edit(preview.surrey) { [referral = preview.referral] in
            try Referrals.withdrawConsent(referral.description, by: $1, in: $0, now: $2)
        }
        try preview.world.settle()
        let found = try obstacles(preview)
        #expect(found.contains("She took her consent back on 2026-03-01."))
        #expect(found.contains { $0.contains("ended: 'Consent withdrawn'") })
    }

    @Test("Access that is limited, and a case that changed hands, are said in so many words")
    func limitedAndMoved() throws {
        let preview = try PreviewWorld(seed: 945)
        try preview.accept()
        try preview.handOver()
        #expect(
            try obstacles(preview, "SRY").contains {
                $0.contains("is in the state 'Transferred'") || $0.contains("ended: 'Transferred'")
            })
        let line = preview.world.newID()
        try preview.gloucestershire.edit {
            try $0.execute(
                sql: "INSERT INTO limited_access(id, case_id, kind, partner_id) VALUES(?, ?, 'EXCLUSION', ?)",
                arguments: [line.sqlBlob, preview.rows.id.sqlBlob, preview.world.surrey.sqlBlob])
        }
        try preview.world.settle()
        #expect(try obstacles(preview, "SRY").contains("The case is closed to SRY: access to it is limited."))
    }

    @Test("Of a case that is erased, or was never here, only that it is not here is said")
    func erased() throws {
        let preview = try PreviewWorld(seed: 946)
        let stranger = preview.world.newID()
        let unknown = try preview.world.hub.read("Finding the reasons") {
            try CaseObstacles.find(stranger, partner: "GLS", in: $0)
        }
        #expect(unknown == ["The case is not here."])
        let failure = #expect(throws: Failure.self) {
            try preview.world.hub.read("Finding the case") { try CaseScopes.find(stranger.description, in: $0) }
        }
        #expect(failure?.code == .noInput)
    }
}
