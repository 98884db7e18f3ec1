import ReUniteSync
import TestSupport
import Testing

@Suite("Readable views: typed SQL and .import with UUID text")
struct TextViewTests {
    private typealias Book = TinyNetwork.Book
    private static let id = "01941111-2222-7333-8444-555566667777"

    @Test("A view shows ids as UUID text")
    func shown() throws {
        let desk = try TestDesk.withBooks(1)
        #expect(
            try desk.shell("SELECT id, room_id, title FROM book_text;").output == "\(row(1))|\(TestDesk.room)|1\n")
    }

    @Test("A view shows no id as NULL")
    func null() throws {
        let desk = try TestDesk.withBooks(1)
        let isNull = try desk.value("SELECT shelf_id IS NULL FROM book_text")
        #expect(isNull == .integer(1))
    }

    @Test("An insert through the view is a creation with the id that the text spells", arguments: [false, true])
    func insert(uppercase: Bool) throws {
        let desk = try TestDesk()
        let id = uppercase ? Self.id.uppercased() : Self.id
        let result = try desk.shell(
            """
            INSERT INTO book_text(id, room_id, title, price) VALUES('\(id)', '\(TestDesk.room)', 'Emma', 2);
            """)
        #expect(result.succeeded, "\(result.errors)")
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create])
        #expect(ops.first?.key == Identifier(Self.id))
        #expect(ops.first?.values.first == .blob(TestDesk.room.bytes))
    }

    @Test("An insert through the view without an id gets one")
    func insertWithoutID() throws {
        let desk = try TestDesk()
        try desk.shell("INSERT INTO book_text(room_id, title, price) VALUES('\(TestDesk.room)', 'Emma', 2);")
        #expect(try desk.sealed().map(\.kind) == [.create])
    }

    @Test("An insert through the view that leaves out a column takes its default")
    func insertDefaults() throws {
        let desk = try TestDesk()
        let result = try desk.shell("INSERT INTO book_text(room_id, title) VALUES('\(TestDesk.room)', 'Emma');")
        let price = try desk.value("SELECT price FROM book")
        #expect(result.succeeded, "\(result.errors)")
        #expect(price == .real(1.5))
    }

    @Test("An update through the view is an edit of what changed")
    func update() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try desk.shell("UPDATE book_text SET title = 'Emma' WHERE id = '\(row(2))';")
        let ops = try desk.sealed()
        #expect(ops.map(\.key) == [row(2)])
        #expect(ops.map(\.groups) == [Book.title])
    }

    @Test("An update through the view leaves bytes that are no id as they were", arguments: ["x'0102'", "x''"])
    func otherBlobs(cover: String) throws {
        let desk = try TestDesk.withBooks(1)
        try desk.edit("UPDATE book SET cover = \(cover);")
        try desk.accept()
        try desk.shell("UPDATE book_text SET title = 'Emma';")
        let isSame = try desk.value("SELECT cover IS \(cover) FROM book")
        let groups = try desk.sealed().map(\.groups)
        #expect(isSame == .integer(1))
        #expect(groups == [Book.title])
    }

    @Test("A delete through the view is a deletion")
    func delete() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try desk.shell("DELETE FROM book_text WHERE id = '\(row(1))';")
        #expect(try desk.sealed().map(\.key) == [row(1)])
        #expect(try desk.sealed().map(\.kind) == [.delete])
    }

    @Test("Changing the id through the view is refused with the reason")
    func changeID() throws {
        let desk = try TestDesk.withBooks(1)
        let result = try desk.shell("UPDATE book_text SET id = '\(Self.id)';")
        expectRefused(result, "the id of a row cannot be changed: insert a new row instead")
    }

    @Test(
        "An id that is not a UUID is refused",
        arguments: ["rubbish", "0194", "01941111-2222-7333-8444-55556666777", "01941111-2222-7333-8444-55556666777g"])
    func badID(text: String) throws {
        let desk = try TestDesk()
        let result = try desk.shell(
            "INSERT INTO book_text(id, room_id, title, price) VALUES('\(text)', '\(TestDesk.room)', 'x', 1);")
        #expect(!result.succeeded)
        #expect(try desk.value("SELECT count(*) FROM book") == .integer(0))
    }

    @Test("A reference that is not a UUID is refused, not emptied")
    func badReference() throws {
        let desk = try TestDesk()
        let result = try desk.shell(
            """
            INSERT INTO book_text(room_id, shelf_id, title, price) VALUES('\(TestDesk.room)', 'shelf 3', 'x', 1);
            """)
        let count = try desk.value("SELECT count(*) FROM book")
        #expect(!result.succeeded)
        #expect(count == .integer(0))
    }

    private func importing(_ lines: String, into view: String, at desk: TestDesk) throws -> ForeignClient.Result {
        let file = try desk.folder.write(lines, to: "rows.csv")
        return try desk.shell(".mode csv\n.import \(file) \(view)\n")
    }

    @Test(".import of a CSV file with ids is captured row by row")
    func importWithIDs() throws {
        let desk = try TestDesk()
        let room = TestDesk.room
        let result = try importing(
            "\(row(1)),\(room),\(row(8)),first\n\(row(2)),\(room),\(row(9)),\"second, and last\"\n",
            into: "remark_text", at: desk)
        #expect(result.succeeded, "\(result.errors)")
        let ops = try desk.sealed()
        #expect(ops.map(\.key) == [row(1), row(2)])
        #expect(ops.last?.values.last == .text("second, and last"))
    }

    @Test(".import of a CSV file whose ids are empty gives each row one")
    func importWithoutIDs() throws {
        let desk = try TestDesk()
        let result = try importing(
            ",\(TestDesk.room),\(row(8)),first\n,\(TestDesk.room),,second\n", into: "remark_text", at: desk)
        let said = try desk.sealed().map { $0.values.last }
        #expect(result.succeeded, "\(result.errors)")
        #expect(said == [.text("first"), .text("second")])
    }

    @Test(".import into a table of one's own, then an insert from it, is captured")
    func importThroughTable() throws {
        let desk = try TestDesk()
        let file = try desk.folder.write("title,width\nEmma,12\nPersuasion,11\n", to: "books.csv")
        try desk.shell(
            """
            .mode csv
            .import \(file) incoming
            INSERT INTO book(room_id, title, width)
              SELECT \(TestDesk.roomLiteral), title, CAST(width AS INTEGER) FROM incoming;
            DROP TABLE incoming;
            """)
        #expect(try desk.sealed().map(\.title) == [.text("Emma"), .text("Persuasion")])
    }

    @Test("A view that somebody dropped is back at the next opening")
    func dropped() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("DROP VIEW book_text;")
        _ = try desk.reopened()
        let views = try desk.value("SELECT count(*) FROM sqlite_schema WHERE name = 'book_text'")
        #expect(views == .integer(1))
    }
}
