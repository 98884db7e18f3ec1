import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport
import Testing

@Suite("The Re-Unite network's own tables are captured by the same triggers")
struct ReUniteNetworkTests {
    private static let network = NetworkSchema(
        migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) }, reference: Schemas.reference)

    @Test("A case and a person are created in this order, and a step of the case is a step")
    func caseAndPerson() throws {
        let desk = try TestDesk(network: Self.network)
        let result = try desk.shell(
            """
            PRAGMA foreign_keys = ON;
            BEGIN;
            INSERT INTO person(case_id, known_as) VALUES(\(literal(row(1))), 'Jo');
            INSERT INTO case_file(id) VALUES(\(literal(row(1))));
            COMMIT;
            UPDATE case_file SET phase = 'ASSESSED';
            UPDATE person SET known_as = 'Joan' WHERE known_as = 'Jo';
            """)
        #expect(result.succeeded, "\(result.errors)")
        let ops = try desk.sealed()
        let names = ops.map { desk.replica.schema[$0.table]?.name }
        #expect(names == ["case_file", "person", "case_file"])
        #expect(ops.map(\.kind) == [.create, .create, .transit])
        #expect(ops.last?.from == .text("ENQUIRY"))
        #expect(ops.last?.values == [.text("ASSESSED")])
    }

    @Test("Every table has its triggers and a readable view")
    func everyTable() throws {
        let desk = try TestDesk(network: Self.network)
        #expect(desk.replica.schema.tables.count > 10)
        for table in desk.replica.schema.tables {
            let triggers = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '\(table.name)'"
            guard case .integer(let count) = try desk.value(triggers) else { continue }
            #expect(count >= 4, "\(table.name)")
            #expect(try desk.value("SELECT count(*) FROM \(quoted("\(table.name)_text"))") == .integer(0))
        }
    }

    @Test("Moving a person to another case is refused")
    func caseIsFixed() throws {
        let desk = try TestDesk(network: Self.network)
        try desk.shell(
            "INSERT INTO person(case_id, known_as) VALUES(\(literal(row(1))), 'Jo');")
        expectRefused(
            try desk.shell("UPDATE person SET case_id = \(literal(row(2)));"),
            "case_id cannot be changed: insert a new row instead")
    }
}
