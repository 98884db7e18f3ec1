import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What the tables of a case promise when two workers were apart")
struct SupportTests {
    @Test("The office changes a telephone number and the laptop her known name: both stand, nobody is asked")
    func phoneAndName() throws {
        let world = try World(seed: 41)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let phone = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO person_phone(id, case_id, person_id, number) VALUES(?, ?, ?, '+441632960001')",
                arguments: [phone.sqlBlob, rows.id.sqlBlob, rows.person.sqlBlob])
        }
        try world.settle()
        try world.surreyOffice.set("number", of: "person_phone", phone, to: "+441632960002")
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "Jo")
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("number", of: "person_phone", phone) == "+441632960002")
            #expect(try device.text("known_as", of: "person", rows.person) == "Jo")
            #expect(try device.text("safe_to_call", of: "person_phone", phone) == "UNKNOWN")
        }
        #expect(try world.reader.openConflicts().isEmpty)
    }

    @Test("Two release dates are a question, each with its own source beside it", arguments: [false, true])
    func releaseDates(laptopFirst: Bool) throws {
        let world = try World(seed: 42)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let custody = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: """
                    INSERT INTO custody_episode(id, case_id, prison, release_date, release_type, basis)
                    VALUES(?, ?, 'SDI', '2026-05-01', 'CRD_LICENCE', 'SELF_REPORT')
                    """, arguments: [custody.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        func move(_ device: Device, to date: String, basis: String) throws {
            try device.edit {
                try $0.execute(
                    sql: "UPDATE custody_episode SET release_date = ?, basis = ? WHERE id = ?",
                    arguments: [date, basis, custody.sqlBlob])
            }
        }
        try move(world.surreyOffice, to: "2026-06-01", basis: "COM")
        try move(world.surreyLaptop, to: "2026-04-01", basis: "PRISON")
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        #expect(
            Set(try world.reader.siblings("custody_episode", custody, column: "release_date")) == [
                [.text("2026-06-01"), .text("CRD_LICENCE"), .text("COM"), .integer(0)],
                [.text("2026-04-01"), .text("CRD_LICENCE"), .text("PRISON"), .integer(0)],
            ])
        #expect(try world.reader.openConflicts() == [Cell(table: 19, key: custody, group: 2)])
        // What hangs on it, for whoever decides.
        let dependent = try world.reader.read {
            try String.fetchSet(
                $0, sql: "SELECT child_tbl FROM ru_dependent WHERE tbl = 'custody_episode' AND col = 'release_date'")
        }
        #expect(dependent == ["visit", "occupancy"])
    }

    @Test("An order lifted in the office and an incident written on the laptop are both there")
    func restriction() throws {
        let world = try World(seed: 43)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let order = world.newID()
        func restrict(_ device: Device, _ id: Identifier, lifts: Identifier?) throws {
            try device.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO contact_restriction(id, case_id, subject_id, kind, order_ref, lifts_id)
                        VALUES(?, ?, ?, 'RESTRAINING', 'GU-1', ?)
                        """, arguments: [id.sqlBlob, rows.id.sqlBlob, rows.person.sqlBlob, lifts?.sqlBlob])
            }
        }
        try restrict(world.surreyOffice, order, lifts: nil)
        try world.settle()
        let lift = world.newID()
        let incident = world.newID()
        try restrict(world.surreyOffice, lift, lifts: order)
        try world.surreyLaptop.edit {
            try $0.execute(
                sql: "INSERT INTO case_note(id, case_id, body) VALUES(?, ?, 'He waited at the gate')",
                arguments: [incident.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            for id in [order, lift] { #expect(try device.holds("contact_restriction", id)) }
            #expect(try device.holds("case_note", incident))
        }
    }

    @Test("Two accounts of one visit are a question; its plan is not touched by it")
    func visitOutcome() throws {
        let world = try World(seed: 44)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let visit = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO visit(id, case_id, prison, planned_at) VALUES(?, ?, 'SDI', 1772400000000)",
                arguments: [visit.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        try world.surreyOffice.set("attended", of: "visit", visit, to: "NO")
        try world.surreyLaptop.edit {
            try $0.execute(
                sql: "UPDATE visit SET attended = 'YES', minutes = 40, prison = 'DWI' WHERE id = ?",
                arguments: [visit.sqlBlob])
        }
        try world.settle()
        #expect(try world.reader.openConflicts() == [Cell(table: 24, key: visit, group: 2)])
        #expect(try world.surreyOffice.text("prison", of: "visit", visit) == "DWI")
    }

    @Test("A line of limited access is taken away by the hub alone")
    func limitedAccess() throws {
        let world = try World(seed: 45)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let line = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO limited_access(id, case_id, kind, partner_id) VALUES(?, ?, 'EXCLUSION', ?)",
                arguments: [line.sqlBlob, rows.id.sqlBlob, world.gloucester.sqlBlob])
        }
        try world.settle()
        try world.surreyLaptop.edit {
            try $0.execute(sql: "DELETE FROM limited_access WHERE id = ?", arguments: [line.sqlBlob])
        }
        try world.settle()
        #expect(try world.surreyLaptop.returned() == ["role"])
        for device in world.surreyDevices { #expect(try device.holds("limited_access", line)) }
    }

    @Test("Two partners ask for one home at once: one has it, the other is told no", arguments: [false, true])
    func oneHome(gloucestershireFirst: Bool) throws {
        let world = try World(seed: 47)
        let unit = world.newID()
        var asked: [(device: Device, id: Identifier)] = []
        for (device, marker) in [(world.surreyOffice, "Rowantree"), (world.gloucestershire, "Whitethorn")] {
            let other = device === world.surreyOffice ? world.gloucester : world.surrey
            let rows = try world.openCase(on: device, marker: marker, naming: other)
            asked.append((device, world.newID()))
            try device.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on)
                        VALUES(?, ?, ?, '2026-04-01', '2026-06-01')
                        """, arguments: [asked[asked.count - 1].id.sqlBlob, rows.id.sqlBlob, unit.sqlBlob])
            }
        }
        if gloucestershireFirst { asked.reverse() }
        for request in asked { try world.sync(request.device) }
        try world.settle()
        #expect(try asked[0].device.text("status", of: "occupancy", asked[0].id) == "CONFIRMED")
        #expect(try asked[1].device.text("status", of: "occupancy", asked[1].id) == "REFUSED")
        #expect(try !asked[1].device.holds("occupancy", asked[0].id))
    }

    @Test("A risk raised on a visit is in force, whoever lowered it meanwhile", arguments: [false, true])
    func risk(laptopFirst: Bool) throws {
        let world = try World(seed: 48)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let flag = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO risk_flag(id, case_id, kind, level) VALUES(?, ?, 'CHILDREN', 'MEDIUM')",
                arguments: [flag.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        try world.surreyLaptop.set("level", of: "risk_flag", flag, to: "VERY_HIGH")
        world.advance(milliseconds: 60_000)
        try world.surreyOffice.set("level", of: "risk_flag", flag, to: "LOW")
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        for device in world.surreyDevices {
            #expect(try device.text("level", of: "risk_flag", flag) == "VERY_HIGH")
        }
    }

    @Test("A refuge flag beats the address typed meanwhile, and neither is lost")
    func refuge() throws {
        let world = try World(seed: 49)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let address = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines, postcode) VALUES(?, ?, '1 High Street', 'GU1 1AA')",
                arguments: [address.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        try world.surreyLaptop.set("confidentiality", of: "address", address, to: "REFUGE")
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "UPDATE address SET lines = '2 High Street', confidentiality = 'RESTRICTED' WHERE id = ?",
                arguments: [address.sqlBlob])
        }
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("confidentiality", of: "address", address) == "REFUGE")
            #expect(try device.text("lines", of: "address", address) == "2 High Street")
        }
    }

    @Test("24: seven on one tablet and five on the other are twelve, and nobody is asked")
    func tally() throws {
        let world = try World(seed: 50)
        let session = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO drop_in_session(id, partner_id, held_on) VALUES(?, ?, '2026-03-01')",
                arguments: [session.sqlBlob, world.surrey.sqlBlob])
        }
        try world.settle()
        for (device, heads) in [(world.surreyOffice, 7), (world.surreyLaptop, 5)] {
            try device.edit {
                try $0.execute(
                    sql: "UPDATE drop_in_session SET attendees = attendees + ? WHERE id = ?",
                    arguments: [heads, session.sqlBlob])
            }
        }
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("attendees", of: "drop_in_session", session) == "12")
        }
        #expect(try world.reader.openConflicts().isEmpty)
    }

    @Test("Where she is and when she comes out goes with a pack of tier 2; addresses go with none before tier 5")
    func tiers() throws {
        let world = try World(seed: 46)
        let tiers = try world.reader.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.name, min(k.tier) AS tier FROM ru_table t JOIN tier_class k ON k.class = t.class
                    WHERE t.scope_kind = 'case' AND k.tier GLOB 'T[0-5]' GROUP BY t.name
                    """
            ).reduce(into: [String: String]()) { $0[$1["name"]] = $1["tier"] }
        }
        #expect(tiers["custody_episode"] == "T2" && tiers["visit"] == "T2" && tiers["person_phone"] == "T2")
        #expect(tiers["risk_flag"] == "T3" && tiers["occupancy"] == "T3" && tiers["child_care_episode"] == "T3")
        #expect(tiers["address"] == "T5" && tiers["limited_access"] == "T5")
        let cases = try world.reader.read {
            try String.fetchSet($0, sql: "SELECT name FROM ru_table WHERE scope_kind = 'case'")
        }
        // A table whose class is in no tier would be hidden from its own case's owner.
        #expect(cases == Set(tiers.keys))
    }
}
