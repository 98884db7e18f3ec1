import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What should be there once, and was entered in two places")
struct EnteredTwiceTests {
    /// Table, natural key, and what the office and the laptop each write; `{own}` and `{mentor}` differ between them.
    private static let entries: [(table: String, key: String, sql: String)] = [
        (
            "case_assignment", "role",
            "INSERT INTO case_assignment(id, case_id, role) VALUES({own}, {case}, 'SUPPORT_WORKER')"
        ),
        (
            "mentor_match", "one_mentor",
            "INSERT INTO mentor_match(id, case_id, mentor_id, from_on) VALUES({own}, {case}, {mentor}, '2026-03-01')"
        ),
        (
            "contact_plan", "child",
            "INSERT INTO contact_plan(id, case_id, child_id) VALUES({own}, {case}, {child})"
        ),
        (
            "outcome_event", "day",
            """
            INSERT INTO outcome_event(id, case_id, kind, occurred_on, source)
            VALUES({own}, {case}, 'RECALL', '2026-02-20', 'PROBATION')
            """
        ),
    ]

    @Test("Two workers in a role, two mentors, two plans for a child, one event twice: all stay, a person is asked")
    func twice() throws {
        let world = try World(seed: 621)
        var names = SeedFactNames(world)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        names["case"] = rows.id
        names["child"] = rows.child
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            names["mentor"] = world.newID()
            for entry in Self.entries {
                names["own"] = world.newID()
                let sql = names.filled(entry.sql)
                try device.edit { try $0.execute(sql: sql) }
            }
        }
        try world.settle()
        let clashes = try world.hub.clashes()
        #expect(
            Set(clashes.map { "\($0.table).\($0.name)" }) == Set(Self.entries.map { "\($0.table).\($0.key)" }))
        #expect(clashes.allSatisfy { $0.rows.count == 2 })
        for device in [world.surreyOffice, world.surreyLaptop] {
            for entry in Self.entries {
                let count = try device.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(entry.table)") }
                #expect(count == 2, "\(entry.table) on \(device.name)")
            }
        }
        #expect(try world.reader.quarantined().isEmpty)
    }
}
