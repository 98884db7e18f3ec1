import ReUniteReplica

/// An archive: papers in rooms, some of them kept close. What a paper says of its own secrecy decides who reads it.
enum ClassNetwork {
    static let paper: UInt16 = 3
    /// The bits of the classes.
    static let stock: UInt64 = 1 << 0
    static let open: UInt64 = 1 << 4
    static let secret: UInt64 = 1 << 9
    static let vault: UInt64 = 1 << 30
    static let all = stock | open | secret | vault

    static let network = NetworkSchema(migrations: [.init(name: "archive", sql: sql)])

    private static let key = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16))"
    private static let room = "room_id BLOB NOT NULL CHECK(length(room_id) = 16)"

    private static let sql = """
        INSERT INTO ru_class(bit, code, label) VALUES
          (0, 'STOCK', ''), (4, 'OPEN', ''), (9, 'SECRET', ''), (30, 'VAULT', '');

        CREATE TABLE society(\(key), name TEXT NOT NULL) STRICT;
        CREATE TABLE member(\(key), \(room), society_id BLOB NOT NULL, reads INTEGER, writes INTEGER) STRICT;
        CREATE INDEX member_room ON member(room_id);
        CREATE TABLE paper(
          \(key), \(room), secrecy TEXT DEFAULT 'VAULT', title TEXT, body TEXT
        ) STRICT;
        CREATE INDEX paper_room ON paper(room_id);

        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, class_column, writer) VALUES
          (1, 'society', 'shared', NULL, 'STOCK', NULL, 'hub'),
          (2, 'member', 'case', 'room_id', 'STOCK', NULL, 'hub'),
          (3, 'paper', 'case', 'room_id', 'VAULT', 'secrecy', 'granted');
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('society', 'name', 0, 'lww'),
          ('member', 'room_id', 0, 'lww'), ('member', 'society_id', 1, 'lww'), ('member', 'reads', 2, 'lww'),
          ('member', 'writes', 2, 'lww'),
          ('paper', 'room_id', 0, 'lww'), ('paper', 'secrecy', 1, 'most-protective'), ('paper', 'title', 2, 'lww'),
          ('paper', 'body', 5, 'review');

        CREATE VIEW ru_protection(tbl, col, value, rank) AS VALUES
          ('paper', 'secrecy', 'OPEN', 0), ('paper', 'secrecy', 'SECRET', 1), ('paper', 'secrecy', 'VAULT', 2);
        CREATE VIEW ru_row_class(tbl, value, class) AS VALUES
          ('paper', 'OPEN', 'OPEN'), ('paper', 'SECRET', 'SECRET'), ('paper', 'VAULT', 'VAULT');
        CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
          SELECT society_id, room_id, 'OWNER', reads, writes, 'is a member' FROM member;
        INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('member', 'room_id');
        """
}
