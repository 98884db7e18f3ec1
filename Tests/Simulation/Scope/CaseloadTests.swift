import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A field laptop holds its caseload, and no other case of its partner's")
struct CaseloadTests {
    /// Surrey's office, laptop and tablet, and Gloucestershire's office.
    private func world(_ seed: UInt64) throws -> World { try World(seed: seed, sharing: WorldShape(devices: [3, 1])) }

    private func office(_ world: World) -> Device { world.devices[0] }
    private func laptop(_ world: World) -> Device { world.devices[1] }
    private func tablet(_ world: World) -> Device { world.devices[2] }
    private func gloucestershire(_ world: World) -> Device { world.devices[3] }

    private func open(_ world: World, _ marker: String, on device: Device? = nil) throws -> CaseRows {
        let rows = try world.openCase(
            on: device ?? office(world), marker: marker, naming: world.gloucester, onLaptops: false)
        try world.settle()
        return rows
    }

    /// Which of Surrey's three devices hold a case.
    private func holders(_ rows: CaseRows, _ world: World) throws -> [Bool] {
        try world.devices.prefix(3).map { try $0.holds("case_file", rows.id) && $0.holds("person", rows.person) }
    }

    @Test("Two laptops of one partner never hold each other's cases")
    func apart() throws {
        let world = try world(41)
        let first = try open(world, "Mistletoe")
        let second = try open(world, "Bluebell")
        #expect(try holders(first, world) == [true, false, false])
        try world.put(first.id, on: laptop(world), by: office(world))
        try world.put(second.id, on: tablet(world), by: office(world))
        try world.settle()
        #expect(try holders(first, world) == [true, true, false])
        #expect(try holders(second, world) == [true, false, true])
        #expect(try !fileMentions("Bluebell", laptop(world).path) && !fileMentions("Mistletoe", tablet(world).path))
    }

    @Test("A case that a laptop opens is its own without a caseload, reaches the office, and no other laptop")
    func openedAway() throws {
        let world = try world(42)
        let rows = try open(world, "Mistletoe", on: laptop(world))
        #expect(try holders(rows, world) == [true, true, false])
        #expect(try !fileMentions("Mistletoe", tablet(world).path))
        // It goes on working there, and leaves when the office says so.
        try laptop(world).set("detail", of: "need", rows.need, to: "seen on the wing")
        try world.settle()
        #expect(try office(world).text("detail", of: "need", rows.need) == "seen on the wing")
        try world.take(rows.id, off: laptop(world), by: office(world))
        try world.settle()
        #expect(try holders(rows, world) == [true, false, false])
    }

    @Test("A case that is moved from one laptop to another leaves the one whole and arrives whole at the other")
    func moved() throws {
        let world = try world(43)
        let rows = try open(world, "Mistletoe")
        try world.put(rows.id, on: laptop(world), by: office(world))
        try world.settle()
        try laptop(world).set("known_as", of: "person", rows.person, to: "May")
        try world.settle()
        try world.take(rows.id, off: laptop(world), by: office(world))
        try world.put(rows.id, on: tablet(world), by: office(world))
        try world.settle()
        #expect(try holders(rows, world) == [true, false, true])
        #expect(try tablet(world).text("known_as", of: "person", rows.person) == "May")
        for table in ["child", "need", "case_note", "consent"] {
            let count = "SELECT count(*) FROM \(table) WHERE case_id = ?"
            let counts = try [office(world), laptop(world), tablet(world)].map { device in
                try device.read { try Int.fetchOne($0, sql: count, arguments: [rows.id.sqlBlob]) }
            }
            #expect(counts[0] == counts[2] && counts[1] == 0, "\(table)")
        }
        try world.put(rows.id, on: laptop(world), by: office(world))
        try world.settle()
        #expect(try holders(rows, world) == [true, true, true])
    }

