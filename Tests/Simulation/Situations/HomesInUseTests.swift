import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situation 5 of the catalogue of conflicts, and what the hub works out about homes and in-reach.
@Suite("Homes that are used, out of use, and free")
struct HomesInUseTests {
    private let world: World
    private let rows: CaseRows
    private let home: Identifier
    private var worker: Device { world.gloucestershire }

    init() throws {
        world = try World(seed: 651)
        rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let (property, home) = (world.newID(), world.newID())
        self.home = home
        let (partner, device) = (world.gloucester, world.gloucestershire)
        try device.edit { database in
            try database.execute(
                sql: "INSERT INTO property(id, partner_id, name) VALUES(?, ?, 'The Terrace')",
                arguments: [property.sqlBlob, partner.sqlBlob])
            try database.execute(
                sql: "INSERT INTO unit(id, partner_id, property_id, ref, bedrooms) VALUES(?, ?, ?, 'Flat 1', 2)",
                arguments: [home.sqlBlob, partner.sqlBlob, property.sqlBlob])
        }
        try world.settle()
    }

    private func edit(_ device: Device, _ body: (Identifier, Database, Int64) throws -> Void) throws {
        try device.edit { try body(device.partner, $0, device.time.wallMilliseconds) }
    }

    private func state(_ referral: Identifier) throws -> String? {
        try world.reader.text("state", of: "referral", referral)
    }

    /// Gloucestershire takes its home out of use, or takes that back.
    @discardableResult
    private func void(_ from: String, _ to: String, cancels: Identifier? = nil) throws -> Identifier {
        let id = world.newID()
        try worker.edit {
            try $0.execute(
                sql: """
                    INSERT INTO void_period(id, partner_id, unit_id, from_on, to_on, reason, cancels_id)
                    VALUES(?, ?, ?, ?, ?, 'NEEDLE_SWEEP', ?)
                    """,
                arguments: [
                    id.sqlBlob, world.gloucester.sqlBlob, home.sqlBlob, from, to, cancels?.sqlBlob,
                ])
        }
        return id
    }

    /// A referral for which Gloucestershire has offered the home from 15 April 2026.
    private func offered() throws -> Identifier {
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try edit(worker) { try Referrals.assess(referral.description, assessor: "Jo", by: $0, in: $1, now: $2) }
        try world.settle()
        try edit(worker) {
            try Referrals.offer(
                referral.description, unit: home.description, from: "2026-04-15", to: "2026-06-15", by: $0, in: $1,
                now: $2)
        }
        try world.settle()
        try edit(worker) { try Referrals.offer(referral.description, by: $0, in: $1, now: $2) }
        try world.settle()
        #expect(try state(referral) == "OFFERED")
        return referral
    }

    @Test(
        "5: the home is voided while it is offered: the offer waits, a person decides, and no family is dropped",
        arguments: [false, true])
    func voidedWhileOffered(isShortened: Bool) throws {
        let referral = try offered()
        // Gloucestershire finds needles; Surrey, offline, takes down that she accepts.
        let void = try void("2026-04-10", "2026-04-30")
        try world.sync(worker)
        try edit(world.surreyOffice) {
            try Referrals.answerOffer(referral.description, accepted: true, by: $0, in: $1, now: $2)
        }
        try world.settle()
        #expect(try state(referral) == "OFFERED", "her yes is to a home that she cannot have on that day")
        let waiting = try #require(try world.hub.quarantine().first { $0.reason == "transition" })
        for reader in [try suspended(world.reader.read), try suspended(worker.read)] {
            #expect(reader == ["2026-04-10 2026-05-06 NEEDLE_SWEEP"], "with two working days for the next family")
        }
        if isShortened {
            // The sweep is over sooner: 8 April and two working days.
            try self.void("2026-04-10", "2026-04-30", cancels: void)
            try self.void("2026-04-06", "2026-04-10")
        } else {
            try worker.edit {
                try $0.execute(
                    sql: "UPDATE unit_hold SET status = 'RELEASED' WHERE referral_id = ?", arguments: [referral.sqlBlob]
                )
            }
        }
        try world.settle()
        #expect(try suspended(world.reader.read).isEmpty)
        _ = try world.hub.release(
            quarantined: waiting.id, by: "operator",
            reason: isShortened ? "The sweep is over before she comes" : "Another home will be held for her")
        try world.settle()
        #expect(try state(referral) == "OFFER_ACCEPTED")
        #expect(try world.hub.quarantine().isEmpty)
    }

