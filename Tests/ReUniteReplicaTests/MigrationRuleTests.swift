import ReUniteReplica
import ReUniteSchemas
import TestSupport
import Testing

@Suite("Migrations only add")
struct MigrationRuleTests {
    @Test("No migration of the Re-Unite network does what a migration may never do")
    func network() throws {
        let network = NetworkSchema(migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) })
        #expect(try MigrationRules(network: network).breaches() == [])
    }

    @Test(
        "What only adds is allowed",
        arguments: [
            "ALTER TABLE book ADD COLUMN format TEXT; INSERT INTO ru_column(tbl, name, grp, policy) VALUES ('book', 'format', 11, 'lww')",
            "UPDATE ru_table SET label = 'Volume' WHERE name = 'book'", "CREATE INDEX book_title ON book(title)",
            "INSERT INTO ru_class(bit, code, label) VALUES (9, 'NEW', '')",
        ])
    func allowed(sql: String) throws {
        #expect(try breaches(sql) == [])
    }

    @Test(
        "What breaks devices with another version is refused",
        arguments: [
            (
                "DROP TABLE remark; DELETE FROM ru_column WHERE tbl = 'remark'; DELETE FROM ru_table WHERE name = 'remark'",
                "is gone"
            ),
            (
                "ALTER TABLE book RENAME COLUMN title TO name; UPDATE ru_column SET name = 'name' WHERE name = 'title'",
                "columns of book"
            ),
            ("ALTER TABLE book DROP COLUMN cover; DELETE FROM ru_column WHERE name = 'cover'", "columns of book"),
            ("DELETE FROM ru_column WHERE name = 'cover'", "columns of book"),
            ("UPDATE ru_column SET policy = 'review' WHERE tbl = 'book' AND name = 'price'", "another policy"),
            ("UPDATE ru_column SET grp = 11 WHERE tbl = 'book' AND name = 'price'", "columns of book"),
            (
                "ALTER TABLE book ADD COLUMN depth INTEGER; INSERT INTO ru_column(tbl, name, grp, policy) VALUES ('book', 'depth', 5, 'review')",
                "joins group 5"
            ),
            ("UPDATE ru_table SET class = 'LOANS' WHERE name = 'book'", "another class"),
            ("UPDATE ru_table SET number = 60 WHERE name = 'book'", "another name or number"),
            ("UPDATE ru_table SET writer = 'hub' WHERE name = 'book'", "written by others"),
            ("UPDATE ru_table SET scope_kind = 'case' WHERE name = 'book'", "another scope"),
            ("UPDATE book SET title = 'Untitled'", "rows of book"), ("DELETE FROM loan", "rows of loan"),
            ("UPDATE ru_class SET bit = 8 WHERE code = 'LOANS'", "class LOANS"),
            (
                """
                CREATE TABLE remark2(id BLOB NOT NULL PRIMARY KEY, room_id BLOB NOT NULL, book_id BLOB, said TEXT) STRICT;
                INSERT INTO remark2 SELECT * FROM remark; DROP TABLE remark; ALTER TABLE remark2 RENAME TO remark
                """, "remark is declared otherwise"
            ),
        ])
    func refused(sql: String, why: String) throws {
        let found = try breaches(sql)
        #expect(found.contains { $0.contains(why) }, "\(found)")
    }

    private func breaches(_ sql: String) throws -> [String] {
        try MigrationRules(
            network: NetworkSchema(
                migrations: TinyNetwork.newer.migrations + [.init(name: "next", sql: sql)])
        ).breaches()
    }
}
