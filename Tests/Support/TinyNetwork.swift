package import ReUniteReplica

/// A lending library: another network than the one this project was made for, small enough to think about.
///
/// Its table numbers run against the order of parents and children, and its group numbers have gaps and reach the
/// last bit, so that nothing can depend on either being tidy.
package enum TinyNetwork {
    /// What the whole network shares; the hub writes it.
    package static let shelf: UInt16 = 7
    /// A book stands in a room, its scope. Plain columns and two that need a person.
    package static let book: UInt16 = 6
    /// A loan moves along states. Deleting the book deletes it, which is this schema's own choice.
    package static let loan: UInt16 = 3
    /// Remarks are added, never changed.
    package static let remark: UInt16 = 5

    /// The groups of `book`.
    package enum Book {
        package static let room: UInt64 = 1 << 0
        package static let shelf: UInt64 = 1 << 1
        package static let title: UInt64 = 1 << 2
        /// Width and height, which only make sense together.
        package static let size: UInt64 = 1 << 5
        package static let price: UInt64 = 1 << 9
        package static let cover: UInt64 = 1 << 61
        package static let all = room | shelf | title | size | price | cover
    }

    /// The groups of `loan`.
    package enum Loan {
        package static let room: UInt64 = 1 << 0
        package static let book: UInt64 = 1 << 1
        package static let reader: UInt64 = 1 << 4
        package static let state: UInt64 = 1 << 6
        package static let all = room | book | reader | state
    }

    package static let network = NetworkSchema(migrations: [.init(name: "library", sql: library)])

    /// The same network one version on.
    package static let newer = NetworkSchema(
        migrations: network.migrations + [.init(name: "blurbs", sql: blurbs)])

    private static let key = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16))"
    private static let room = "room_id BLOB NOT NULL CHECK(length(room_id) = 16)"

    private static let library = """
        INSERT INTO ru_class(bit, code, label) VALUES (0, 'STOCK', 'Stock'), (3, 'LOANS', 'Loans');

        CREATE TABLE shelf(\(key), label TEXT NOT NULL) STRICT;
        CREATE TABLE book(
          \(key), \(room),
          shelf_id BLOB REFERENCES shelf(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
          title TEXT NOT NULL,
          width INTEGER, height INTEGER,
          price REAL NOT NULL DEFAULT 1.5,
          cover BLOB
        ) STRICT;
        CREATE INDEX book_room ON book(room_id);
        CREATE TABLE loan(
          \(key), \(room),
          book_id BLOB NOT NULL REFERENCES book(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
          reader TEXT,
          state TEXT NOT NULL DEFAULT 'ASKED' CHECK(state IN ('ASKED', 'LENT', 'BACK', 'LOST'))
        ) STRICT;
        CREATE TABLE remark(\(key), \(room), book_id BLOB, said TEXT NOT NULL) STRICT;

        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only) VALUES
          (7, 'shelf', 'shared', NULL, 'STOCK', 'hub', 0),
          (6, 'book', 'partner', 'room_id', 'STOCK', 'granted', 0),
          (3, 'loan', 'partner', 'room_id', 'LOANS', 'granted', 0),
          (5, 'remark', 'partner', 'room_id', 'LOANS', 'granted', 1);
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('shelf', 'label', 0, 'lww'),
          ('book', 'room_id', 0, 'lww'), ('book', 'shelf_id', 1, 'lww'), ('book', 'title', 2, 'review'),
          ('book', 'width', 5, 'review'), ('book', 'height', 5, 'review'), ('book', 'price', 9, 'lww'),
          ('book', 'cover', 61, 'lww'),
          ('loan', 'room_id', 0, 'lww'), ('loan', 'book_id', 1, 'lww'), ('loan', 'reader', 4, 'lww'),
          ('loan', 'state', 6, 'state'),
          ('remark', 'room_id', 0, 'append'), ('remark', 'book_id', 1, 'append'), ('remark', 'said', 2, 'append');
        """

    private static let blurbs = """
        ALTER TABLE book ADD COLUMN blurb TEXT;
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES ('book', 'blurb', 10, 'lww');
        """
}
