import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("The change log folds to what really changed")
struct FoldTests {
    private typealias Book = TinyNetwork.Book

    @Test(
        "A change of any column sets the bit of its own group and no other",
        arguments: [
            ("shelf_id = \(literal(row(90)))", Book.shelf), ("title = 'x'", Book.title), ("width = 1", Book.size),
            ("height = 1", Book.size), ("price = 2", Book.price), ("cover = x'00'", Book.cover),
            ("title = 'x', cover = x'00'", Book.title | Book.cover),
            ("shelf_id = \(literal(row(90))), price = 2", Book.shelf | Book.price),
        ])
    func exactMask(assignment: String, groups: UInt64) throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET \(assignment) \(at(1));")
        #expect(try desk.sealed().map(\.groups) == [groups])
    }

    @Test("An update to the value that is there makes no edit")
    func sameValue() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET title = title, price = price, width = NULL; UPDATE book SET title = '1';")
        #expect(try desk.sealed() == [])
        #expect(try journalCount(of: desk.replica) == 0)
        #expect(try sealedBatches(of: desk.replica).count == 1)
    }

    @Test("Values are compared byte by byte: case and null count")
    func bytewise() throws {
        let desk = try TestDesk()
        try desk.edit(insertBook(1, title: "emma"))
        try desk.accept()
        try desk.shell("UPDATE book SET title = 'Emma', cover = x'';")
        let ops = try desk.sealed()
        #expect(ops.map(\.groups) == [Book.title | Book.cover])
        #expect(ops.first?.values == [.text("Emma"), .blob([])])
    }

    @Test("Two updates of one row fold to one edit with both groups and the last values")
    func joined() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell(
            "UPDATE book SET title = 'a'; UPDATE book SET price = 3; UPDATE book SET title = 'b';")
        let ops = try desk.sealed()
        #expect(ops.map(\.groups) == [Book.title | Book.price])
        #expect(ops.first?.values == [.text("b"), .real(3)])
    }

    @Test("Two columns of one group travel together when either changed")
    func pair() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET width = 5; UPDATE book SET height = 9;")
        #expect(try desk.sealed().map(\.values) == [[.integer(5), .integer(9)]])
    }

    @Test("A row that was inserted and deleted again makes nothing")
    func netZero() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("\(insertBook(2)) UPDATE book SET title = 'x' \(at(2)); DELETE FROM book \(at(2));")
        #expect(try desk.sealed() == [])
        #expect(try journalCount(of: desk.replica) == 0)
    }

    @Test("A row that was inserted and changed is created as it is now")
    func createdThenChanged() throws {
        let desk = try TestDesk()
        try desk.shell("\(insertBook(1)) UPDATE book SET title = 'later', width = 2;")
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create])
        #expect(ops.first?.title == .text("later"))
    }

    @Test("A known row that was changed and deleted is a deletion")
    func changedThenDeleted() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET title = 'x'; DELETE FROM book;")
        #expect(try desk.sealed().map(\.kind) == [.delete])
    }

    @Test("A known row that was deleted and inserted again is one coarse edit of all its groups")
    func deletedThenInserted() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("DELETE FROM book; \(insertBook(1, title: "again"))")
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.set])
        #expect(ops.first?.flags == .coarse)
        #expect(ops.first?.groups == Book.all)
        #expect(ops.first?.title == .text("again"))
    }

    @Test("The deletion of a row that the hub never saw makes nothing")
    func unknownDeleted() throws {
        let desk = try TestDesk()
        try desk.replica.edit("Writing past the triggers") { database in
            try database.execute(
                sql: "DROP TRIGGER ru_book_insert; \(insertBook(1)) DELETE FROM book;")
        }
        #expect(try journalCount(of: desk.replica) == 1)
        #expect(try desk.sealed() == [])
    }

    @Test("A row that waits in the outbox is known: a later delete is a deletion, and a third insert a creation")
    func pendingRow() throws {
        let desk = try TestDesk()
        try desk.shell(insertBook(1))
        #expect(try desk.sealed().map(\.kind) == [.create])
        try desk.shell("UPDATE book SET title = 'x';")
        #expect(try desk.sealed().map(\.kind) == [.create, .set])
        try desk.shell("DELETE FROM book;")
        #expect(try desk.sealed().map(\.kind) == [.create, .set, .delete])
        try desk.shell(insertBook(1))
        #expect(try desk.sealed().map(\.kind) == [.create, .set, .delete, .create])
        try desk.shell("UPDATE book SET title = 'x';")
        #expect(try desk.sealed().map(\.kind).suffix(1) == [.set])
    }

    @Test("A row that exists is sealed, though its only mark is a deletion")
    func existenceDecides() throws {
        let desk = try TestDesk.withBooks(1)
        let mark = "INSERT INTO ru_journal(tbl, key, mask, ms) VALUES(\(TinyNetwork.book), \(literal(row(1))), -2, 0);"
        try desk.shell(mark)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.set])
        #expect(ops.first?.flags == .coarse)
    }

    @Test("Marks that name no synced table or no row are dropped and harm nothing")
    func strangeMarks() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell(
            """
            INSERT INTO ru_journal(tbl, key, mask, ms) VALUES(999, \(literal(row(1))), 1, 0), (-1, NULL, NULL, NULL),
              (\(TinyNetwork.book), 'text', 4, 'noon'), (\(TinyNetwork.book), \(literal(row(8))), 4, 0);
            UPDATE book SET price = 6;
            """)
        #expect(try desk.sealed().map(\.groups) == [Book.price])
        #expect(try journalCount(of: desk.replica) == 0)
    }
}
