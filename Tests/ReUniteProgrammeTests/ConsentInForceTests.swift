import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("Which consent counts depends on when she decided, and never on what arrived first")
struct ConsentInForceTests {
    private static let hour: Int64 = 3_600_000
    private static let sharing = "SHARE_WITH_PARTNER"

    private struct Event: Hashable {
        var decision: String
        /// Hours after noon.
        var hours: Int64
        var hasEvidence = false
        /// nil: no partner named.
        var partner: Identifier? = Network.gloucestershire
        var expires: String?

        var time: Int64 { Network.noon + hours * ConsentInForceTests.hour }
    }

    /// What the view should say of Gloucestershire, worked out from the rule's words and from nothing else: nil for no
    /// consent, else until when.
    private static func oracle(_ events: [Event]) -> Int64?? {
        let mine = events.filter { $0.partner == nil || $0.partner == Network.gloucestershire }
        let refusals = mine.filter { $0.decision != "GIVEN" }
        let lastNo = refusals.map(\.time).max()
        let lastTakenBack = refusals.filter { $0.decision == "WITHDRAWN" }.map(\.time).max()
        let gifts = mine.filter { event in
            guard event.decision == "GIVEN", event.partner != nil else { return false }
            if let lastNo, event.time <= lastNo { return false }
            guard let lastTakenBack else { return true }
            return event.hasEvidence && event.time >= lastTakenBack + 24 * hour
        }
        guard let latest = gifts.map(\.time).max() else { return .none }
        let ends = gifts.filter { $0.time == latest }.map { end($0.expires) }
        return .some(ends.compactMap(\.self).min())
    }

    private static func end(_ day: String?) -> Int64? {
        guard let day else { return nil }
        let parts = day.split(separator: "-").compactMap { Int64($0) }
        return (CivilTime.days(year: parts[0], month: parts[1], day: parts[2]) + 1) * Network.day
    }

    private func insert(_ events: [Event], into id: Identifier, _ database: Database) throws {
        for event in events {
            _ = try database.add(
                "consent",
                [
                    "case_id": id.sqlBlob, "purpose": Self.sharing, "decision": event.decision,
                    "partner_id": event.partner?.sqlBlob, "evidence_ref": event.hasEvidence ? "form" : nil,
                    "expires_on": event.expires, "recorded_for_at": event.time,
                    "entered_at": Network.noon + 400 * Network.day,
                ])
        }
    }

