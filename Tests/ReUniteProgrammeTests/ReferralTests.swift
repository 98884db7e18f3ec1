import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite struct ReferralTests {
    @Test("What a pack says of her is read as text or not at all, whatever its sender put there")
    func strangePacks() throws {
        for told in ["7", "1.5", "true", "null", "[\"x\"]", "{\"x\": 1}", "\"Bea\"", "\"\""] {
            let network = try Network()
            let referral = try network.sent()
            let items = """
                {"facts": {"person": [{"known_as": \(told), "legal_first": \(told)}], "case_file": [{"ref": \(told)}]}}
                """
            try network.writeAsHub("referral_pack") {
                try $0.execute(sql: "UPDATE referral_pack SET items = ?", arguments: [items])
            }
            let listed = try network.edit { database in
                try database.execute(sql: "UPDATE person SET known_as = '', legal_first = '', legal_last = ''")
                return try Referrals.list(in: database, by: Network.gloucestershire)
            }
            #expect(listed.map(\.id) == [referral.id])
            #expect(listed.first?.called == (told == "\"Bea\"" ? "Bea" : nil), "\(told)")
        }
    }

    @Test("Every step to acceptance is captured, in order, and is in the referral's history")
    func steps() throws {
        let network = try Network()
        let referral = try network.sent()
        let accepted = try network.edit {
            try Referrals.accept(referral.id, by: Network.gloucestershire, in: $0, now: Network.noon + 1)
        }
        #expect(accepted.state == "ACCEPTED" && accepted.side == "RECEIVER")
        #expect(
            try network.steps() == [
                "DRAFT>SENT", "SENT>RECEIVED", "RECEIVED>UNDER_ASSESSMENT", "UNDER_ASSESSMENT>ACCEPTED",
            ])
        let detail = try network.edit { try Referrals.show(referral.id, by: Network.surrey, in: $0) }
        #expect(
            detail.events.compactMap { $0["to_state"] } == [
                "DRAFT", "SENT", "RECEIVED", "UNDER_ASSESSMENT", "ACCEPTED",
            ])
        #expect(detail.events.compactMap { $0.partners["actor_partner"] } == ["SRY", "SRY", "GLS", "GLS", "GLS"])
        #expect(detail.openSteps.map(\.state) == ["HANDOVER", "WITHDRAWN", "CONSENT_WITHDRAWN"])
    }

    @Test("An illegal step is refused, names the open steps and changes nothing")
    func illegal() throws {
        let network = try Network()
        let referral = try network.sent()
        let before = try network.logged()
        let surrey = Network.surrey
        let gloucestershire = Network.gloucestershire
        let now = Network.noon
        let attempts: [(open: String, attempt: (Database) throws -> Void)] = [
            ("WITHDRAWN", { try Referrals.accept(referral.id, by: surrey, in: $0, now: now) }),
            ("CONSENT_WITHDRAWN", { try Referrals.send(referral.id, by: surrey, in: $0, now: now) }),
            (
                "RECEIVED",
                { try Referrals.withdraw(referral.id, reason: "COMPLETED", by: gloucestershire, in: $0, now: now) }
            ),
            ("DECLINED", { try Referrals.step(referral.id, to: "TRANSFERRED", by: gloucestershire, in: $0, now: now) }),
        ]
        for (open, attempt) in attempts {
            let failure = try #require(try network.failure(attempt))
            #expect(failure.code == .badData && failure.remedy.contains(open), "\(failure)")
        }
        let stranger = try #require(
            try network.failure {
                try Referrals.accept(referral.id, by: Network.derby, in: $0, now: now)
            })
        #expect(stranger.code == .notPermitted)
        #expect(try network.logged() == before)
    }

    @Test("Acceptance stops where the sender has to act in between")
    func offered() throws {
        let network = try Network()
        let referral = try network.sent()
        try network.hold(for: referral)
        try network.edit { database in
            for state in ["RECEIVED", "UNDER_ASSESSMENT", "OFFERED"] {
                try Referrals.step(
                    referral.id, to: state, by: Network.gloucestershire, in: database, now: Network.noon)
            }
            #expect(throws: Failure.self) {
                try Referrals.accept(referral.id, by: Network.gloucestershire, in: database, now: Network.noon)
            }
            try Referrals.step(referral.id, to: "OFFER_ACCEPTED", by: Network.surrey, in: database, now: Network.noon)
            let accepted = try Referrals.accept(
                referral.id, by: Network.gloucestershire, in: database, now: Network.noon)
            #expect(accepted.state == "ACCEPTED")
        }
    }

    @Test("Declining and withdrawing need a listed reason, and OTHER needs words")
    func reasons() throws {
        let network = try Network()
        let referral = try network.sent()
        let before = try network.logged()
        for reason in ["NOT_A_CODE", "", "COMPLETED", "OTHER"] {
            let failure = try network.failure {
                try Referrals.decline(
                    referral.id, reason: reason, by: Network.gloucestershire, in: $0, now: Network.noon)
            }
            #expect(failure?.code == .badData, "\(reason)")
        }
        #expect(try network.logged() == before)
        let declined = try network.edit {
            try Referrals.decline(
                referral.id, reason: "NO_HOME_IN_AREA", by: Network.gloucestershire, in: $0, now: Network.noon)
        }
        #expect(declined.state == "DECLINED" && !declined.isOpen)
        let detail = try network.edit { try Referrals.show(referral.id, by: Network.gloucestershire, in: $0) }
        #expect(detail.referral["decline_reason"] == "NO_HOME_IN_AREA")
        #expect(detail.events.last?["reason"] == "NO_HOME_IN_AREA" && detail.openSteps.isEmpty)
        #expect(try network.steps() == ["DRAFT>SENT", "SENT>DECLINED"])
    }

    @Test("Only the owner refers a case, to another partner, with valid codes and dates in order")
    func drafts() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let before = try network.logged()
        let wrong: [(NewReferral, Identifier, Failure.Code)] = [
            (NewReferral(to: "GLS"), Network.derby, .notPermitted), (NewReferral(to: "SRY"), Network.surrey, .badData),
            (NewReferral(to: "XXX"), Network.surrey, .noInput),
            (NewReferral(to: "GLS", urgency: "SOON"), Network.surrey, .badData),
            (NewReferral(to: "GLS", neededFrom: "2027-02-30"), Network.surrey, .badData),
            (NewReferral(to: "GLS", neededFrom: "2027-01-01", releaseDate: "2027-01-02"), Network.surrey, .badData),
        ]
        for (new, partner, code) in wrong {
            let failure = try network.failure {
                try Referrals.create(new, of: summary.id, by: partner, in: $0, now: Network.noon)
            }
            #expect(failure?.code == code, "\(String(describing: failure))")
        }
        #expect(try network.logged() == before)
    }

    @Test("Only one referral to house her is under way")
    func oneHome() throws {
        let network = try Network()
        let referral = try network.sent()
        try network.consent(referral.caseID, to: "DBY")
        let second = try network.draft(referral.caseID, to: "DBY")
        let failure = try network.failure {
            try Referrals.send(second.id, by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(failure?.code == .badData)
        try network.edit { database in
            try Referrals.withdraw(
                referral.id, reason: "OTHER", words: "sent twice", by: Network.surrey, in: database, now: Network.noon)
            let sent = try Referrals.send(second.id, by: Network.surrey, in: database, now: Network.noon)
            #expect(sent.state == "SENT")
        }
    }

    @Test("A case's reference finds its open referral, also at a receiver that holds only the pack")
    func byReference() throws {
        let network = try Network()
        let referral = try network.sent()
        let reference = try #require(referral.caseRef)
        try network.edit { database in
            #expect(try Lookup.referral(reference, in: database).description == referral.id)
            try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
            for table in ["person", "child", "need"] { try database.execute(sql: "DELETE FROM \(table)") }
            try database.execute(sql: "UPDATE case_file SET ref = NULL")
            #expect(try Lookup.referral(reference.lowercased(), in: database).description == referral.id)
        }
    }
}
