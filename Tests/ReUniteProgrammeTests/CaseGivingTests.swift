import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A case of a partner that has left goes to no partner that may not have it")
struct CaseGivingTests {
    private let network: Network
    private let id: Identifier

    init() throws {
        network = try Network()
        id = try #require(Identifier(try network.markedCase().id))
        try network.becomeHub()
        try network.writeAsHub("partner") {
            try $0.execute(
                sql: "UPDATE partner SET active = 0 WHERE id = ?", arguments: [Network.surrey.sqlBlob])
        }
    }

    private func given(hasAgreed: Bool = false) throws -> Bool {
        try network.edit { (try? CaseGiving.check(id, to: "GLS", hasAgreed: hasAgreed, in: $0)) != nil }
    }

    private func says(_ decision: String, partner: Identifier?, at time: Int64) throws {
        try network.edit {
            _ = try $0.add(
                "consent",
                [
                    "case_id": id.sqlBlob, "partner_id": partner?.sqlBlob, "purpose": "SHARE_WITH_PARTNER",
                    "decision": decision, "method": "SIGNED_FORM", "evidence_ref": "form", "recorded_for_at": time,
                    "entered_at": time,
                ])
        }
    }

    @Test("Without a word of hers the operator decides")
    func silent() throws { #expect(try given()) }

    @Test(
        "Her no to the receiver, or to everybody, is heard; a later yes to it is heard too", arguments: [true, false])
    func refused(byName: Bool) throws {
        try says("GIVEN", partner: Network.gloucestershire, at: Network.noon - 9 * Network.day)
        #expect(try given())
        try says("WITHDRAWN", partner: byName ? Network.gloucestershire : nil, at: Network.noon - 6 * Network.day)
        #expect(try !given() && given(hasAgreed: true))
        try says("GIVEN", partner: Network.derby, at: Network.noon - 3 * Network.day)
        #expect(try !given())
        try says("GIVEN", partner: Network.gloucestershire, at: Network.noon - 3 * Network.day)
        #expect(try given())
    }

    @Test("Her no to another partner is none to this one")
    func other() throws {
        try says("REFUSED", partner: Network.derby, at: Network.noon - Network.day)
        #expect(try given())
    }

    @Test("A partner whose sharing agreement has ended is shown no further case")
    func ended() throws {
        try network.writeAsHub("partner") {
            try $0.execute(
                sql: "UPDATE partner SET sharing_agreement_until = '2026-11-20' WHERE id = ?",
                arguments: [Network.gloucestershire.sqlBlob])
        }
        #expect(try !given())
    }
}
