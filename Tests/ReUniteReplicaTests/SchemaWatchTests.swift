import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A changed schema is noticed, and what was inserted unseen is found")
struct SchemaWatchTests {
    private func dropTriggers(at desk: TestDesk) throws {
        let result = try desk.python(
            """
            for (name,) in db.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'book'").fetchall():
                db.execute('DROP TRIGGER "%s"' % name)
            """)
        #expect(result.succeeded, "\(result.errors)")
    }

    @Test("A row that was inserted while triggers were missing is found", arguments: [false, true])
    func inserted(atOpening: Bool) throws {
        let desk = try TestDesk.withBooks(1)
        try dropTriggers(at: desk)
        try desk.shell(insertBook(2))
        let replica = atOpening ? try desk.reopened() : desk.replica
        #expect(try replica.seal() == 1)
        let ops = try decodedOps(of: replica)
        #expect(ops.map(\.key) == [row(2)])
        #expect(ops.map(\.kind) == [.create])
        #expect(ops.map(\.flags) == [.scanned])
        #expect(ops.first?.stamp.milliseconds == desk.time.wallMilliseconds)
        #expect(try replica.seal() == 0)
    }

    @Test("A file that stays open is captured again from the next seal on")
    func open() throws {
        let desk = try TestDesk.withBooks(1)
        try dropTriggers(at: desk)
        #expect(try desk.replica.seal() == 0)
        try desk.shell("UPDATE book SET title = 'seen' \(at(1)); \(insertBook(2))")
        #expect(try desk.replica.seal() == 2)
        #expect(try decodedOps(of: desk.replica).allSatisfy { $0.flags == [] })
    }

    @Test("Rows that the hub or the change log knows are not found again")
    func known() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell(insertBook(2))
        try desk.replica.seal()
        try desk.shell(insertBook(3))
        try dropTriggers(at: desk)
        try desk.shell(insertBook(4))
        #expect(try desk.replica.seal() == 2)
        let ops = try decodedOps(of: desk.replica)
        #expect(ops.map(\.key) == [row(2), row(3), row(4)])
        #expect(ops.map(\.flags) == [[], [], .scanned])
    }

    @Test("A row that was too large to leave is not listed again by a scan")
    func leftOut() throws {
        let desk = try TestDesk()
        try desk.shell(insertBook(1) + "UPDATE book SET cover = randomblob(\(DecodeLimits.valueBytes + 1));")
        #expect(try desk.replica.seal() == 0)
        try dropTriggers(at: desk)
        #expect(try desk.replica.seal() == 0)
        #expect(try desk.replica.inbox().count == 1)
    }

    @Test("A row that went while triggers were missing is never taken for deleted, nor is a changed one touched")
    func missing() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try dropTriggers(at: desk)
        try desk.shell("DELETE FROM book \(at(1)); UPDATE book SET title = 'unseen' \(at(2));")
        #expect(try desk.replica.seal() == 0)
        #expect(try desk.value("SELECT title FROM book") == .text("unseen"))
    }

    @Test("The usual rebuild of a table is noticed by a file that stays open")
    func rebuilt() throws {
        let desk = try TestDesk.withBooks(1)
        let result = try desk.shell(
            """
            PRAGMA legacy_alter_table = ON;
            BEGIN;
            CREATE TABLE new_shelf(
              id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)), label TEXT NOT NULL) STRICT;
            INSERT INTO new_shelf SELECT * FROM shelf;
            DROP TABLE shelf;
            ALTER TABLE new_shelf RENAME TO shelf;
            COMMIT;
            INSERT INTO shelf(id, label) VALUES(\(literal(row(5))), 'unseen');
            """)
        #expect(result.succeeded, "\(result.errors)")
        #expect(try desk.replica.seal() == 1)
        #expect(try decodedOps(of: desk.replica).map(\.key) == [row(5)])
    }

    @Test("A table of somebody's own changes nothing, and its schema is looked at once")
    func ownTable() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("CREATE TABLE mine(a);")
        #expect(try desk.replica.seal() == 0)
        let version = try desk.value("PRAGMA schema_version")
        #expect(try desk.value("SELECT value FROM ru_meta WHERE name = 'schema_cookie'") == version)
        #expect(try desk.replica.seal() == 0)
        #expect(try desk.value("PRAGMA schema_version") == version)
    }

    @Test("A missing table is a matter of configuration, never a mass deletion, and nothing is lost")
    func droppedTable() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try desk.shell("INSERT INTO shelf(label) VALUES('top'); DROP TABLE book;")
        expectFailure(.configuration) { try desk.replica.seal() }
        #expect(try decodedOps(of: desk.replica).isEmpty)
        #expect(try journalCount(of: desk.replica) == 1)
    }
}
