import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("What each side of a referral may read")
struct ReferralGrantTests {
    private static let packed: Set<String> = ["REFERRAL", "PACK", "OFFER", "QUESTION"]
    private static let tombstone: Set<String> = ["REFERRAL"]

    private func put(_ referral: ReferralSummary, in state: String, _ network: Network) throws {
        let id = try #require(Identifier(referral.id))
        try network.edit {
            try $0.execute(sql: "UPDATE referral SET state = ? WHERE id = ?", arguments: [state, id.sqlBlob])
        }
    }

    @Test("Stage by stage, for both kinds, with consent and without")
    func stages() throws {
        let network = try Network()
        let referrals = [try network.accepted(), try network.accepted(kind: "REFER_SHARED")]
        let states = try network.edit {
            try Row.fetchAll(
                $0, sql: "SELECT value, closed, rank FROM ru_state WHERE tbl = 'referral' ORDER BY closed, rank")
        }
        #expect(states.count == 23)
        for hasConsent in [true, false] {
            for referral in referrals {
                if !hasConsent {
                    let id = try #require(Identifier(referral.caseID))
                    try network.edit {
                        _ = try $0.add(
                            "consent",
                            [
                                "case_id": id.sqlBlob, "purpose": "SHARE_WITH_PARTNER", "decision": "WITHDRAWN",
                                "recorded_for_at": Network.noon + 1, "entered_at": Network.noon + 1,
                            ])
                    }
                }
                for row in states {
                    let state: String = row["value"]
                    try put(referral, in: state, network)
                    let isOpen = row["closed"] == 0
                    let isShared = referral.kind == "REFER_SHARED"
                    var expected: Set<String>
                    switch state {
                    case "DRAFT", "PRE_CHECK", "PRE_CHECK_OK", "PRE_CHECK_NO", "CLOSED_ERROR": expected = []
                    case "TRANSFERRED", "RECALLED_OPEN": expected = Self.packed
                    case "COMPLETED": expected = isShared ? Self.tombstone : Self.packed
                    default: expected = isOpen && hasConsent ? Self.packed : Self.tombstone
                    }
                    let name = "\(referral.kind) \(state), consent \(hasConsent)"
                    #expect(try network.reads(Network.gloucestershire, referral.id) == expected, "\(name)")
                    #expect(try network.reads(Network.surrey, referral.id) == Self.packed, "\(name)")
                    let opened = try network.reads(Network.gloucestershire, referral.caseID)
                    let tier: String? =
                        switch state {
                        case "ACCEPTED" where hasConsent: isShared ? "T4" : "T3"
                        case "HANDOVER" where hasConsent && !isShared: "T4"
                        default: nil
                        }
                    #expect(opened == (try classes(of: tier, network)), "\(name)")
                    #expect(opened.isDisjoint(with: ["ADDRESS", "CHILD_VOICE", "SAFEGUARDING"]))
                    // The owner asks nobody.
                    #expect(try network.reads(Network.surrey, referral.caseID) == (try classes(of: "T5", network)))
                }
            }
        }
    }

    private func classes(of tier: String?, _ network: Network) throws -> Set<String> {
        try network.edit {
            Set(try String.fetchAll($0, sql: "SELECT class FROM tier_class WHERE tier = ?", arguments: [tier]))
        }
    }

    @Test("What the receiver writes: needs and a home once it accepted, notes in joint work and at handover")
    func writing() throws {
        let network = try Network()
        let house = try network.accepted()
        let shared = try network.accepted(kind: "REFER_SHARED")
        #expect(try network.writes(Network.gloucestershire, house.caseID) == ["NEEDS", "HOUSING"])
        #expect(try network.writes(Network.gloucestershire, shared.caseID) == ["NEEDS", "HOUSING", "NOTES"])
        try network.sign(house, Network.surrey)
        #expect(try network.writes(Network.gloucestershire, house.caseID) == ["NEEDS", "HOUSING", "NOTES"])
        #expect(try network.writes(Network.gloucestershire, house.id) == ["REFERRAL", "OFFER", "QUESTION"])
    }

    @Test("A consent that runs out suspends the receiver and closes nothing; a new one opens again")
    func expiry() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let referral = try network.edit { database in
            try Consents.give(
                NewConsent(
                    purpose: "SHARE_WITH_PARTNER", partner: "GLS", expiresOn: "2026-11-23", recordedFor: Network.noon),
                for: summary.id, in: database, now: Network.noon)
            let draft = try Referrals.create(
                NewReferral(to: "GLS"), of: summary.id, by: Network.surrey, in: database, now: Network.noon)
            try Referrals.send(draft.id, by: Network.surrey, in: database, now: Network.noon)
            return try Referrals.accept(draft.id, by: Network.gloucestershire, in: database, now: Network.noon)
        }
        let midnight: Int64 = 1_795_478_400_000
        try network.setClock(midnight - 1)
        #expect(try network.reads(Network.gloucestershire, summary.id).contains("NEEDS"))
        try network.setClock(midnight)
        #expect(try network.reads(Network.gloucestershire, summary.id).isEmpty)
        #expect(try network.reads(Network.gloucestershire, referral.id) == Self.tombstone)
        #expect(try network.duties(referral.id).isEmpty)
        let timed = try network.edit { try Data.fetchSet($0, sql: "SELECT scope FROM ru_timed_scope") }
        let scopes = try [referral.id, summary.id].map { try #require(Identifier($0)).sqlBlob }
        #expect(timed.isSuperset(of: scopes))
        try network.edit {
            _ = try Consents.give(
                NewConsent(purpose: "SHARE_WITH_PARTNER", partner: "GLS"), for: summary.id, in: $0, now: midnight + 1)
        }
        try network.setClock(midnight + 2)
        #expect(try network.reads(Network.gloucestershire, summary.id).contains("NEEDS"))
    }

