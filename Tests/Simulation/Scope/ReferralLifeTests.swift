import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("The life of a referral, over a real hub and real replicas")
struct ReferralLifeTests {
    private func edit(
        _ device: Device, _ body: (Database, Identifier, Int64) throws -> ReferralSummary
    ) throws {
        _ = try device.edit { try body($0, device.partner, device.time.wallMilliseconds) }
    }

    private func state(_ referral: Identifier, _ world: World) throws -> String? {
        try world.reader.text("state", of: "referral", referral)
    }

    private func reads(_ partner: Identifier, _ scope: Identifier, _ world: World) throws -> Int64 {
        try world.reader.read {
            try Int64.fetchOne(
                $0,
                sql: """
                    SELECT g.read_mask FROM hub_grant g JOIN hub_scope s ON s.no = g.scope
                    JOIN hub_partner p ON p.sub = g.sub WHERE p.id = ? AND s.id = ? AND g.closed IS NULL
                    """, arguments: [partner.sqlBlob, scope.sqlBlob]) ?? 0
        }
    }

    private static let done = HandoverChecklist(
        riskCall: "DONE", childrenPlan: "DONE", dutyToRefer: "DONE", transport: "DONE")

    // MARK: What the grants do by themselves

    @Test("Taken back before the referral arrived: what was sent all the same shows its receiver no pack")
    func gate() throws {
        let world = try World(seed: 801)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        try world.settle()
        // She took it back on a laptop that had not heard of the referral.
        try world.consent("WITHDRAWN", in: rows.id, on: world.surreyLaptop, later: 1)
        _ = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.sync(world.surreyLaptop)
        try world.sync(world.surreyOffice)
        try world.settle()
        #expect(
            try world.gloucestershire.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM referral_pack") } == 0)
        #expect(try !fileMentions("Larch", world.gloucestershire.path))
        #expect(try world.surreyOffice.holds("person", rows.person))
    }

    @Test("Consent taken back offline closes the case at the receiver in every order, whatever it wrote meanwhile")
    func takenBack() throws {
        for isReceiverFirst in [false, true] {
            let world = try World(seed: 802)
            let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
            let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
            try world.settle()
            try world.accept(referral, on: world.gloucestershire)
            try world.settle()
            #expect(try world.gloucestershire.holds("person", rows.person))
            try edit(world.surreyLaptop) {
                try Referrals.withdrawConsent(referral.description, by: $1, in: $0, now: $2)
            }
            try world.gloucestershire.set("detail", of: "need", rows.need, to: "typed meanwhile")
            let order = [world.surreyLaptop, world.gloucestershire]
            for device in isReceiverFirst ? order.reversed() : order { try world.sync(device) }
            try world.settle()
            #expect(try state(referral, world) == "CONSENT_WITHDRAWN")
            #expect(try reads(world.gloucester, rows.id, world) == 0)
            #expect(try !world.gloucestershire.holds("person", rows.person))
            #expect(try world.gloucestershire.holds("referral", referral))
            #expect(try world.surreyOffice.holds("person", rows.person))
            #expect(try !fileMentions("Larch", world.gloucestershire.path))
        }
    }

    @Test("An enquiry reaches who was asked and leads to no case; the answer comes back")
    func enquiry() throws {
        let world = try World(seed: 803)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.draft(rows.id, on: world.surreyOffice, to: world.gloucester)
        let now = world.surreyOffice.time.wallMilliseconds
        let enquiry = try world.surreyOffice.edit {
            try Enquiries.make(
                NewEnquiry(to: "GLS", bedrooms: 2), for: referral.description, by: world.surrey, in: $0, now: now)
        }
        try world.settle()
        #expect(try !world.gloucestershire.holds("referral", referral))
        #expect(try !world.gloucestershire.holds("case_file", rows.id))
        for id in [rows.id, rows.person, referral] {
            #expect(try !mentions(id, world.gloucestershire.path))
        }
        _ = try world.gloucestershire.edit {
            try Enquiries.answer(enquiry.id, "YES", by: world.gloucester, in: $0)
        }
        try world.settle()
        let seen = try world.surreyOffice.read { try Enquiries.list(in: $0, by: world.surrey) }
        #expect(seen.map(\.state) == ["YES"])
        #expect(try world.gloucestershire.returned().isEmpty && world.surreyOffice.returned().isEmpty)
    }

    @Test("Withdrawn for another reason while it was accepted: closed at once, and a person is asked")
    func crossed() throws {
        for isReceiverFirst in [false, true] {
            let world = try World(seed: 804)
            let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
            let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
            try world.settle()
            try world.accept(referral, on: world.gloucestershire)
            try world.withdraw(referral, on: world.surreyOffice)
            let order = [world.surreyOffice, world.gloucestershire]
            for device in isReceiverFirst ? order.reversed() : order { try world.sync(device) }
            try world.settle()
            #expect(try state(referral, world) == "WITHDRAWN")
            #expect(try !world.gloucestershire.holds("case_file", rows.id))
            let cells = try world.reader.openConflicts().filter { $0.table == 30 && $0.key == referral }
            #expect(!cells.isEmpty, "somebody has to telephone both")
        }
    }

