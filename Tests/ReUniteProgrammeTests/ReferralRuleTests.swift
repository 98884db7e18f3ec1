import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("What nobody may do yet, and what the hub does by itself")
struct ReferralRuleTests {
    private func state(_ referral: String, _ network: Network) throws -> String? {
        let id = try #require(Identifier(referral))
        return try network.edit {
            try String.fetchOne($0, sql: "SELECT state FROM referral WHERE id = ?", arguments: [id.sqlBlob])
        }
    }

    private func owner(_ caseID: String, _ network: Network) throws -> Identifier? {
        let id = try #require(Identifier(caseID))
        return try network.edit {
            try Row.fetchOne($0, sql: "SELECT owner_partner_id FROM case_file WHERE id = ?", arguments: [id.sqlBlob])?
                .identifier("owner_partner_id")
        }
    }

    // MARK: Guards

    @Test("Sending needs consent, a pack, a receiver that is there, and the case to be the sender's")
    func sending() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let referral = try network.draft(summary.id)
        #expect(try network.against("SENT", referral.id).count == 2)
        try network.consent(summary.id)
        let pack = try network.against("SENT", referral.id)
        #expect(pack.count == 1 && pack.first?.contains("pack") == true)
        try network.edit {
            try $0.execute(sql: "UPDATE partner SET active = 0 WHERE code = 'GLS'")
        }
        let left = try network.failure {
            try Referrals.send(referral.id, by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(left?.code == .badData && left?.why.contains("has left the network") == true)
        try network.edit { database in
            try database.execute(sql: "UPDATE partner SET active = 1")
            try Referrals.send(referral.id, by: Network.surrey, in: database, now: Network.noon)
        }
        #expect(try network.against("SENT", referral.id).isEmpty)
        let id = try #require(Identifier(summary.id))
        try network.edit {
            try $0.execute(
                sql: "UPDATE case_file SET owner_partner_id = ? WHERE id = ?",
                arguments: [Network.derby.sqlBlob, id.sqlBlob])
        }
        #expect(try network.against("SENT", referral.id) == ["the case is not the sender's"])
    }

    @Test("A home is offered once the hub holds it, and not when somebody else lives there")
    func offering() throws {
        let network = try Network()
        let referral = try network.sent()
        let unit = try network.home()
        func offer(_ unit: String? = nil) throws -> ReferralSummary {
            try network.edit {
                try Referrals.offer(
                    referral.id, unit: unit, from: unit.map { _ in "2027-01-15" }, to: unit.map { _ in "2028-01-15" },
                    by: Network.gloucestershire, in: $0, now: Network.noon)
            }
        }
        try network.edit { database in
            _ = try Referrals.assess(
                referral.id, assessor: "J. Carter", by: Network.gloucestershire, in: database, now: Network.noon)
        }
        #expect(throws: Failure.self) { try offer() }
        #expect(try offer(unit).state == "UNDER_ASSESSMENT")
        let waiting = try network.failure {
            try Referrals.offer(referral.id, by: Network.gloucestershire, in: $0, now: Network.noon)
        }
        #expect(waiting?.remedy.contains("sync") == true)
        // Somebody else was given the same home for some of the days.
        let other = try network.markedCase()
        let ids = try [unit, other.id].map { try #require(Identifier($0)).sqlBlob }
        try network.writeAsHub("unit_hold") { try $0.execute(sql: "UPDATE unit_hold SET status = 'HELD'") }
        try network.writeAsHub("occupancy") { database in
            _ = try database.add(
                "occupancy",
                [
                    "case_id": ids[1], "unit_id": ids[0], "arrive_on": "2028-01-14", "depart_on": "2028-03-01",
                    "status": "CONFIRMED",
                ])
        }
        #expect(throws: Failure.self) { try offer() }
        try network.writeAsHub("occupancy") { try $0.execute(sql: "UPDATE occupancy SET arrive_on = '2028-01-15'") }
        #expect(try offer().state == "OFFERED")
        let foreign = try network.failure {
            try Referrals.answerOffer(referral.id, accepted: false, by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(foreign?.code == .badData)
        try network.edit { database in
            let refused = try Referrals.answerOffer(
                referral.id, accepted: false, reason: "TOO_FAR_FROM_CHILDREN", by: Network.surrey, in: database,
                now: Network.noon)
            #expect(refused.state == "OFFER_REFUSED")
            try Referrals.giveBack(
                referral.id, reason: "OFFER_REFUSED", by: Network.gloucestershire, in: database, now: Network.noon)
        }
        // What was held for it is free again.
        let done = try network.perform(referral.id)
        #expect(done.count == 1 && done.first?.hasPrefix("RELEASE") == true)
        #expect(try network.edit { try String.fetchOne($0, sql: "SELECT status FROM unit_hold") } == "RELEASED")
    }

    @Test("A handover waits for open conflicts about risk, consent or addresses, and is not for joint work")
    func handover() throws {
        let network = try Network()
        try network.becomeHub()
        let referral = try network.accepted()
        let id = try #require(Identifier(referral.caseID))
        for (table, stops) in [
            ("risk_flag", true), ("consent", true), ("address", true), ("contact_restriction", true), ("person", false),
        ] {
            try network.edit {
                try $0.execute(sql: "DELETE FROM ru_open_conflict")
                try $0.execute(
                    sql: "INSERT INTO ru_open_conflict VALUES(?, ?, x'01', 'level')", arguments: [id.sqlBlob, table])
            }
            #expect(try network.against("HANDOVER", referral.id).isEmpty != stops, "\(table)")
        }
        try network.edit { try $0.execute(sql: "DELETE FROM ru_open_conflict") }
        let open = try network.failure {
            try Referrals.handOver(
                referral.id, HandoverChecklist(riskCall: "DONE"), by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(open?.why.contains("the children's plan") == true)
        let shared = try network.accepted(kind: "REFER_SHARED")
        let joint = try network.failure {
            try Referrals.handOver(shared.id, Network.done, by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(joint?.why.contains("joint work") == true)
        #expect(try network.against("TRANSFERRED", shared.id).contains { $0.contains("joint work") })
    }

    @Test("Joint work ends at the receiver with an outcome, and leaves a tombstone there")
    func joint() throws {
        let network = try Network()
        let shared = try network.accepted(kind: "REFER_SHARED")
        #expect(try network.against("COMPLETED", shared.id) == ["no outcome was recorded"])
        let ended = try network.edit {
            try Referrals.complete(
                shared.id, outcome: "SUPPORT_ENDED", by: Network.gloucestershire, in: $0, now: Network.noon)
        }
        #expect(ended.state == "COMPLETED")
        #expect(try network.reads(Network.gloucestershire, shared.id) == ["REFERRAL"])
        #expect(try network.reads(Network.gloucestershire, shared.caseID).isEmpty)
        #expect(try owner(shared.caseID, network) == Network.surrey)
    }

    // MARK: Duties

    @Test("The hub notes that the pack arrived when an office of the receiver has it, and not before")
    func received() throws {
        let network = try Network()
        try network.becomeHub()
        let referral = try network.sent()
        let pack = try network.edit { try Data.fetchOne($0, sql: "SELECT id FROM referral_pack") }
        for (partner, due) in [(Network.surrey, false), (Network.gloucestershire, true)] {
            try network.edit {
                try $0.execute(
                    sql: "INSERT INTO ru_seen VALUES('referral_pack', ?, ?)", arguments: [pack, partner.sqlBlob])
            }
            #expect(try network.duties(referral.id).isEmpty != due)
        }
        #expect(try network.perform(referral.id) == ["RECEIVED"])
        let detail = try network.edit { try Referrals.show(referral.id, by: Network.surrey, in: $0) }
        #expect(detail.summary.state == "RECEIVED" && detail.events.last?["to_state"] == "RECEIVED")
        #expect(detail.events.last?["from_state"] == "SENT")
        #expect(detail.events.last?.partners["actor_partner"] == nil)
    }

    @Test("The case changes hands in one go when both sides have signed, and never while a conflict is open")
    func transfer() throws {
        let network = try Network()
        try network.becomeHub()
        let referral = try network.accepted()
        let id = try #require(Identifier(referral.caseID))
        try network.sign(referral, Network.gloucestershire)
        #expect(try state(referral.id, network) == "ACCEPTED")
        try network.edit {
            try $0.execute(
                sql: "INSERT INTO ru_open_conflict VALUES(?, 'risk_flag', x'01', 'level')", arguments: [id.sqlBlob])
        }
        #expect(throws: Failure.self) { try network.sign(referral, Network.surrey) }
        try network.edit { try $0.execute(sql: "DELETE FROM ru_open_conflict") }
        try network.sign(referral, Network.surrey)
        #expect(try state(referral.id, network) == "HANDOVER")
        #expect(throws: Failure.self) { try network.sign(referral, Network.surrey) }
        try network.edit {
            try $0.execute(
                sql: "INSERT INTO ru_open_conflict VALUES(?, 'risk_flag', x'01', 'level')", arguments: [id.sqlBlob])
        }
        #expect(try network.duties(referral.id).isEmpty)
        try network.edit { try $0.execute(sql: "DELETE FROM ru_open_conflict") }
        let rows = try network.edit {
            try Row.fetchAll($0, sql: "SELECT DISTINCT duty, step, tbl FROM referral_duty ORDER BY step")
        }
        #expect(rows.map { $0["tbl"] as String } == ["referral", "referral_event", "case_file"])
        #expect(try network.perform(referral.id) == ["TRANSFERRED"])
        #expect(try owner(referral.caseID, network) == Network.gloucestershire)
        // The sender keeps what it sent and wrote, and hears the outcome; of the case it sees nothing more.
        #expect(try network.reads(Network.surrey, referral.caseID).isEmpty)
        #expect(try network.reads(Network.surrey, referral.id).contains("PACK"))
        #expect(try network.reads(Network.gloucestershire, referral.caseID).contains("ADDRESS"))
        let packs = try network.edit { try Referrals.show(referral.id, by: Network.surrey, in: $0) }.packs
        #expect(packs.map(\.tier) == ["T2", "T4"] && packs[1].items.contains("Mnote"))
        try network.edit { database in
            let completed = try Referrals.complete(
                referral.id, outcome: "ARRIVED", on: "2027-01-16", by: Network.gloucestershire, in: database,
                now: Network.noon)
            #expect(completed.state == "COMPLETED")
            let seen = try Referrals.show(referral.id, by: Network.surrey, in: database).outcomes
            #expect(seen.first?["band"] == "ARRIVED" && seen.first?.partners["partner"] == "GLS")
        }
    }

    @Test("A signature counts for the side whose partner wrote it, with nothing left open on its list")
    func signatures() throws {
        let network = try Network()
        try network.becomeHub()
        let referral = try network.accepted()
        try network.sign(referral, Network.surrey)
        let id = try #require(Identifier(referral.id))
        try network.edit {
            // Somebody else's, and one with the list not gone through.
            for (partner, transport) in [(Network.derby, "DONE"), (Network.gloucestershire, "OPEN")] {
                _ = try $0.add(
                    "referral_signature",
                    [
                        "referral_id": id.sqlBlob, "kind": "HANDOVER", "partner_id": partner.sqlBlob,
                        "risk_call": "DONE", "children_plan": "DONE", "duty_to_refer": "DONE", "transport": transport,
                    ])
            }
        }
        #expect(try network.duties(referral.id).isEmpty)
        #expect(try network.against("TRANSFERRED", referral.id) == ["the receiver has not signed"])
    }

    @Test("Within 14 days both sides may agree to return her, and the case goes back; later they may not")
    func returned() throws {
        for days: Int64 in [13, 15] {
            let network = try Network()
            try network.becomeHub()
            let referral = try network.transferred()
            let now = Network.noon + days * Network.day
            #expect(try network.against("RETURNED", referral.id).count == 1)
            let failure = try network.failure {
                try Referrals.giveBack(
                    referral.id, reason: "NON_ARRIVAL", by: Network.gloucestershire, in: $0, now: now)
            }
            #expect((failure == nil) == (days == 13))
            guard failure == nil else { continue }
            #expect(try network.duties(referral.id).isEmpty)
            try network.edit {
                _ = try Referrals.giveBack(referral.id, reason: "NON_ARRIVAL", by: Network.surrey, in: $0, now: now)
            }
            #expect(try network.perform(referral.id) == ["RETURNED"])
            #expect(try owner(referral.caseID, network) == Network.surrey)
            #expect(try network.reads(Network.gloucestershire, referral.caseID).isEmpty)
            #expect(try network.reads(Network.gloucestershire, referral.id) == ["REFERRAL"])
            #expect(try !network.reads(Network.surrey, referral.caseID).isEmpty)
        }
    }

    @Test("After a recall the former owner may reach her, unless she took her consent back there")
    func recalled() throws {
        let network = try Network()
        try network.becomeHub()
        let referral = try network.transferred()
        try network.edit {
            _ = try Referrals.recall(referral.id, by: Network.gloucestershire, in: $0, now: Network.noon)
        }
        let reads = try network.reads(Network.surrey, referral.caseID)
        #expect(reads.isSuperset(of: ["IDENTITY", "CUSTODY", "CONTACT"]) && !reads.contains("NOTES"))
        try network.edit {
            _ = try Consents.withdraw(
                NewConsent(purpose: "SHARE_WITH_PARTNER", partner: "SRY"), for: referral.caseID,
                by: Network.gloucestershire, in: $0, now: Network.noon)
        }
        #expect(try network.reads(Network.surrey, referral.caseID).isEmpty)
    }

    @Test("A referral on which nothing happens for 42 days expires, and so does one whose release is 14 days past")
    func expiry() throws {
        let network = try Network()
        try network.becomeHub()
        let referral = try network.sent()
        let id = try #require(Identifier(referral.id))
        /// The hub takes a step at this time, whatever its event says.
        func taken(_ now: Int64) throws {
            try network.edit {
                try $0.execute(sql: "DELETE FROM ru_taken")
                try $0.execute(
                    sql: "INSERT INTO ru_taken VALUES('referral', ?, 'state', ?)", arguments: [id.sqlBlob, now])
            }
        }
        try taken(Network.noon)
        for (days, due) in [(0, false), (42, false), (43, true)] as [(Int64, Bool)] {
            try network.setClock(Network.noon + days * Network.day)
            #expect(try network.duties(referral.id).isEmpty != due, "\(days) days")
        }
        // 14 January is the release: the 28th is the fourteenth day after it.
        for (hours, due) in [(-1, false), (0, true)] as [(Int64, Bool)] {
            let now: Int64 = 1_801_180_800_000 + hours * 3_600_000
            try network.setClock(now)
            try taken(now)
            #expect(try network.duties(referral.id).isEmpty != due, "\(hours) hours")
        }
        #expect(try network.perform(referral.id) == ["EXPIRED"])
        #expect(try network.reads(Network.gloucestershire, referral.id) == ["REFERRAL"])
    }

    @Test("Consent taken back moves an open referral, whoever wrote it down; a draft it leaves alone")
    func consentWithdrawn() throws {
        let network = try Network()
        let referral = try network.accepted()
        let id = try #require(Identifier(referral.caseID))
        // A laptop that knew of no referral writes the row alone.
        try network.edit {
            _ = try $0.add(
                "consent",
                [
                    "case_id": id.sqlBlob, "purpose": "SHARE_WITH_PARTNER", "decision": "WITHDRAWN",
                    "partner_id": Network.gloucestershire.sqlBlob, "recorded_for_at": Network.noon + 1,
                    "entered_at": Network.noon + 2,
                ])
        }
        let draft = try network.draft(referral.caseID)
        #expect(try network.duties(draft.id).isEmpty)
        #expect(try network.perform(referral.id) == ["CONSENT_WITHDRAWN"])
        #expect(try network.reads(Network.surrey, referral.id).contains("PACK"))
    }

    @Test("Homes that the receiver asked for are given back when its referral closes, and nobody else's")
    func cascade() throws {
        let network = try Network()
        let referral = try network.accepted()
        let unit = try #require(Identifier(try network.home()))
        let id = try #require(Identifier(referral.caseID))
        let homes = [(unit, "CONFIRMED"), (unit, "ARRIVED"), (Identifier(high: 9, low: 9), "CONFIRMED")]
        var rows: [Identifier] = []
        try network.writeAsHub("occupancy") { database in
            for (home, status) in homes {
                rows.append(
                    try database.add(
                        "occupancy",
                        [
                            "case_id": id.sqlBlob, "unit_id": home.sqlBlob, "arrive_on": "2027-01-15",
                            "depart_on": "2028-01-15", "status": status,
                        ]))
            }
        }
        #expect(try network.duties(referral.id).isEmpty)
        try network.edit {
            _ = try Referrals.withdraw(
                referral.id, reason: "NEEDS_MET_ELSEWHERE", by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(try network.perform(referral.id).count == 1)
        let statuses = try network.edit { database in
            try rows.map {
                try String.fetchOne(database, sql: "SELECT status FROM occupancy WHERE id = ?", arguments: [$0.sqlBlob])
            }
        }
        #expect(statuses == ["CANCELLED", "ARRIVED", "CONFIRMED"])
    }
}