    @Test("Excluded partners, partners that a restriction leaves out, and those without an agreement are shown nothing")
    func limits() throws {
        let network = try Network()
        let referral = try network.accepted()
        let id = try #require(Identifier(referral.caseID))
        func isShown() throws -> Bool {
            let opened = try !network.reads(Network.gloucestershire, referral.caseID).isEmpty
            #expect(try network.reads(Network.gloucestershire, referral.id).contains("PACK") == opened)
            #expect(try !network.reads(Network.surrey, referral.caseID).isEmpty)
            return opened
        }
        func limit(_ kind: String, _ partner: Identifier?, staff: Identifier? = nil) throws {
            try network.edit {
                _ = try $0.add(
                    "limited_access",
                    ["case_id": id.sqlBlob, "kind": kind, "partner_id": partner?.sqlBlob, "staff_id": staff?.sqlBlob])
            }
        }
        func clear() throws { try network.edit { try $0.execute(sql: "DELETE FROM limited_access") } }
        #expect(try isShown())
        try limit("EXCLUSION", Network.derby)
        #expect(try isShown())
        try limit("EXCLUSION", Network.gloucestershire)
        #expect(try !isShown())
        try clear()
        try limit("RESTRICTION", Network.derby)
        #expect(try !isShown())
        let worker = try network.edit {
            try $0.add("staff_user", ["partner_id": Network.gloucestershire.sqlBlob, "display_name": "W"])
        }
        try limit("RESTRICTION", nil, staff: worker)
        #expect(try isShown())
        // A worker of theirs is excluded, not the organisation.
        try clear()
        try limit("EXCLUSION", nil, staff: worker)
        #expect(try isShown())

        try network.setClock(Network.noon)
        for (until, shown) in [("2026-11-21", true), ("2026-11-20", false), ("2027-11-20", true)] {
            try network.edit {
                try $0.execute(
                    sql: "UPDATE partner SET sharing_agreement_until = ? WHERE code = 'GLS'", arguments: [until])
            }
            #expect(try isShown() == shown, "\(until)")
            #expect(try network.against("SENT", referral.id).contains { $0.contains("agreement") } != shown)
        }
    }

    @Test("What moves grants is looked up: consent, decisions without it, limits, events, agreements, enquiries")
    func reach() throws {
        let network = try Network()
        let referral = try network.accepted()
        let id = try #require(Identifier(referral.id))
        let caseID = try #require(Identifier(referral.caseID))
        try network.edit { database in
            let consent = try Data.fetchOne(
                database, sql: "SELECT id FROM consent WHERE case_id = ?", arguments: [caseID.sqlBlob])
            func scopes(_ table: String, _ key: Data?) throws -> Set<Data> {
                #expect(
                    try Bool.fetchOne(
                        database, sql: "SELECT EXISTS (SELECT 1 FROM ru_grant_dependency WHERE tbl = ?)",
                        arguments: [table]) == true, "\(table)")
                return try Data.fetchSet(
                    database, sql: "SELECT scope FROM ru_grant_reach WHERE tbl = ? AND key = ?",
                    arguments: [table, key])
            }
            #expect(try scopes("consent", consent) == [id.sqlBlob])
            #expect(try scopes("partner", Network.gloucestershire.sqlBlob) == [id.sqlBlob, caseID.sqlBlob])
            let event = try Data.fetchOne(
                database, sql: "SELECT id FROM referral_event WHERE referral_id = ?", arguments: [id.sqlBlob])
            #expect(try scopes("referral_event", event) == [caseID.sqlBlob])
        }
    }

    @Test("A withdrawal closes strictly, at the receiver and nowhere else")
    func strict() throws {
        let network = try Network()
        let referral = try network.accepted()
        func closings() throws -> Set<[Data]> {
            try network.edit {
                Set(
                    try Row.fetchAll($0, sql: "SELECT scope, partner FROM ru_strict_closing").map {
                        [$0["scope"] as Data, $0["partner"] as Data]
                    })
            }
        }
        #expect(try closings().isEmpty)
        try network.edit {
            _ = try Consents.withdraw(
                NewConsent(purpose: "SHARE_WITH_PARTNER", partner: "GLS"), for: referral.caseID, by: Network.surrey,
                in: $0, now: Network.noon + 1)
        }
        let scopes = try [referral.id, referral.caseID].map { try #require(Identifier($0)).sqlBlob }
        #expect(try closings() == Set(scopes.map { [$0, Network.gloucestershire.sqlBlob] }))
    }
}
