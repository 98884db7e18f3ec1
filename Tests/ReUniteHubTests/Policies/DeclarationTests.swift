import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A schema whose policies cannot be kept is refused")
struct DeclarationTests {
    private func open(_ columns: String, _ policies: String, more: String = "") throws {
        let sql = """
            INSERT INTO ru_class(bit, code, label) VALUES (0, 'ALL', 'Everything');
            CREATE TABLE thing(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16), \(columns)) STRICT;
            INSERT INTO ru_table(number, name, scope_kind, scope_column, class) VALUES (1, 'thing', 'shared', NULL, 'ALL');
            INSERT INTO ru_column(tbl, name, grp, policy) VALUES \(policies);
            \(more)
            """
        _ = try ScratchCapture.ops(
            network: NetworkSchema(migrations: [.init(name: "thing", sql: sql)])
        ) { _ in }
    }

    private let booking = "home TEXT, a TEXT, b TEXT, status TEXT NOT NULL DEFAULT 'ASKED'"
    private let one =
        "('thing','home',0,'alloc'), ('thing','a',0,'alloc'), ('thing','b',0,'alloc'), ('thing','status',0,'alloc')"

    private func views(_ row: String, _ statuses: String) -> String {
        """
        CREATE VIEW ru_allocation(tbl, unit_col, from_col, to_col, status_col, grp) AS VALUES ('thing', \(row));
        CREATE VIEW ru_allocation_state(tbl, value, kind) AS VALUES \(statuses);
        """
    }

    private let statuses = "('thing','ASKED','REQUEST'), ('thing','HAS','HOLDS'), ('thing','NO','REFUSED')"

    @Test("A counter is one INTEGER column, alone in its group")
    func counters() throws {
        try open("n INTEGER", "('thing', 'n', 0, 'counter')")
        expectRefusal { try open("n TEXT", "('thing', 'n', 0, 'counter')") }
        expectRefusal {
            try open("n INTEGER, m INTEGER", "('thing', 'n', 0, 'counter'), ('thing', 'm', 0, 'counter')")
        }
    }

    @Test("A set is a whole table")
    func sets() throws {
        try open("n INTEGER, m INTEGER", "('thing', 'n', 0, 'set'), ('thing', 'm', 1, 'set')")
        expectRefusal { try open("n INTEGER, m INTEGER", "('thing', 'n', 0, 'set'), ('thing', 'm', 1, 'lww')") }
    }

    @Test("An allocation says which columns ask for what, and what its statuses mean")
    func allocations() throws {
        try open(booking, one, more: views("'home','a','b','status',0", statuses))
        expectRefusal { try open(booking, one) }
        expectRefusal { try open(booking, one, more: views("'home','a','a','status',0", statuses)) }
        expectRefusal { try open(booking, one, more: views("'home','a','b','status',3", statuses)) }
        expectRefusal {
            try open(booking, one, more: views("'home','a','b','status',0", "('thing','ASKED','REQUEST')"))
        }
        expectRefusal { try open(booking, one, more: views("'home','a','b','status',0", "('thing','ASKED','WISH')")) }
    }

    private func expectRefusal(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { try body() }
        #expect(failure?.code == .configuration, sourceLocation: sourceLocation)
    }
}