    private func inForce(_ id: Identifier, _ database: Database) throws -> Int64?? {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT until_ms FROM consent_in_force WHERE case_id = ? AND partner_id = ? AND purpose = ?",
            arguments: [id.sqlBlob, Network.gloucestershire.sqlBlob, Self.sharing])
        #expect(rows.count < 2, "one consent counts, or none")
        return rows.first.map { $0["until_ms"] as Int64? }
    }

    @Test("Every order of arrival of gifts, refusals and withdrawals says the same, and what the rule says")
    func everyOrder() throws {
        let network = try Network()
        var generator = SeededGenerator(seed: 0xC0)
        var met: Set<String> = []
        for round in 0..<300 {
            let events = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                Event(
                    decision: ["GIVEN", "GIVEN", "WITHDRAWN", "REFUSED"].randomElement(using: &generator) ?? "GIVEN",
                    hours: [0, 1, 23, 24, 25, 47, 48, 72].randomElement(using: &generator) ?? 0,
                    hasEvidence: Bool.random(using: &generator),
                    partner: [Network.gloucestershire, Network.gloucestershire, Network.derby, nil]
                        .randomElement(using: &generator) ?? nil,
                    expires: [nil, nil, "2026-11-20", "2027-03-31"].randomElement(using: &generator) ?? nil)
            }
            let expected = Self.oracle(events)
            met.insert(expected.map { $0 == nil ? "endless" : "ends" } ?? "none")
            for _ in 0..<3 {
                let order = events.shuffled(using: &generator)
                let id = try network.edit { try $0.add("case_file", ["owner_partner_id": Network.surrey.sqlBlob]) }
                let found = try network.edit { database in
                    try insert(order, into: id, database)
                    return try inForce(id, database)
                }
                #expect(found == expected, "seed 0xC0, round \(round): \(order)")
            }
        }
        #expect(met == ["none", "endless", "ends"])
    }

    @Test("Taken back at one place and given on paper at another: withdrawn, unless it is a day later and written down")
    func paper() throws {
        let taken = Event(decision: "WITHDRAWN", hours: 0)
        let cases: [(Event, Bool)] = [
            (Event(decision: "GIVEN", hours: 23, hasEvidence: true), false),
            (Event(decision: "GIVEN", hours: 30), false),
            (Event(decision: "GIVEN", hours: 24, hasEvidence: true), true),
            (Event(decision: "GIVEN", hours: -1, hasEvidence: true), false),
        ]
        let network = try Network()
        for (given, counts) in cases {
            for order in [[taken, given], [given, taken]] {
                let id = try network.edit { try $0.add("case_file", ["owner_partner_id": Network.surrey.sqlBlob]) }
                let found = try network.edit { database in
                    try insert(order, into: id, database)
                    return try inForce(id, database) != nil
                }
                #expect(found == counts, "\(given)")
            }
        }
    }

    @Test("A consent dated far ahead stands above nothing, and never counts before its time")
    func future() throws {
        let network = try Network()
        let referral = try network.sent()
        let id = try #require(Identifier(referral.caseID))
        try network.setClock(Network.noon)
        try network.edit { database in
            _ = try database.add(
                "consent",
                [
                    "case_id": id.sqlBlob, "purpose": Self.sharing, "decision": "GIVEN", "evidence_ref": "x",
                    "partner_id": Network.gloucestershire.sqlBlob, "recorded_for_at": Network.noon + 900 * Network.day,
                    "entered_at": Network.noon,
                ])
            try insert([Event(decision: "WITHDRAWN", hours: 30)], into: id, database)
            #expect(try inForce(id, database) == nil)
            _ = try database.add(
                "consent",
                [
                    "case_id": id.sqlBlob, "purpose": Self.sharing, "decision": "GIVEN", "evidence_ref": "x",
                    "partner_id": Network.gloucestershire.sqlBlob, "recorded_for_at": Network.noon + 900 * Network.day,
                    "entered_at": Network.noon + 900 * Network.day,
                ])
            #expect(try inForce(id, database) == nil)
        }
    }

    @Test("What the receiver heard of her counts as much as what the sender heard")
    func heardThere() throws {
        let network = try Network()
        let referral = try network.sent()
        let id = try #require(Identifier(referral.caseID))
        try network.edit { database in
            #expect(try inForce(id, database) != nil)
            let closed = try Referrals.withdrawConsent(
                referral.id, by: Network.gloucestershire, in: database, now: Network.noon + 1)
            #expect(closed.state == "CONSENT_WITHDRAWN")
            #expect(try inForce(id, database) == nil)
        }
        try network.consent(referral.caseID, at: Network.noon + 2)
        let again = try network.draft(referral.caseID)
        let failure = try network.failure {
            try Referrals.send(again.id, by: Network.surrey, in: $0, now: Network.noon + 3)
        }
        #expect(failure?.code == .badData)
    }

    @Test("What is shared without consent is listed page by page, what ends first before all others")
    func overridePages() throws {
        let network = try Network()
        let caseID = try network.sent().caseID
        for (partner, day) in [("DBY", 1), ("GLS", 0)] as [(String, Int64)] {
            _ = try network.edit { database in
                try Consents.override(
                    NewOverride(
                        partner: partner, basis: "SAFEGUARDING_CHILD", manager: "R. Shah",
                        rationale: "the child is at risk"), for: caseID, by: Network.surrey, in: database,
                    now: Network.noon + day * Network.day)
            }
        }
        let now = Network.noon + 2 * Network.day
        let pages = try network.edit { database in
            try (1...3).map { try Consents.overridesInForce(.page($0, of: 1), in: database, now: now) }
        }
        #expect(pages.map { $0.entries.map(\.partner) } == [["GLS"], ["DBY"], ["DBY"]])
        #expect(pages.allSatisfy { $0.total == 2 && $0.pages == 2 })
    }

    @Test(
        "Sharing without consent counts a week, four more after each review that upholds it, and no longer when one ends it"
    )
    func override() throws {
        let network = try Network()
        let referral = try network.sent()
        let caseID = referral.caseID
        let new = NewOverride(
            partner: "GLS", basis: "SAFEGUARDING_CHILD", manager: "R. Shah", rationale: "the child is at risk")
        let made = try network.edit { database in
            try Consents.withdraw(
                NewConsent(purpose: Self.sharing, partner: "DBY"), for: caseID, by: Network.surrey, in: database,
                now: Network.noon)
            return try Consents.override(new, for: caseID, by: Network.surrey, in: database, now: Network.noon)
        }
        #expect(made.countsUntil == "2026-11-28T12:00:00Z" && made.partner == "GLS")
        // She takes consent back: the decision keeps the referral open, while it counts.
        try network.edit { database in
            let summary = try Consents.withdraw(
                NewConsent(purpose: Self.sharing, partner: "GLS"), for: caseID, by: Network.surrey, in: database,
                now: Network.noon + 1)
            #expect(summary.closedReferrals.isEmpty)
        }
        #expect(try network.reads(Network.gloucestershire, referral.id).contains("PACK"))
        try network.setClock(Network.noon + 7 * Network.day)
        #expect(try network.reads(Network.gloucestershire, referral.id) == ["REFERRAL"])
        #expect(try network.duties(referral.id) == ["CONSENT_WITHDRAWN"])
        let upheld = try network.edit {
            try Consents.review(
                override: made.id, isUpheld: true, manager: "R. Shah", rationale: "it goes on as it was",
                by: Network.surrey, in: $0, now: Network.noon + 8 * Network.day)
        }
        #expect(upheld.countsUntil == "2026-12-27T12:00:00Z")
        #expect(try network.reads(Network.gloucestershire, referral.id).contains("PACK"))
        #expect(try network.duties(referral.id).isEmpty)
        let ended = try network.edit {
            try Consents.review(
                override: made.id, isUpheld: false, manager: "R. Shah", rationale: "the child is safe",
                by: Network.surrey, in: $0, now: Network.noon + 9 * Network.day)
        }
        #expect(ended.countsUntil == nil)
        #expect(try network.reads(Network.gloucestershire, referral.id) == ["REFERRAL"])
        for (basis, rationale, code) in [
            ("OTHER", "a good reason, surely", Failure.Code.badData), ("COURT_ORDER", "   short   ", .usage),
        ] {
            var wrong = new
            wrong.basis = basis
            wrong.rationale = rationale
            let failure = try network.failure {
                try Consents.override(wrong, for: caseID, by: Network.surrey, in: $0, now: Network.noon)
            }
            #expect(failure?.code == code)
        }
    }
}
