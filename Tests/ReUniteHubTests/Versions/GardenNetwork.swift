import ReUniteReplica

/// Allotment gardens, at three versions of their schema: columns, tables, a class and codes come; nothing ever goes.
enum GardenNetwork {
    static let plot: UInt16 = 3
    static let bed: UInt16 = 9
    static let grave: UInt16 = 10
    /// The bits of the classes: what every member reads, and what comes with version 3.
    static let open: UInt64 = 1 << 0
    static let quiet: UInt64 = 1 << 5

    /// The network as it was at a version.
    static func at(_ version: Int) -> NetworkSchema {
        let all = [("garden", first), ("soil", second), ("beds", third)]
        return NetworkSchema(
            migrations: all.prefix(version).map { .init(name: $0.0, sql: $0.1) },
            reference: "INSERT INTO crop(id, name) VALUES "
                + crops.prefix(version + 1).map { "(\($0.id), '\($0.name)')" }.joined(separator: ", "))
    }

    private static let crops: [(id: String, name: String)] = ["Kale", "Beans", "Leek", "Quince"].enumerated().map {
        ("x'0000000400018000800000000000000\($0.offset)'", $0.element)
    }

    private static let key = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16))"
    private static let room = "room_id BLOB NOT NULL CHECK(length(room_id) = 16)"

    private static let first = """
        INSERT INTO ru_class(bit, code, label) VALUES (0, 'OPEN', 'Open');

        CREATE TABLE society(\(key), name TEXT NOT NULL) STRICT;
        CREATE TABLE member(\(key), \(room), society_id BLOB NOT NULL, reads INTEGER) STRICT;
        CREATE TABLE plot(
          \(key), \(room), name TEXT NOT NULL, note TEXT, visits INTEGER NOT NULL DEFAULT 0,
          stage TEXT NOT NULL DEFAULT 'WILD' CHECK(stage IN ('WILD', 'DUG', 'SOWN', 'DONE'))
        ) STRICT;
        CREATE INDEX plot_room ON plot(room_id);
        CREATE TABLE crop(\(key), name TEXT NOT NULL) STRICT;
        CREATE TABLE tag(\(key), \(room), word TEXT NOT NULL) STRICT;

        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, label) VALUES
          (1, 'society', 'shared', NULL, 'OPEN', 'hub', ''),
          (2, 'member', 'case', 'room_id', 'OPEN', 'hub', ''),
          (3, 'plot', 'case', 'room_id', 'OPEN', 'granted', 'Plot'),
          (4, 'crop', 'shared', NULL, 'OPEN', 'hub', 'Crop'),
          (5, 'tag', 'case', 'room_id', 'OPEN', 'granted', 'Tag');
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('society', 'name', 0, 'lww'),
          ('member', 'room_id', 0, 'lww'), ('member', 'society_id', 1, 'lww'), ('member', 'reads', 2, 'lww'),
          ('plot', 'room_id', 0, 'lww'), ('plot', 'name', 1, 'lww'), ('plot', 'note', 2, 'review'),
          ('plot', 'visits', 3, 'counter'), ('plot', 'stage', 4, 'state'),
          ('crop', 'name', 0, 'lww'), ('tag', 'room_id', 0, 'set'), ('tag', 'word', 1, 'set');

        CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
          SELECT society_id, room_id, 'OWNER', reads, reads, 'is a member' FROM member;
        INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('member', 'room_id');
        CREATE VIEW ru_state(tbl, col, value, closed, rank, label) AS VALUES
          ('plot', 'stage', 'WILD', 0, 0, ''), ('plot', 'stage', 'DUG', 0, 10, ''),
          ('plot', 'stage', 'SOWN', 0, 20, ''), ('plot', 'stage', 'DONE', 1, 0, '');
        """

    private static let second = """
        ALTER TABLE plot ADD COLUMN soil TEXT;
        ALTER TABLE plot ADD COLUMN size INTEGER NOT NULL DEFAULT 7;
        ALTER TABLE tag ADD COLUMN colour TEXT DEFAULT 'green';
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('plot', 'size', 8, 'lww'), ('plot', 'soil', 7, 'review'), ('tag', 'colour', 2, 'set');
        UPDATE ru_table SET label = 'Allotment' WHERE name = 'plot';
        """

    private static let third = """
        INSERT INTO ru_class(bit, code, label) VALUES (5, 'QUIET', 'Quiet');
        ALTER TABLE plot ADD COLUMN sun TEXT DEFAULT 'half';
        CREATE TABLE bed(\(key), \(room), plot_id BLOB, words TEXT, depth INTEGER NOT NULL DEFAULT 3) STRICT;
        CREATE INDEX bed_room ON bed(room_id);
        CREATE TABLE grave(\(key), \(room), pet TEXT NOT NULL) STRICT;
        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, label) VALUES
          (9, 'bed', 'case', 'room_id', 'OPEN', 'granted', 'Bed'),
          (10, 'grave', 'case', 'room_id', 'QUIET', 'granted', 'Grave');
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('plot', 'sun', 9, 'lww'),
          ('bed', 'room_id', 0, 'lww'), ('bed', 'plot_id', 4, 'lww'), ('bed', 'words', 1, 'review'),
          ('bed', 'depth', 2, 'lww'),
          ('grave', 'room_id', 0, 'lww'), ('grave', 'pet', 1, 'lww');
        DROP VIEW ru_grant_source;
        CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
          SELECT society_id, room_id, 'OWNER', reads | (reads & 1) * 32, reads | (reads & 1) * 32, 'is a member'
          FROM member WHERE reads <> 2
          UNION ALL SELECT society_id, room_id, 'OWNER', 1, 1, 'is a member' FROM member WHERE reads = 2;
        """
}
