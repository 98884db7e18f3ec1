import ReUniteSync
import TestSupport
import Testing

@Suite("Writes of other programs become edits")
struct CaptureStatementTests {
    private typealias Book = TinyNetwork.Book

    @Test("An insert becomes the creation of a whole row", arguments: Client.allCases)
    func insert(by client: Client) throws {
        let desk = try TestDesk()
        let key = literal(row(1))
        let result = try client.run(
            """
            INSERT INTO book(id, room_id, title, width, cover)
            VALUES(\(key), \(TestDesk.roomLiteral), 'Emma', 12, x'0a0b');
            """, at: desk)
        #expect(result.succeeded, "\(result.errors)")
        let ops = try desk.sealed()
        #expect(ops.count == 1)
        let op = try #require(ops.first)
        #expect(op.kind == .create)
        #expect(op.table == TinyNetwork.book)
        #expect(op.key == row(1))
        #expect(op.groups == Book.all)
        #expect(op.flags == [])
        let room = Value.blob(TestDesk.room.bytes)
        #expect(
            op.values == [room, .null, .text("Emma"), .integer(12), .null, .real(1.5), .blob([10, 11])])
    }

    @Test("A multi-row insert becomes one creation for each row", arguments: Client.allCases)
    func multiRow(by client: Client) throws {
        let desk = try TestDesk()
        let room = TestDesk.roomLiteral
        try client.run(
            "INSERT INTO book(room_id, title) VALUES(\(room), 'a'), (\(room), 'b'), (\(room), 'c');", at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create, .create, .create])
        #expect(ops.map(\.title) == [.text("a"), .text("b"), .text("c")])
        #expect(Set(ops.map(\.key)).count == 3)
    }

    @Test("An insert from a query becomes one creation for each row", arguments: Client.allCases)
    func insertSelect(by client: Client) throws {
        let desk = try TestDesk()
        try client.run(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
            INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), 'copy ' || i FROM n;
            """, at: desk)
        let ops = try desk.sealed()
        #expect(ops.count == 50)
        #expect(ops.allSatisfy { $0.kind == .create })
        #expect(ops.last?.title == .text("copy 50"))
    }

    @Test("An update of one column becomes an edit of its group alone", arguments: Client.allCases)
    func updateOne(by client: Client) throws {
        let desk = try TestDesk.withBooks(1, 2)
        try client.run("UPDATE book SET title = 'Persuasion' \(at(2));", at: desk)
        let ops = try desk.sealed()
        #expect(ops.count == 1)
        #expect(ops.first?.kind == .set)
        #expect(ops.first?.key == row(2))
        #expect(ops.first?.groups == Book.title)
        #expect(ops.first?.values == [.text("Persuasion")])
    }

    @Test("An update that names every column makes edits of those that changed", arguments: Client.allCases)
    func updateAll(by client: Client) throws {
        let desk = try TestDesk.withBooks(1)
        try client.run(
            """
            UPDATE book SET id = id, room_id = room_id, shelf_id = NULL, title = '1', width = 3, height = NULL,
              price = 2.5, cover = NULL \(at(1));
            """, at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.groups) == [Book.size | Book.price])
        #expect(ops.first?.values == [.integer(3), .null, .real(2.5)])
    }

    @Test("An update of every row becomes an edit of each", arguments: Client.allCases)
    func updateEveryRow(by client: Client) throws {
        let desk = try TestDesk.withBooks(1, 2, 3)
        try client.run("UPDATE book SET price = price + 1;", at: desk)
        let ops = try desk.sealed()
        #expect(Set(ops.map(\.key)) == [row(1), row(2), row(3)])
        #expect(ops.allSatisfy { $0.groups == Book.price && $0.values == [.real(2.5)] })
    }

    @Test("An upsert makes a creation, and on a row that is there an edit of what changed", arguments: Client.allCases)
    func upsert(by client: Client) throws {
        let desk = try TestDesk.withBooks(1)
        func upsert(_ number: UInt64) -> String {
            """
            INSERT INTO book(id, room_id, title) VALUES(\(literal(row(number))), \(TestDesk.roomLiteral), 'new')
            ON CONFLICT(id) DO UPDATE SET title = excluded.title;
            """
        }
        try client.run(upsert(1) + upsert(2), at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create, .set])
        #expect(ops.map(\.key) == [row(2), row(1)])
        #expect(ops.last?.groups == Book.title)
        #expect(ops.last?.values == [.text("new")])
    }

    @Test("An upsert that does nothing makes no edit", arguments: Client.allCases)
    func upsertNothing(by client: Client) throws {
        let desk = try TestDesk.withBooks(1)
        try client.run(
            """
            INSERT INTO book(id, room_id, title) VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'new')
            ON CONFLICT(id) DO NOTHING;
            INSERT OR IGNORE INTO book(id, room_id, title) VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'new');
            """, at: desk)
        #expect(try desk.sealed() == [])
    }

    @Test(
        "A replaced row becomes one coarse edit of all its groups, whatever recursive_triggers says",
        arguments: Client.allCases, [false, true])
    func replace(by client: Client, recursive: Bool) throws {
        let desk = try TestDesk.withBooks(1)
        try client.run(
            """
            PRAGMA recursive_triggers = \(recursive ? "ON" : "OFF");
            REPLACE INTO book(id, room_id, title) VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'again');
            """, at: desk)
        let ops = try desk.sealed()
        #expect(ops.count == 1)
        #expect(ops.first?.kind == .set)
        #expect(ops.first?.flags == .coarse)
        #expect(ops.first?.groups == Book.all)
        #expect(ops.first?.title == .text("again"))
    }

    @Test(
        "A replaced row that the hub never saw is created once, as it is now",
        arguments: Client.allCases, [false, true])
    func replaceNew(by client: Client, recursive: Bool) throws {
        let desk = try TestDesk()
        try client.run(
            """
            PRAGMA recursive_triggers = \(recursive ? "ON" : "OFF");
            \(insertBook(1))
            INSERT OR REPLACE INTO book(id, room_id, title)
            VALUES(\(literal(row(1))), \(TestDesk.roomLiteral), 'again');
            """, at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create])
        #expect(ops.first?.flags == [])
        #expect(ops.first?.title == .text("again"))
    }

    @Test("A delete becomes a deletion", arguments: Client.allCases)
    func delete(by client: Client) throws {
        let desk = try TestDesk.withBooks(1, 2)
        try client.run("DELETE FROM book \(at(1));", at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.delete])
        #expect(ops.first?.key == row(1))
        #expect(ops.first?.groups == 0)
        #expect(ops.first?.values == [])
    }

    @Test("A delete without a condition is captured row by row", arguments: Client.allCases)
    func deleteEverything(by client: Client) throws {
        let desk = try TestDesk.withBooks(1, 2, 3)
        try client.run("DELETE FROM book;", at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.delete, .delete, .delete])
    }

    @Test("Rows that a cascade deletes are deletions too, children first", arguments: Client.allCases, [false, true])
    func cascade(by client: Client, recursive: Bool) throws {
        let desk = try TestDesk()
        try desk.edit(insertBook(1) + insertLoan(11, of: 1) + insertLoan(12, of: 1) + insertBook(2))
        try desk.accept()
        try client.run(
            """
            PRAGMA foreign_keys = ON;
            PRAGMA recursive_triggers = \(recursive ? "ON" : "OFF");
            DELETE FROM book \(at(1));
            """, at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.delete, .delete, .delete])
        #expect(Set(ops.prefix(2).map(\.key)) == [row(11), row(12)])
        #expect(ops.last?.key == row(1))
    }

    @Test("A reference that the file's own rules empty is an edit of the row that held it", arguments: Client.allCases)
    func setNull(by client: Client) throws {
        let desk = try TestDesk()
        let shelf = literal(row(70))
        try desk.edit("INSERT INTO shelf(id, label) VALUES(\(shelf), 'A'); \(insertBook(1)) \(insertBook(2))")
        try desk.edit("UPDATE book SET shelf_id = \(shelf) \(at(1));")
        try desk.accept()
        try client.run("PRAGMA foreign_keys = ON; DELETE FROM shelf;", at: desk)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.set, .delete])
        #expect(ops.map(\.key) == [row(1), row(70)])
        #expect(ops.first?.groups == Book.shelf)
        #expect(ops.first?.values == [.null])
    }

    @Test("Rows are edited by rowid in a savepoint, as DB Browser does it")
    func byRowID() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try desk.shell(
            """
            SAVEPOINT "db4s_edit_1";
            UPDATE "main"."book" SET "title"='Emma' WHERE "_rowid_"='2';
            RELEASE "db4s_edit_1";
            """)
        let ops = try desk.sealed()
        #expect(ops.map(\.key) == [row(2)])
        #expect(ops.map(\.groups) == [Book.title])
    }

    @Test("Many parameter sets of one statement are captured one by one")
    func executeMany() throws {
        let desk = try TestDesk()
        try desk.python(
            """
            db.execute('BEGIN')
            db.executemany('INSERT INTO book(room_id, title) VALUES(?, ?)',
                           [(bytes.fromhex('\(hex(TestDesk.room))'), 'n%d' % i) for i in range(200)])
            db.execute('COMMIT')
            """)
        #expect(try desk.sealed().map(\.title) == (0..<200).map { .text("n\($0)") })
    }
}
