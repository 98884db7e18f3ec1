import ReUniteSync
import TestSupport
import Testing

@Suite("What cannot be expressed as an edit is refused, with a reason")
struct CaptureRefusalTests {
    private static let key = "the id of a row cannot be changed: insert a new row instead"
    private static let scope = "room_id cannot be changed: insert a new row instead"

    @Test("Changing a primary key is refused", arguments: Client.allCases, ["", "OR REPLACE", "OR IGNORE"])
    func key(by client: Client, clause: String) throws {
        let desk = try TestDesk.withBooks(1, 2)
        let result = try client.run(
            "UPDATE \(clause) book SET id = \(literal(row(2))) \(at(1));", at: desk)
        expectRefused(result, Self.key)
        #expect(try desk.value("SELECT count(*) FROM book") == .integer(2))
        #expect(try desk.sealed() == [])
    }

    @Test("An upsert that changes the primary key is refused", arguments: Client.allCases)
    func upsertKey(by client: Client) throws {
        let desk = try TestDesk.withBooks(1)
        let result = try client.run(
            """
            INSERT INTO book(id, room_id, title) VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'x')
            ON CONFLICT(id) DO UPDATE SET id = \(literal(row(3)));
            """, at: desk)
        expectRefused(result, Self.key)
    }

    @Test("A key of another length is refused", arguments: ["x'00'", "'text'", "NULL", "randomblob(17)"])
    func shortKey(key: String) throws {
        let desk = try TestDesk()
        let result = try desk.shell(
            "INSERT INTO book(id, room_id, title) VALUES(\(key), \(TestDesk.roomLiteral), 'x');")
        #expect(!result.succeeded)
        #expect(try desk.sealed() == [])
    }

    @Test("Changing the column that names the scope is refused", arguments: Client.allCases)
    func scope(by client: Client) throws {
        let desk = try TestDesk.withBooks(1)
        let result = try client.run("UPDATE book SET room_id = randomblob(16) \(at(1));", at: desk)
        expectRefused(result, Self.scope)
        #expect(try desk.sealed() == [])
    }

    @Test("Writing the same key and scope again is allowed")
    func sameAgain() throws {
        let desk = try TestDesk.withBooks(1)
        #expect(try desk.shell("UPDATE book SET id = id, room_id = room_id \(at(1));").succeeded)
        #expect(try desk.sealed() == [])
    }

    @Test(
        "A row that is only ever added refuses to be changed", arguments: Client.allCases,
        [
            ("UPDATE remark SET said = 'other';", "rows of remark are added, never changed"),
            ("UPDATE OR IGNORE remark SET said = 'other';", "rows of remark are added, never changed"),
            ("DELETE FROM remark;", "rows of remark are added, never deleted"),
            (
                "REPLACE INTO remark(id, room_id, said) SELECT id, room_id, 'other' FROM remark;",
                "a row of remark cannot be replaced"
            ),
            (
                """
                INSERT INTO remark(id, room_id, said) SELECT id, room_id, 'other' FROM remark WHERE true
                ON CONFLICT(id) DO UPDATE SET said = excluded.said;
                """, "a row of remark cannot be replaced"
            ),
        ])
    func appendOnly(by client: Client, attempt: (sql: String, message: String)) throws {
        let desk = try TestDesk()
        try desk.edit("INSERT INTO remark(room_id, said) VALUES(\(TestDesk.roomLiteral), 'first');")
        try desk.accept()
        expectRefused(try client.run(attempt.sql, at: desk), attempt.message)
        #expect(try desk.value("SELECT said FROM remark") == .text("first"))
        #expect(try desk.sealed() == [])
    }

    @Test("A row with steps that must be kept refuses to be replaced", arguments: Client.allCases, [false, true])
    func stateReplace(by client: Client, recursive: Bool) throws {
        let desk = try TestDesk()
        try desk.edit(insertBook(1) + insertLoan(11, of: 1))
        try desk.accept()
        let result = try client.run(
            """
            PRAGMA recursive_triggers = \(recursive ? "ON" : "OFF");
            REPLACE INTO loan(id, room_id, book_id, state)
            SELECT id, room_id, book_id, 'BACK' FROM loan;
            """, at: desk)
        expectRefused(result, "a row of loan cannot be replaced")
        #expect(try desk.sealed() == [])
    }
}
