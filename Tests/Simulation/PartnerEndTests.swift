import GRDB
import ReUnitePages
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("A partner that leaves the network gets nothing more, and what it owns stays at the hub")
struct PartnerEndTests {
    private let world: World
    private let rows: CaseRows
    private let own: CaseRows

    init() throws {
        world = try World(seed: 985)
        rows = try world.openCase(on: world.surreyOffice, marker: "shared", naming: world.gloucester)
        own = try world.openCase(on: world.gloucestershire, marker: "its own", naming: world.surrey)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
    }

    private var code: String { world.gloucestershire.partnerCode }

    private func openGrants() throws -> Int {
        try world.hub.read("Counting grants") {
            try Int.fetchOne(
                $0,
                sql: """
                    SELECT count(*) FROM hub_grant g JOIN hub_sub s ON s.no = g.sub
                    WHERE s.partner = ? AND g.closed IS NULL
                    """, arguments: [world.gloucester.sqlBlob]) ?? 0
        }
    }

    @Test("its grants close, its devices are revoked, no other joins, and it is on the audit log")
    func ended() throws {
        #expect(try world.gloucestershire.holds("need", rows.need) && openGrants() > 0)
        let ended = try #require(try world.hub.endPartner(code: code, by: "Operator"))
        #expect(ended.id == world.gloucester && ended.revoked == 1)
        #expect(try openGrants() == 0)
        #expect(try world.hub.partners().first { $0.code == code }?.active == false)
        #expect {
            try world.sync(world.gloucestershire)
        } throws: {
            ($0 as? Failure)?.code == .notPermitted
        }
        #expect(throws: Failure.self) {
            try world.hub.invite(partner: code, name: "Another", role: "office", hours: 1)
        }
        #expect(try world.hub.endPartner(code: code, by: "Operator") == nil)
        // What it owns is here as it was, and others go on.
        #expect(try world.reader.text("detail", of: "need", own.need) != nil)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "afterwards")
        #expect(try world.sync(world.surreyOffice).digest == .match)
        #expect(try openGrants() == 0)
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("the network's rows say so, with the last day and the standing after it")
    func rowsEnd() throws {
        try world.hub.insert("Setting up") { database, _ in
            try database.execute(
                sql:
                    "INSERT INTO area_membership(area, partner_id, status, from_on) VALUES('GLO', ?, 'LIVE', '2025-01-01')",
                arguments: [world.gloucester.sqlBlob])
        }
        func membership() throws -> Partners.Membership {
            try world.hub.read("Reading") { try Partners.membership(of: world.gloucester, in: $0) }
        }
        let before = try membership()
        #expect(!before.isOver && before.casesOwned == 1)
        try world.hub.change("Ending the partner", Partners.changes(ending: before, on: "2026-02-28")) {
            try Partners.leave(before, after: "2026-02-28", in: $0)
        }
        #expect(try membership().isOver)
        let standings = try world.hub.read("Reading") {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT status || ' ' || from_on || ' ' || coalesce(to_on, '-') FROM area_membership
                    WHERE partner_id = ? ORDER BY from_on
                    """, arguments: [world.gloucester.sqlBlob])
        }
        #expect(standings == ["LIVE 2025-01-01 2026-02-28", "LEFT 2026-03-01 -"])
        try world.sync(world.surreyOffice)
        let known = try world.surreyOffice.application.read { try Partners.list(in: $0) }
        #expect(known.contains { $0.id == world.gloucester && !$0.isActive })
    }

    @Test("what was sent to it and not accepted is over, so that she can be referred to others")
    func inFlight() throws {
        let other = try world.openCase(on: world.surreyOffice, marker: "not yet", naming: world.gloucester)
        let waiting = try world.refer(other.id, on: world.surreyOffice, to: world.gloucester)
        let back = try world.refer(own.id, on: world.gloucestershire, to: world.surrey)
        try world.settle()
        _ = try world.hub.endPartner(code: code, by: "Operator")
        try endRows()
        for referral in [waiting, back] {
            #expect(try world.reader.text("state", of: "referral", referral) == "EXPIRED")
        }
        try world.sync(world.surreyOffice)
        #expect(try world.surreyOffice.text("state", of: "referral", waiting) == "EXPIRED")
    }

    private func endRows() throws {
        let membership = try world.hub.read("Reading") { try Partners.membership(of: world.gloucester, in: $0) }
        try world.hub.change("Ending the partner", Partners.changes(ending: membership, on: "2026-02-28")) {
            try Partners.leave(membership, after: "2026-02-28", in: $0)
        }
    }

    @Test("what its devices had not sent stays there as it was typed, and waits at the hub for a person")
    func unsent() throws {
        _ = try world.hub.endPartner(code: code, by: "Operator")
        try endRows()
        try world.gloucestershire.set("detail", of: "need", own.need, to: "typed in the last week")
        for _ in 0..<2 {
            let failure = #expect(throws: Failure.self) { try world.sync(world.gloucestershire) }
            #expect(failure?.code == .notPermitted)
        }
        #expect(try world.gloucestershire.text("detail", of: "need", own.need) == "typed in the last week")
        let kept = try world.gloucestershire.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM ru_outbox WHERE state < 2")
        }
        #expect(kept == 1)
        let waiting = try #require(try world.hub.quarantine().first)
        #expect(try world.hub.quarantine().count == 1 && waiting.reason == "device-revoked")
        #expect(try world.hub.quarantined(waiting.id).value["detail"] == "typed in the last week")
    }

    @Test("what it owns is given to another by the operator, and of a partner that has not left it is not")
    func given() throws {
        func give(_ id: Identifier, to code: String) throws {
            _ = try world.hub.give(case: id, to: code, by: "Ada", reason: "She agreed by telephone")
        }
        #expect(throws: Failure.self) { try give(own.id, to: world.surreyOffice.partnerCode) }
        _ = try world.hub.endPartner(code: code, by: "Operator")
        try endRows()
        #expect(throws: Failure.self) { try give(rows.id, to: world.surreyOffice.partnerCode) }
        #expect(throws: Failure.self) { try give(own.id, to: code) }
        #expect(throws: Failure.self) { try give(own.id, to: "NONE") }
        try give(own.id, to: world.surreyOffice.partnerCode)
        #expect(try world.sync(world.surreyOffice).digest == .match)
        #expect(try world.surreyOffice.text("detail", of: "need", own.need) == "its own need")
        #expect(try openGrants() == 0)
        let noted = try world.hub.auditEntries(kind: .written).compactMap(\.record)
        #expect(noted.contains { $0.id(.scope) == own.id && $0.id(.partner) == world.surrey })
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("a hub that is restored from before does not forget it")
    func restored() throws {
        let backup = try world.backUpHub()
        _ = try world.hub.endPartner(code: code, by: "Operator")
        try world.restoreHub(from: backup)
        #expect(try world.hub.partners().first { $0.code == code }?.active == false)
        #expect(try world.hub.devices().contains { $0.partner == code && $0.state == "revoked" })
        #expect(try openGrants() == 0)
    }
}