    @Test("Joint work: the receiver reads and writes notes, the sender stays the owner, and the end leaves a tombstone")
    func joint() throws {
        let world = try World(seed: 805)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.draft(rows.id, on: world.surreyOffice, to: world.gloucester, kind: "REFER_SHARED")
        try edit(world.surreyOffice) { try Referrals.send(referral.description, by: $1, in: $0, now: $2) }
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        #expect(try world.gloucestershire.holds("case_note", rows.note))
        let note = world.newID()
        try world.gloucestershire.edit {
            try $0.execute(
                sql: "INSERT INTO case_note(id, case_id, body) VALUES(?, ?, 'seen on Tuesday')",
                arguments: [note.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        #expect(try world.surreyOffice.holds("case_note", note))
        try edit(world.gloucestershire) {
            try Referrals.complete(referral.description, outcome: "SUPPORT_ENDED", by: $1, in: $0, now: $2)
        }
        try world.settle()
        #expect(try !world.gloucestershire.holds("case_file", rows.id))
        #expect(try world.surreyOffice.text("state", of: "referral", referral) == "COMPLETED")
        #expect(try world.surreyOffice.holds("referral_outcome", try outcome(of: referral, world)))
    }

    private func outcome(of referral: Identifier, _ world: World) throws -> Identifier {
        try #require(
            try world.reader.read {
                try Row.fetchOne(
                    $0, sql: "SELECT id FROM referral_outcome WHERE referral_id = ?", arguments: [referral.sqlBlob])
            }
        ).identifier("id")
    }

    // MARK: What the hub does by itself

    @Test(
        "From enquiry to outcome: the hub notes arrivals, transfers once and tells the sender what became of her"
    )
    func whole() throws {
        let world = try World(seed: 810)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        #expect(try state(referral, world) == "RECEIVED")
        try edit(world.gloucestershire) {
            try Referrals.assess(referral.description, assessor: "J. Carter", by: $1, in: $0, now: $2)
        }
        try edit(world.gloucestershire) {
            try Referrals.ask(referral.description, topic: "HEALTH", question: "Which?", by: $1, in: $0, now: $2)
        }
        try world.settle()
        try edit(world.surreyOffice) {
            try Referrals.answer(referral.description, answer: "None", by: $1, in: $0, now: $2)
        }
        let unit = try home(world)
        try world.settle()
        try edit(world.gloucestershire) {
            try Referrals.offer(
                referral.description, unit: unit.description, from: "2026-05-01", to: "2027-05-01", by: $1, in: $0,
                now: $2)
        }
        try world.settle()
        try edit(world.gloucestershire) { try Referrals.offer(referral.description, by: $1, in: $0, now: $2) }
        try world.settle()
        try edit(world.surreyLaptop) {
            try Referrals.answerOffer(referral.description, accepted: true, by: $1, in: $0, now: $2)
        }
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        try edit(world.surreyOffice) {
            try Referrals.handOver(referral.description, Self.done, by: $1, in: $0, now: $2)
        }
        try world.settle()
        #expect(try state(referral, world) == "HANDOVER")
        try edit(world.gloucestershire) {
            try Referrals.handOver(referral.description, Self.done, by: $1, in: $0, now: $2)
        }
        try world.settle()
        #expect(try state(referral, world) == "TRANSFERRED")
        #expect(
            try world.reader.read {
                try Row.fetchOne(
                    $0, sql: "SELECT owner_partner_id FROM case_file WHERE id = ?", arguments: [rows.id.sqlBlob])
            }?.identifier("owner_partner_id") == world.gloucester)
        #expect(try !world.surreyOffice.holds("person", rows.person))
        #expect(try world.gloucestershire.holds("case_note", rows.note))
        try edit(world.gloucestershire) {
            try Referrals.complete(referral.description, outcome: "ARRIVED", by: $1, in: $0, now: $2)
        }
        try world.settle()
        #expect(try world.surreyOffice.holds("referral_outcome", try outcome(of: referral, world)))
        #expect(try world.reader.openConflicts().isEmpty)
        for device in world.devices { #expect(try device.returned().isEmpty, "\(device.name)") }
    }

    @Test("A home is asked for once the hub knows of the assessment: sooner it would come back, so it is refused here")
    func heldTooSoon() throws {
        let world = try World(seed: 814)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        let unit = try home(world)
        try world.settle()
        func offer() throws {
            try edit(world.gloucestershire) {
                try Referrals.offer(
                    referral.description, unit: unit.description, from: "2026-05-01", to: "2027-05-01", by: $1, in: $0,
                    now: $2)
            }
        }
        try edit(world.gloucestershire) {
            try Referrals.assess(referral.description, assessor: "J. Carter", by: $1, in: $0, now: $2)
        }
        let failure = try #require(throws: Failure.self) { try offer() }
        #expect(failure.remedy.hasPrefix("Sync"))
        try world.settle()
        try offer()
        try world.settle()
        #expect(try world.gloucestershire.returned().isEmpty)
        #expect(
            try world.reader.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM unit_hold WHERE status = 'HELD'")
            } == 1)
    }

