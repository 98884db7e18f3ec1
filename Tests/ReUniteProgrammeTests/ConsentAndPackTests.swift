import Crypto
import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite struct ConsentAndPackTests {
    private static let hour: Int64 = 3_600_000

    private func refusal(_ network: Network, _ referral: String) throws -> Failure? {
        try network.failure { try Referrals.send(referral, by: Network.surrey, in: $0, now: Network.noon) }
    }

    @Test("Sending without live consent that names the receiver is refused, and nothing is written")
    func consentNeeded() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let referral = try network.draft(summary.id)
        func check(_ why: Comment) throws {
            let before = try network.logged()
            #expect(try refusal(network, referral.id)?.remedy.contains("SHARE_WITH_PARTNER") == true, why)
            #expect(try network.logged() == before, why)
        }
        func record(_ body: (Database) throws -> ConsentSummary) throws { _ = try network.edit(body) }
        let toShare = NewConsent(purpose: "SHARE_WITH_PARTNER", partner: "GLS", recordedFor: Network.noon)
        try check("none")
        try network.consent(summary.id, to: "DBY")
        try check("for another partner")
        try record { try Consents.give(NewConsent(purpose: "SERVICE"), for: summary.id, in: $0, now: Network.noon) }
        try check("for another purpose")
        var expired = toShare
        expired.expiresOn = "2026-11-20"
        #expect(
            try network.failure { _ = try Consents.give(expired, for: summary.id, in: $0, now: Network.noon) }?.code
                == .badData, "it never counted, and would end one that does")
        expired.recordedFor = Network.noon - 48 * Self.hour
        try record { try Consents.give(expired, for: summary.id, in: $0, now: Network.noon) }
        try check("expired yesterday")
        try record { try Consents.refuse(toShare, for: summary.id, in: $0, now: Network.noon) }
        try network.consent(summary.id, at: Network.noon - Self.hour)
        try check("given before it was refused, though typed later")
        try network.consent(summary.id, at: Network.noon)
        try check("given and refused at the same moment")
        try network.consent(summary.id, at: Network.noon + 1)
        #expect(try refusal(network, referral.id) == nil)
    }

    @Test("Withdrawn consent closes the open referrals to that partner, and them alone")
    func withdrawn() throws {
        let network = try Network()
        let referral = try network.sent()
        let other = try network.draft(referral.caseID, to: "DBY")
        let summary = try network.edit {
            try Consents.withdraw(
                NewConsent(purpose: "SHARE_WITH_PARTNER", partner: "GLS", recordedFor: Network.noon + 1),
                for: referral.caseID, by: Network.surrey, in: $0, now: Network.noon + 1)
        }
        #expect(summary.closedReferrals == [referral.id])
        let states = try network.edit { try Referrals.list(in: $0, by: Network.surrey) }
        #expect(states.first { $0.id == referral.id }?.state == "CONSENT_WITHDRAWN")
        #expect(states.first { $0.id == other.id }?.state == "DRAFT")
    }

    @Test("A pack holds the facts of its tier and of no other class, and its hash fits")
    func tier() throws {
        let network = try Network()
        let draftCase = try network.markedCase()
        try network.consent(draftCase.id, to: "DBY")
        try network.consent(draftCase.id)
        let referral = try network.draft(draftCase.id)
        let detail = try network.edit { database in
            try Referrals.send(referral.id, by: Network.surrey, in: database, now: Network.noon)
            return try Referrals.show(referral.id, by: Network.gloucestershire, in: database)
        }
        let pack = try #require(detail.packs.first)
        #expect(detail.packs.count == 1 && pack.tier == "T2" && pack.isIntact && pack.consentID != nil)
        for marker in ["Mfirst", "Mlast", "Mknown", "Mnationality", draftCase.ref ?? "?"] {
            #expect(pack.items.contains(marker), "\(marker)")
        }
        for marker in ["Mchild", "Mgrandmother", "Mneed", "Mnote", Network.derby.description] {
            #expect(!pack.items.contains(marker), "\(marker)")
        }
        let digest = SHA256.hash(data: Data(pack.items.utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(pack.sha256 == digest)
        let parsed = try JSONSerialization.jsonObject(with: Data(pack.items.utf8)) as? [String: Any]
        #expect((parsed?["facts"] as? [String: Any])?.keys.sorted() == ["case_file", "consent", "person"])
    }

    @Test("The same facts freeze to the same bytes; another fact to others")
    func deterministic() throws {
        let network = try Network()
        let referral = try network.sent()
        let id = try #require(Identifier(referral.caseID))
        try network.edit { database in
            func pack() throws -> ReferralPack {
                try ReferralPack.build(for: id, tier: "T4", receiver: Network.gloucestershire, in: database)
            }
            let first = try pack()
            #expect(try pack() == first)
            #expect(first.items.contains("Mnote") && first.items.contains("Mchild"))
            try database.execute(sql: "UPDATE person SET known_as = ?", arguments: ["M\"k\\\n\u{1}é"])
            let second = try pack()
            #expect(second.sha256 != first.sha256)
            #expect(second.items.contains(#""known_as":"M\"k\\\n\u0001é""#))
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(second.items.utf8)) }
        }
    }

    @Test("Under assessment the sender shows the next tier once, and what was frozen stays as it was")
    func disclose() throws {
        let network = try Network()
        let referral = try network.sent()
        try network.edit { database in
            #expect(try Referrals.disclose(referral.id, by: Network.surrey, in: database, now: Network.noon) == nil)
            for state in ["RECEIVED", "UNDER_ASSESSMENT"] {
                try Referrals.step(
                    referral.id, to: state, by: Network.gloucestershire, in: database, now: Network.noon)
            }
            try database.execute(sql: "UPDATE person SET known_as = 'Mchanged'")
            #expect(throws: Failure.self) {
                try Referrals.disclose(referral.id, by: Network.gloucestershire, in: database, now: Network.noon)
            }
            let later = Network.noon + 1
            #expect(try Referrals.disclose(referral.id, by: Network.surrey, in: database, now: later) == "T3")
            #expect(try Referrals.disclose(referral.id, by: Network.surrey, in: database, now: later) == nil)
            let packs = try Referrals.show(referral.id, by: Network.surrey, in: database).packs
            #expect(packs.map(\.tier) == ["T2", "T3"])
            #expect(packs[0].items.contains("Mknown") && !packs[0].items.contains("Mchanged"))
            #expect(packs[1].items.contains("Mneed") && !packs[1].items.contains("Mnote"))
        }
    }

    @Test("A pack that would be too large is refused, and the referral is not sent")
    func tooLarge() throws {
        let network = try Network()
        let summary = try network.markedCase()
        try network.consent(summary.id)
        let referral = try network.draft(summary.id)
        try network.edit { database in
            let id = try #require(Identifier(summary.id))
            for _ in 0..<700 {
                try database.execute(
                    sql: """
                        INSERT INTO consent(case_id, purpose, decision, evidence_ref) VALUES(?, 'SERVICE', 'GIVEN', ?)
                        """,
                    arguments: [id.sqlBlob, String(repeating: "x", count: 200)])
            }
        }
        let before = try network.logged()
        #expect(try refusal(network, referral.id)?.code == .badData)
        #expect(try network.logged() == before)
    }
}
