import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// What only shows once what two people typed has come together, or was typed past every form by the `sqlite3` shell.
@Suite("What cannot be, and came in by a sync, is flagged at the hub")
struct BadInputSyncTests {
    private let world: World
    private let rows: CaseRows
    private let other: CaseRows

    init() throws {
        world = try World(seed: 641)
        rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        other = try world.openCase(on: world.surreyOffice, marker: "Whitethorn", naming: world.gloucester)
        try world.settle()
    }

    private func doubts() throws -> Set<String> {
        Set(
            try world.hub.read("Looking for doubts") { try RowDoubts.all(in: $0) }
                .map { "\($0.table).\($0.column) \($0.row) \($0.partner ?? ""): \($0.why)" })
    }

    @Test("A child became older than the mother because each date was mended by somebody else")
    func olderThanTheMother() throws {
        try world.surreyOffice.set("date_of_birth", of: "child", rows.child, to: "2004-05-06")
        try world.settle()
        #expect(try !doubts().contains { $0.contains("older than the mother") })
        try world.surreyLaptop.set("date_of_birth", of: "person", rows.person, to: "2000-02-28")
        try world.settle()
        #expect(
            try doubts().contains(
                "child.date_of_birth \(rows.child) SRY: the child would be older than the mother, or born before she was twelve"
            ))
    }

    @Test("Days that do not exist, codes that no list has and control characters from the shell, with row and reason")
    func typedPastEveryForm() throws {
        let need = world.newID()
        try world.surreyLaptop.edit { database in
            try database.execute(
                sql: "UPDATE child SET date_of_birth = '2016-02-30' WHERE id = ?", arguments: [rows.child.sqlBlob])
            try database.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HOUSNIG', 'bell' || char(7))",
                arguments: [need.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        let found = try doubts()
        for line in [
            "child.date_of_birth \(rows.child) SRY: there is no such day",
            "need.category \(need) SRY: it is not in the list of codes",
            "need.detail \(need) SRY: there is a control character in it",
        ] { #expect(found.contains(line), "\(line)") }
    }

    @Test("What is too long for its column does not even get into the file, whoever writes")
    func tooLong() throws {
        let device = world.surreyLaptop
        for sql in [
            "UPDATE person SET known_as = printf('%101s', 'x')", "UPDATE child SET date_of_birth = '30.2.2016'",
            "UPDATE case_file SET phase = 'ANYTHING'",
        ] {
            #expect(throws: DatabaseError.self, "\(sql)") { try device.edit { try $0.execute(sql: sql) } }
        }
        #expect(try device.replica.status().unsentEdits == 0)
    }

    /// Two requests for one thing, from wherever; one is given, the other waits for a person.
    private func expectOne(
        of table: String, _ requests: [Identifier], given: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try world.settle()
        let states = try requests.map { try world.reader.text("status", of: table, $0) }
        #expect(Set(states) == [given, "REFUSED"], sourceLocation: sourceLocation)
        let waiting = try world.hub.quarantine()
        #expect(waiting.map(\.reason) == ["allocation"], sourceLocation: sourceLocation)
        let refused = try #require(zip(requests, states).first { $0.1 == "REFUSED" }?.0)
        #expect(waiting.map(\.row) == [refused.description], sourceLocation: sourceLocation)
    }

    @Test(
        "A mentor who was matched with two women, by office and laptop apart, is given to one",
        arguments: [false, true])
    func mentorTwice(laptopFirst: Bool) throws {
        let mentor = world.newID()
        var requests: [Identifier] = []
        for (device, rows) in [(world.surreyOffice, rows), (world.surreyLaptop, other)] {
            let id = world.newID()
            requests.append(id)
            try device.edit {
                try $0.execute(
                    sql: "INSERT INTO mentor_match(id, case_id, mentor_id, from_on) VALUES(?, ?, ?, '2026-03-01')",
                    arguments: [id.sqlBlob, rows.id.sqlBlob, mentor.sqlBlob])
            }
        }
        try world.syncSurrey(laptopFirst: laptopFirst)
        try expectOne(of: "mentor_match", requests, given: "MATCHED")
    }

    @Test("A home that one file books twice is given once; the other family waits for a person")
    func homeTwiceByImport() throws {
        let (property, home) = (world.newID(), world.newID())
        try world.surreyOffice.edit { database in
            try database.execute(
                sql: "INSERT INTO property(id, partner_id, name) VALUES(?, ?, 'The Terrace')",
                arguments: [property.sqlBlob, world.surrey.sqlBlob])
            try database.execute(
                sql: "INSERT INTO unit(id, partner_id, property_id, ref) VALUES(?, ?, ?, 'Flat 1')",
                arguments: [home.sqlBlob, world.surrey.sqlBlob, property.sqlBlob])
        }
        let lines = """
            Case,Home,Arrives,Departs
            \(rows.marker),\(home),2026-04-01,2026-06-01
            \(other.marker),\(home),2026-05-31,2026-08-01
            """
        let device = world.surreyOffice
        let report = try device.edit {
            try RecordImport(try CSVFile(Array(lines.utf8)), into: "occupancy").run(
                by: device.partner, in: $0, now: device.time.wallMilliseconds)
        }
        #expect(report.errors.isEmpty && report.warnings.map(\.line) == [3])
        let requests = try device.read {
            try Row.fetchAll($0, sql: "SELECT id FROM occupancy ORDER BY arrive_on").map { $0.identifier("id") }
        }
        try expectOne(of: "occupancy", requests, given: "CONFIRMED")
    }

    @Test("A home that the shell books twice on one machine is given once too")
    func homeTwiceByShell() throws {
        let home = world.newID()
        let requests = [world.newID(), world.newID()]
        try world.surreyOffice.edit { database in
            for (id, rows) in zip(requests, [rows, other]) {
                try database.execute(
                    sql: """
                        INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on)
                        VALUES(?, ?, ?, '2026-04-01', '2026-06-01')
                        """, arguments: [id.sqlBlob, rows.id.sqlBlob, home.sqlBlob])
            }
        }
        try expectOne(of: "occupancy", requests, given: "CONFIRMED")
    }

    @Test("Two care episodes of a child that both go on, written apart, are a question to a person")
    func careEpisodes() throws {
        for device in [world.surreyOffice, world.surreyLaptop] {
            try device.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status)
                        VALUES(?, ?, '2026-01-10', 'C2')
                        """, arguments: [rows.id.sqlBlob, rows.child.sqlBlob])
            }
        }
        try world.settle()
        let clash = try #require(try world.hub.clashes().first)
        #expect(clash.table == "child_care_episode" && clash.rows.count == 2)
    }
}