    @Test("What a laptop wrote before it heard that a case was taken off is accepted, rows and all")
    func shrankWithEditsPending() throws {
        let world = try world(44)
        let rows = try open(world, "Mistletoe")
        try world.put(rows.id, on: laptop(world), by: office(world))
        try world.settle()
        try laptop(world).set("detail", of: "need", rows.need, to: "typed on the train")
        let (need, note) = (world.newID(), world.newID())
        try laptop(world).edit { database in
            try database.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', 'a new one')",
                arguments: [need.sqlBlob, rows.id.sqlBlob])
            try database.execute(
                sql: "INSERT INTO case_note(id, case_id, body) VALUES(?, ?, 'a visit')",
                arguments: [note.sqlBlob, rows.id.sqlBlob])
        }
        try world.take(rows.id, off: laptop(world), by: office(world))
        try world.sync(office(world))
        try world.settle()
        #expect(try holders(rows, world) == [true, false, false])
        #expect(try world.reader.quarantined().isEmpty && laptop(world).returned().isEmpty)
        #expect(try office(world).text("detail", of: "need", rows.need) == "typed on the train")
        #expect(try office(world).holds("need", need) && office(world).holds("case_note", note))
    }

    @Test("An office holds every case of its partner's, whatever a caseload says")
    func officesHoldAll() throws {
        let world = try world(45)
        let rows = try open(world, "Mistletoe")
        try office(world).edit {
            try $0.execute(
                sql: "INSERT INTO caseload(partner_id, device_id, case_id, status) VALUES(?, ?, ?, 'OFF')",
                arguments: [world.surrey.sqlBlob, office(world).id.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        #expect(try holders(rows, world) == [true, false, false])
        try office(world).set("detail", of: "need", rows.need, to: "as ever")
        try world.settle()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "as ever")
    }

    @Test("A laptop asks for a case, and holds it when an office has said yes; it cannot say yes itself")
    func asking() throws {
        let world = try world(46)
        let rows = try open(world, "Mistletoe")
        #expect(try world.put(rows.id, on: laptop(world), by: laptop(world)).status == "ASKED")
        try world.settle()
        #expect(try holders(rows, world) == [true, false, false])
        try laptop(world).edit { try $0.execute(sql: "UPDATE caseload SET status = 'ON' WHERE status = 'ASKED'") }
        try laptop(world).edit {
            try $0.execute(
                sql: "INSERT INTO caseload(partner_id, device_id, case_id, status) VALUES(?, ?, ?, 'ON')",
                arguments: [laptop(world).partner.sqlBlob, laptop(world).id.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        #expect(try holders(rows, world) == [true, false, false])
        #expect(try laptop(world).returned() == ["transition", "transition"])
        #expect(try world.put(rows.id, on: laptop(world), by: office(world)).status == "ON")
        try world.settle()
        #expect(try holders(rows, world) == [true, true, false])
        #expect(try world.take(rows.id, off: laptop(world), by: laptop(world)).status == "OFF")
        try world.settle()
        #expect(try holders(rows, world) == [true, false, false])
    }

    @Test("With a case go the referrals about it, on to the laptop and off it")
    func referralsGoAlong() throws {
        let world = try world(47)
        let rows = try open(world, "Mistletoe")
        let before = try world.refer(rows.id, on: office(world), to: world.gloucester)
        try world.settle()
        #expect(try !laptop(world).holds("referral", before))
        try world.put(rows.id, on: laptop(world), by: office(world))
        try world.settle()
        let after = try world.draft(rows.id, on: office(world), to: world.gloucester)
        try world.settle()
        for referral in [before, after] { #expect(try laptop(world).holds("referral", referral)) }
        try world.take(rows.id, off: laptop(world), by: office(world))
        try world.settle()
        for referral in [before, after] { #expect(try !laptop(world).holds("referral", referral)) }
    }

    @Test("What another partner writes of a laptop means nothing")
    func foreignCaseload() throws {
        let world = try world(48)
        let (open, kept) = (try open(world, "Mistletoe"), try open(world, "Bluebell", on: laptop(world)))
        let stranger = gloucestershire(world)
        try stranger.edit { database in
            for (id, status) in [(open.id, "ON"), (kept.id, "OFF")] {
                try database.execute(
                    sql: "INSERT INTO caseload(partner_id, device_id, case_id, status) VALUES(?, ?, ?, ?)",
                    arguments: [stranger.partner.sqlBlob, laptop(world).id.sqlBlob, id.sqlBlob, status])
            }
        }
        try world.settle()
        #expect(try world.reader.quarantined().isEmpty)
        #expect(try holders(open, world) == [true, false, false])
        #expect(try holders(kept, world) == [true, true, false])
    }

    @Test("An office names a laptop as people do, and an office is not a laptop")
    func byName() throws {
        let world = try world(49)
        let rows = try open(world, "Mistletoe")
        func add(_ name: String) throws {
            try office(world).edit {
                _ = try Caseloads.add(
                    rows.id.description, device: name, by: office(world).caseloadWriter, in: $0)
            }
        }
        try add("Surrey-Tablet")
        try world.settle()
        #expect(try holders(rows, world) == [true, false, true])
        #expect(throws: Failure.self) { try add("surrey-office") }
        #expect(throws: Failure.self) { try add("nobody's") }
        let list = try office(world).read { try Caseloads.list(of: world.surrey, in: $0) }
        #expect(list.contains { $0.device == "surrey-tablet" && $0.ref == "Mistletoe" && $0.status == "ON" })
    }
}