    private func suspended(_ read: ((Database) throws -> [String]) throws -> [String]) throws -> [String] {
        try read {
            try String.fetchAll($0, sql: "SELECT from_on || ' ' || free_on || ' ' || reason FROM offer_suspended")
        }
    }

    @Test("A void from before the stay, with the working days after it, is in nobody's way; one day more is")
    func turnaround() throws {
        let referral = try offered()
        // 10 April 2026 is a Friday: Monday and Tuesday are worked, and on Wednesday 15 it is free.
        let void = try void("2026-04-06", "2026-04-10")
        #expect(try suspended(worker.read).isEmpty)
        try self.void("2026-04-06", "2026-04-10", cancels: void)
        try self.void("2026-04-06", "2026-04-11")
        #expect(try suspended(worker.read).isEmpty, "a Saturday makes no difference")
        try self.void("2026-04-06", "2026-04-13")
        #expect(try suspended(worker.read).count == 1)
        try world.settle()
        #expect(try state(referral) == "OFFERED")
    }

    @Test("Who was seen to arrive lives there: the hub says so, and nobody else may")
    func arrives() throws {
        let (stay, event, claimed) = (world.newID(), world.newID(), world.newID())
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on) VALUES(?, ?, ?, ?, ?)",
                arguments: [stay.sqlBlob, rows.id.sqlBlob, home.sqlBlob, "2026-03-01", "2026-09-01"])
        }
        try world.settle()
        #expect(try world.surreyOffice.text("status", of: "occupancy", stay) == "CONFIRMED")
        try world.surreyLaptop.edit {
            try $0.execute(
                sql: """
                    INSERT INTO occupancy_event(id, case_id, occupancy_id, kind, on_date) VALUES(?, ?, ?, 'ARRIVE', ?)
                    """, arguments: [event.sqlBlob, rows.id.sqlBlob, stay.sqlBlob, "2026-03-01"])
        }
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("status", of: "occupancy", stay) == "ARRIVED", "\(device.name)")
        }
        // No device says by itself that somebody lives there.
        #expect(throws: DatabaseError.self) {
            try world.surreyOffice.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on, status)
                        VALUES(?, ?, ?, '2026-10-01', '2026-11-01', 'ARRIVED')
                        """, arguments: [claimed.sqlBlob, rows.id.sqlBlob, home.sqlBlob])
            }
        }
        try world.surreyOffice.set("status", of: "occupancy", stay, to: "DEPARTED")
        try world.settle()
        #expect(try world.reader.text("status", of: "occupancy", stay) == "DEPARTED")
    }

    @Test("How much room there is in an area everyone may know, in bands and without an address")
    func room() throws {
        func band() throws -> String? {
            try world.surreyOffice.read {
                try String.fetchOne($0, sql: "SELECT band FROM area_capacity WHERE area = 'GLS' AND bedrooms = 2")
            }
        }
        _ = try world.hub.tend()
        try world.settle()
        #expect(try band() == "1-2")
        let void = try void("2026-02-20", "2026-03-20")
        try world.settle()
        #expect(try band() == "0")
        try self.void("2026-02-20", "2026-03-20", cancels: void)
        try world.settle()
        #expect(try band() == "1-2")
        #expect(try !world.surreyOffice.read { try Bool.fetchOne($0, sql: "SELECT count(*) > 0 FROM unit") ?? true })
    }

    @Test("In-reach ends with the contract that opened the prison, and the women there are named")
    func inreach() throws {
        try world.hub.insert("Writing who works where") { database, _ in
            try database.execute(
                sql: "INSERT INTO inreach_coverage(partner_id, prison, state) VALUES(?, 'SDI', 'ACTIVE')",
                arguments: [world.surrey.sqlBlob])
        }
        let custody = world.newID()
        try world.surreyOffice.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO contract_period(partner_id, type, funder, inreach_right, prison, from_on, to_on)
                    VALUES(?, 'TR_CRC', 'A company', 1, 'SDI', '2024-03-01', '2026-03-10')
                    """, arguments: [world.surrey.sqlBlob])
            try database.execute(
                sql: "INSERT INTO custody_episode(id, case_id, prison, received_on) VALUES(?, ?, 'SDI', '2026-01-10')",
                arguments: [custody.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        func coverage() throws -> String? {
            try world.gloucestershire.read {
                try String.fetchOne(
                    $0,
                    sql: "SELECT state || ' ' || coalesce(to_on, '') FROM inreach_coverage WHERE prison = 'SDI'")
            }
        }
        #expect(try coverage() == "ACTIVE ")
        #expect(try world.surreyOffice.text("inreach_partner_id", of: "custody_episode", custody) != nil)
        world.advance(milliseconds: 12 * 86_400_000)
        // The look that ends it says at once what that means for the women there.
        _ = try world.hub.tend()
        try world.settle()
        #expect(try coverage() == "ENDED 2026-03-10")
        #expect(try world.surreyOffice.text("inreach_partner_id", of: "custody_episode", custody) == nil)
        for reader in [try alone(world.reader.read), try alone(world.surreyOffice.read)] {
            #expect(reader == [rows.id.sqlBlob])
        }
    }

    @Test("A contract that is cut short takes the in-reach from the women with the sync that says so")
    func cutShort() throws {
        let (custody, contract) = (world.newID(), world.newID())
        try world.hub.insert("Writing who works where") { database, _ in
            try database.execute(
                sql: "INSERT INTO inreach_coverage(partner_id, prison, state) VALUES(?, 'SDI', 'ACTIVE')",
                arguments: [world.surrey.sqlBlob])
        }
        try world.surreyOffice.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO contract_period(id, partner_id, type, funder, inreach_right, prison, from_on)
                    VALUES(?, ?, 'TR_CRC', 'A company', 1, 'SDI', '2024-03-01')
                    """, arguments: [contract.sqlBlob, world.surrey.sqlBlob])
            try database.execute(
                sql: "INSERT INTO custody_episode(id, case_id, prison, received_on) VALUES(?, ?, 'SDI', '2026-01-10')",
                arguments: [custody.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        #expect(try world.surreyOffice.text("inreach_partner_id", of: "custody_episode", custody) != nil)
        try world.surreyOffice.set("to_on", of: "contract_period", contract, to: "2026-02-27")
        try world.settle()
        #expect(try world.surreyOffice.text("inreach_partner_id", of: "custody_episode", custody) == nil)
        // Who comes in their place is there at once as well.
        try world.hub.insert("Writing who works where") { database, _ in
            try database.execute(
                sql: "INSERT INTO inreach_coverage(partner_id, prison, state) VALUES(?, 'SDI', 'ACTIVE')",
                arguments: [world.gloucester.sqlBlob])
        }
        try world.settle()
        #expect(try world.surreyOffice.text("inreach_partner_id", of: "custody_episode", custody) != nil)
    }

    @Test("A void that comes when all was agreed stops nothing, and flags the hold and the stay for a person")
    func voidedAfterAcceptance() throws {
        let referral = try offered()
        try edit(world.surreyOffice) {
            try Referrals.answerOffer(referral.description, accepted: true, by: $0, in: $1, now: $2)
        }
        try world.settle()
        try edit(worker) { try Referrals.accept(referral.description, by: $0, in: $1, now: $2) }
        try world.settle()
        #expect(try state(referral) == "ACCEPTED")
        let stay = world.newID()
        try worker.edit {
            try $0.execute(
                sql: "INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on) VALUES(?, ?, ?, ?, ?)",
                arguments: [stay.sqlBlob, rows.id.sqlBlob, home.sqlBlob, "2026-04-15", "2026-06-15"])
        }
        try world.settle()
        #expect(try world.reader.text("status", of: "occupancy", stay) == "CONFIRMED")
        func flags(_ read: ((Database) throws -> [String?]) throws -> [String?]) throws -> [String?] {
            try read {
                try String?.fetchAll($0, sql: "SELECT flag FROM unit_hold UNION ALL SELECT flag FROM occupancy")
            }
        }
        let void = try void("2026-04-10", "2026-04-30")
        try world.settle()
        #expect(try state(referral) == "ACCEPTED", "she may be on her way: nothing is stopped")
        for seen in [
            try flags(world.reader.read), try flags(worker.read), try flags(world.surreyOffice.read),
        ] { #expect(seen == ["HOME_OUT_OF_USE", "HOME_OUT_OF_USE"]) }
        #expect(try world.hub.quarantine().isEmpty)
        // Taken back, there is nothing to look at any more.
        try self.void("2026-04-10", "2026-04-30", cancels: void)
        try world.settle()
        #expect(try flags(world.reader.read) == [nil, nil])
        #expect(try world.hub.stuckDuties().isEmpty)
    }

    private func alone(_ read: ((Database) throws -> [Data]) throws -> [Data]) throws -> [Data] {
        try read { try Data.fetchAll($0, sql: "SELECT case_id FROM inreach_lapsed_case") }
    }
}