    @Test("A receiver that went on offline does not quarrel with the hub about the arrival")
    func arrival() throws {
        let world = try World(seed: 811)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.sync(world.surreyOffice)
        // The connection ends as soon as the pack has come: the hub has not been told of it.
        var wire = Wire(faults: nil)
        _ = try wire.sync(world.gloucestershire.replica, with: world.hub, stoppingAfterApply: true)
        try #require(try world.gloucestershire.text("state", of: "referral", referral) == "SENT")
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        #expect(try state(referral, world) == "ACCEPTED")
        #expect(try world.reader.openConflicts().isEmpty)
    }

    @Test("A hub refuses what its rules stand against, whoever writes it with plain SQL")
    func refused() throws {
        let world = try World(seed: 812)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.draft(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.surreyOffice.set("state", of: "referral", referral, to: "SENT")
        try world.settle()
        #expect(try world.reader.quarantined() == ["transition"])
        #expect(try state(referral, world) == "DRAFT")
        #expect(try !world.gloucestershire.holds("referral", referral))
    }

    @Test("Consent taken back as a row alone closes the referral")
    func row() throws {
        let world = try World(seed: 813)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.consent("WITHDRAWN", in: rows.id, on: world.surreyLaptop)
        try world.settle()
        #expect(try state(referral, world) == "CONSENT_WITHDRAWN")
    }

    @Test("Forty-three quiet days end a referral at the hub's next look")
    func quiet() throws {
        let world = try World(seed: 814)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        world.advance(milliseconds: 43 * 86_400_000)
        _ = try world.hub.tend()
        try world.settle()
        #expect(try state(referral, world) == "EXPIRED")
        #expect(try reads(world.gloucester, referral, world) == 1 << 5)
    }

    @Test("No time that a device writes keeps a referral open for longer")
    func liar() throws {
        let world = try World(seed: 815)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        let event = world.newID()
        let later = world.gloucestershire.time.wallMilliseconds + 400 * 86_400_000
        try world.gloucestershire.edit {
            try $0.execute(
                sql: """
                    INSERT INTO referral_event(id, referral_id, to_state, recorded_for_at, entered_at)
                    VALUES(?, ?, 'RECEIVED', ?, ?)
                    """, arguments: [event.sqlBlob, referral.sqlBlob, later, later])
        }
        try world.settle()
        #expect(try world.reader.quarantined().isEmpty)
        world.advance(milliseconds: 43 * 86_400_000)
        _ = try world.hub.tend()
        try world.settle()
        #expect(try state(referral, world) == "EXPIRED")
        #expect(try world.surreyOffice.holds("referral_event", event))
    }

    @Test("A referral from a clock that is behind has its forty-two days all the same")
    func behind() throws {
        let world = try World(seed: 816)
        world.surreyOffice.time.advance(milliseconds: -60 * 86_400_000)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        _ = try world.hub.tend()
        try world.settle()
        #expect(try state(referral, world) != "EXPIRED")
        world.advance(milliseconds: 43 * 86_400_000)
        _ = try world.hub.tend()
        #expect(try state(referral, world) == "EXPIRED")
    }

    private func mentions(_ id: Identifier, _ path: String) throws -> Bool {
        for suffix in ["", "-wal"] {
            guard let data = FileManager.default.contents(atPath: path + suffix) else { continue }
            if data.range(of: Data(id.bytes)) != nil { return true }
        }
        return false
    }

    private func home(_ world: World) throws -> Identifier {
        let property = world.newID()
        let unit = world.newID()
        try world.gloucestershire.edit { database in
            try database.execute(
                sql: "INSERT INTO property(id, partner_id, name) VALUES(?, ?, 'The Terrace')",
                arguments: [property.sqlBlob, world.gloucester.sqlBlob])
            try database.execute(
                sql: "INSERT INTO unit(id, partner_id, property_id, ref) VALUES(?, ?, ?, 'Flat 1')",
                arguments: [unit.sqlBlob, world.gloucester.sqlBlob, property.sqlBlob])
        }
        return unit
    }
}
