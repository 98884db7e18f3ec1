import ReUniteReplica
import ReUniteSync

/// A network of its own that declares every merge policy once: two offices share one centre.
enum PolicyNetwork {
    static let network = NetworkSchema(migrations: [.init(name: "centre", sql: sql)])

    private static let key = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16))"
    private static let centre = "centre_id BLOB NOT NULL CHECK(length(centre_id) = 16)"

    private static let sql = """
        INSERT INTO ru_class(bit, code, label) VALUES (0, 'ALL', 'Everything');

        CREATE TABLE office(\(key), relation TEXT NOT NULL) STRICT;
        CREATE TABLE centre(\(key), name TEXT NOT NULL) STRICT;
        CREATE TABLE tally(
          \(key), \(centre), visits INTEGER NOT NULL DEFAULT 0 CHECK(visits BETWEEN 0 AND 1000), calls INTEGER,
          label TEXT
        ) STRICT;
        CREATE TABLE risk(\(key), \(centre), level TEXT, refuge INTEGER NOT NULL DEFAULT 0, note TEXT) STRICT;
        CREATE TABLE tag(\(key), \(centre), word TEXT NOT NULL) STRICT;
        CREATE TABLE link(\(key), \(centre), word TEXT NOT NULL) STRICT;
        CREATE TABLE booking(
          \(key), \(centre), home TEXT, from_on TEXT, to_on TEXT, status TEXT NOT NULL DEFAULT 'REQUESTED', note TEXT
        ) STRICT;
        CREATE INDEX booking_home ON booking(home);
        CREATE TABLE plan(
          \(key), \(centre), reference TEXT, grade INTEGER NOT NULL DEFAULT 3, aim TEXT, note TEXT
        ) STRICT;
        CREATE TABLE stay(
          \(key), \(centre),
          state TEXT NOT NULL DEFAULT 'ASKED' CHECK(state IN ('ASKED', 'WAITLISTED', 'OFFERED', 'MOVED_IN', 'CLOSED'))
        ) STRICT;

        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only) VALUES
          (1, 'office', 'shared', NULL, 'ALL', 'hub', 0),
          (2, 'centre', 'partner', 'id', 'ALL', 'granted', 0),
          (3, 'tally', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (4, 'risk', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (5, 'tag', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (6, 'link', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (7, 'booking', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (8, 'plan', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (9, 'stay', 'partner', 'centre_id', 'ALL', 'granted', 0);
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('office', 'relation', 0, 'lww'), ('centre', 'name', 0, 'lww'),
          ('tally', 'centre_id', 0, 'lww'), ('tally', 'visits', 1, 'counter'), ('tally', 'calls', 2, 'counter'),
          ('tally', 'label', 3, 'lww'),
          ('risk', 'centre_id', 0, 'lww'), ('risk', 'level', 1, 'most-protective'),
          ('risk', 'refuge', 2, 'most-protective'), ('risk', 'note', 3, 'lww'),
          ('tag', 'centre_id', 0, 'set'), ('tag', 'word', 1, 'set'),
          ('link', 'centre_id', 0, 'set'), ('link', 'word', 1, 'set'),
          ('booking', 'centre_id', 0, 'lww'), ('booking', 'home', 1, 'alloc'), ('booking', 'from_on', 1, 'alloc'),
          ('booking', 'to_on', 1, 'alloc'), ('booking', 'status', 1, 'alloc'), ('booking', 'note', 2, 'lww'),
          ('plan', 'centre_id', 0, 'lww'), ('plan', 'reference', 1, 'hub-only'), ('plan', 'grade', 2, 'hub-only'),
          ('plan', 'aim', 3, 'owner-only'), ('plan', 'note', 4, 'review'),
          ('stay', 'centre_id', 0, 'lww'), ('stay', 'state', 1, 'state');

        CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
          SELECT o.id, c.id, o.relation, 1, 1, 'works there' FROM office o, centre c;
        INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('centre', 'id');

        CREATE VIEW ru_protection(tbl, col, value, rank) AS VALUES
          ('risk', 'level', 'LOW', 1), ('risk', 'level', 'MEDIUM', 2), ('risk', 'level', 'HIGH', 3),
          ('risk', 'level', NULL, 0), ('risk', 'refuge', '0', 0), ('risk', 'refuge', '1', 1);
        CREATE VIEW ru_column_writer(tbl, col, relation) AS VALUES ('link', 'word', 'HUB');
        CREATE VIEW ru_allocation(tbl, unit_col, from_col, to_col, status_col, grp) AS VALUES
          ('booking', 'home', 'from_on', 'to_on', 'status', 1);
        CREATE VIEW ru_allocation_state(tbl, value, kind) AS VALUES
          ('booking', 'REQUESTED', 'REQUEST'), ('booking', 'CONFIRMED', 'HOLDS'), ('booking', 'MOVED_IN', 'HOLDS'),
          ('booking', 'REFUSED', 'REFUSED'), ('booking', 'RELEASED', 'RELEASED');
        CREATE VIEW ru_state(tbl, col, value, closed, rank, label) AS VALUES
          ('stay', 'state', 'ASKED', 0, 0, ''), ('stay', 'state', 'WAITLISTED', 0, 10, ''),
          ('stay', 'state', 'OFFERED', 0, 20, ''), ('stay', 'state', 'MOVED_IN', 0, 30, ''),
          ('stay', 'state', 'CLOSED', 1, 0, '');
        CREATE VIEW ru_transition(tbl, col, from_value, to_value, relation) AS
          SELECT 'stay', 'state', a.value, b.value, r.relation
          FROM (SELECT value, rank, closed FROM ru_state) a, (SELECT value, rank FROM ru_state) b,
            (SELECT 'OWNER' AS relation UNION ALL SELECT 'SENDER') r
          WHERE a.value <> b.value AND a.closed = 0
          UNION ALL SELECT 'stay', 'state', NULL, 'ASKED', 'OWNER';
        """
}
