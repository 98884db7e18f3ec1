import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("Questions, answers, and packs of the whole case")
struct QuestionTests {
    @Test("The receiver asks, the sender answers and shows what the stage allows, and the assessment goes on")
    func asked() throws {
        let network = try Network()
        let referral = try network.sent()
        let there = Network.gloucestershire
        let now = Network.noon
        try network.edit { database in
            try Referrals.assess(referral.id, assessor: "J. Carter", by: there, in: database, now: now)
            let asked = try Referrals.ask(
                referral.id, topic: "HEALTH", question: "Which medicines?", by: there, in: database, now: now)
            #expect(asked.state == "INFO_REQUESTED")
            try Referrals.ask(referral.id, topic: "CHILDREN", question: "", by: there, in: database, now: now)
            let open = try Referrals.show(referral.id, by: Network.surrey, in: database)
            #expect(open.questions.map { $0["topic"] } == ["HEALTH", "CHILDREN"])
            #expect(open.referral["assessor"] == "J. Carter")
            #expect(throws: Failure.self) {
                try Referrals.answer(referral.id, answer: "None", by: Network.surrey, in: database, now: now)
            }
            let first = try Referrals.answer(
                referral.id, question: open.questions[0].id.description, answer: "None", by: Network.surrey,
                in: database, now: now)
            #expect(first.state == "INFO_REQUESTED")
            let second = try Referrals.answer(
                referral.id, answer: "See the plan", by: Network.surrey, in: database, now: now)
            #expect(second.state == "UNDER_ASSESSMENT")
            let packs = try Referrals.show(referral.id, by: Network.surrey, in: database).packs
            #expect(packs.map(\.tier) == ["T2", "T3"])
        }
    }

    @Test("Only the receiver asks, only listed topics, and only while it assesses")
    func refused() throws {
        let network = try Network()
        let referral = try network.sent()
        let now = Network.noon
        let attempts: [(Database) throws -> Void] = [
            { try Referrals.ask(referral.id, topic: "HEALTH", question: "", by: Network.surrey, in: $0, now: now) },
            {
                try Referrals.ask(
                    referral.id, topic: "HEALTH", question: "", by: Network.gloucestershire, in: $0, now: now)
            },
            { try Referrals.assess(referral.id, assessor: "", by: Network.gloucestershire, in: $0, now: now) },
            { try Referrals.step(referral.id, to: "INFO_REQUESTED", by: Network.gloucestershire, in: $0, now: now) },
        ]
        for attempt in attempts { #expect(try network.failure(attempt)?.code == .badData) }
    }

    @Test("The whole case is frozen in as many packs as it takes, with nothing lost and nothing confidential")
    func whole() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let id = try #require(Identifier(summary.id))
        try network.edit { database in
            for number in 0..<40 {
                let body = "note \(number) " + String(repeating: "x", count: 10_000)
                try CaseNotes.add(NewNote(body: body), to: summary.id, in: database, now: Network.noon)
            }
            _ = try database.add("address", ["case_id": id.sqlBlob, "lines": "Mstreet"])
            _ = try database.add(
                "limited_access",
                ["case_id": id.sqlBlob, "kind": "EXCLUSION", "partner_id": Network.derby.sqlBlob])
            let packs = try ReferralPack.parts(
                for: id, tier: "T4", receiver: Network.gloucestershire, in: database)
            #expect(packs.count > 3 && packs.allSatisfy { $0.items.unicodeScalars.count <= 100_000 })
            let all = packs.map(\.items).joined()
            for number in 0..<40 { #expect(all.contains("note \(number) ")) }
            #expect(all.contains("Mnote") && all.contains("Mneed") && !all.contains("Mstreet"))
            #expect(!all.contains("limited_access"))
            #expect(throws: Failure.self) {
                try ReferralPack.parts(for: id, tier: "T5", receiver: Network.gloucestershire, in: database)
            }
            #expect(throws: Failure.self) {
                try ReferralPack.build(for: id, tier: "T4", receiver: Network.gloucestershire, in: database)
            }
        }
        let stages = try network.edit {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT DISTINCT t.class FROM stage_pack p JOIN tier_class t ON t.tier = p.tier
                    WHERE t.class IN ('ADDRESS', 'CHILD_VOICE', 'SAFEGUARDING')
                    """)
        }
        #expect(stages.isEmpty)
    }
}
