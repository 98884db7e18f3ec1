import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Existing residents are the first thing that a partner has: a home or a mentor that was given somewhere is given again
/// where the rows are imported, for nobody else has it.
@Suite("Stays and mentors that were exported are given again where they are imported, at the next sync")
struct BookingsComeBackTests {
    private struct Place {
        let world: World
        let rows: CaseRows
        let home: Identifier
        let mentor: Identifier

        /// The same ids each time: the same network, before anything was given.
        init() throws {
            world = try World(seed: 642)
            rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
            let (property, flat, hope, surrey) = (world.newID(), world.newID(), world.newID(), world.surrey)
            (home, mentor) = (flat, hope)
            try world.surreyOffice.edit { database in
                for (sql, values) in [
                    ("property(id, partner_id, name) VALUES(?, ?, 'The Terrace')", [property, surrey]),
                    ("unit(id, partner_id, property_id, ref) VALUES(?, ?, ?, 'Flat 1')", [flat, surrey, property]),
                    ("volunteer_mentor(id, partner_id, name) VALUES(?, ?, 'Hope Hill')", [hope, surrey]),
                ] {
                    try database.execute(
                        sql: "INSERT INTO \(sql)", arguments: StatementArguments(values.map(\.sqlBlob)))
                }
            }
            try world.settle()
        }

        /// What is on record of a table, at the hub: the state in words, and what it is about.
        func given(_ table: String) throws -> [String] {
            let columns =
                table == "occupancy"
                ? "hex(id) || hex(case_id) || hex(unit_id) || arrive_on || depart_on"
                : "hex(id) || hex(case_id) || hex(mentor_id) || from_on"
            return try world.hub.read("Reading what was given") {
                try String.fetchAll($0, sql: "SELECT status || ' ' || \(columns) FROM \(table) ORDER BY id")
            }
        }
    }

    @Test("The rows are the same afterwards, confirmed and matched", arguments: [false, true])
    func comesBack(isForPeople: Bool) throws {
        let there = try Place()
        try there.world.surreyOffice.edit { database in
            try database.execute(
                sql:
                    "INSERT INTO occupancy(case_id, unit_id, arrive_on, depart_on) VALUES(?, ?, '2026-04-01', '2026-09-01')",
                arguments: [there.rows.id.sqlBlob, there.home.sqlBlob])
            try database.execute(
                sql: "INSERT INTO mentor_match(case_id, mentor_id, from_on) VALUES(?, ?, '2026-04-01')",
                arguments: [there.rows.id.sqlBlob, there.mentor.sqlBlob])
        }
        try there.world.settle()
        let here = try Place()
        #expect(here.rows.id == there.rows.id && here.home == there.home, "the two networks are not the same")
        for (table, asked, state) in [("occupancy", "REQUESTED", "CONFIRMED"), ("mentor_match", "ASKED", "MATCHED")] {
            let was = try there.given(table)
            #expect(was.count == 1 && was[0].hasPrefix(state), "\(was)")
            let file = try there.world.surreyOffice.read { try RecordExport(table, labels: isForPeople, in: $0).text }
            let device = here.world.surreyOffice
            let report = try device.edit {
                try RecordImport(try CSVFile(Array(file.utf8)), into: table).run(
                    by: device.partner, in: $0, now: device.time.wallMilliseconds)
            }
            #expect(report.errors.map(\.text) == [] && report.warnings.contains { $0.why.contains(asked) }, "\(table)")
            #expect(try device.read { try String.fetchAll($0, sql: "SELECT status FROM \(table)") } == [asked])
            try here.world.settle()
            #expect(try here.given(table) == was)
        }
        #expect(try here.world.hub.quarantine().isEmpty)
    }
}
