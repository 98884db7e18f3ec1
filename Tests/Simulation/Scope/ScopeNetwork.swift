import ReUniteReplica
import ReUniteSchemas
import ReUniteSync

/// A network as small as the model of scope: folders that a team owns, and a table that says who else may read and write
/// which classes of one. So a grant opens, closes and changes by one row. Consent gates it: where somebody was asked, the
/// latest answer counts, and one that names an end counts until then.
enum ScopeNetwork {
    static let team: UInt16 = 1
    static let folder: UInt16 = 2
    static let access: UInt16 = 3
    static let item: UInt16 = 4
    static let need: UInt16 = 5
    static let risk: UInt16 = 6
    static let entry: UInt16 = 7
    static let consent: UInt16 = 8

    /// Every class. The first, the folder's own, is part of every grant.
    static let everything: UInt64 = 0b1111
    static let core: UInt64 = 1 << 1
    static let needs: UInt64 = 1 << 2
    static let risks: UInt64 = 1 << 3

    /// Whether this engine lets a row say of itself which class it has.
    static let hasRowClasses = Schemas.manifest.contains("class_column")
    /// The least protected first.
    static let secrecies = ["OPEN", "CLOSED", "SEALED"]

    static let network = NetworkSchema(
        migrations: [.init(name: "folders", sql: tables + (hasRowClasses ? rowClasses : ""))])

    private static let key = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16))"
    private static let place = "folder_id BLOB NOT NULL REFERENCES folder(id) DEFERRABLE INITIALLY DEFERRED"

    private static let tables = """
        INSERT INTO ru_class(bit, code, label) VALUES
          (0, 'FOLDER', 'The folder'), (1, 'CORE', 'Core'), (2, 'NEEDS', 'Needs'), (3, 'RISK', 'Risk');

        CREATE TABLE team(\(key), code TEXT NOT NULL, motto TEXT) STRICT;
        CREATE TABLE folder(\(key), owner BLOB NOT NULL, title TEXT) STRICT;
        CREATE INDEX folder_owner ON folder(owner);
        CREATE TABLE access(
          \(key), owner BLOB NOT NULL, folder BLOB NOT NULL, team BLOB NOT NULL, read_mask INTEGER NOT NULL,
          write_mask INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX access_folder ON access(folder);
        CREATE TABLE consent(
          \(key), owner BLOB NOT NULL, folder BLOB NOT NULL, team BLOB NOT NULL, decision TEXT NOT NULL,
          at_ms INTEGER NOT NULL, until_ms INTEGER
        ) STRICT;
        CREATE INDEX consent_folder ON consent(folder);
        CREATE TABLE item(
          \(key), \(place), label TEXT, body TEXT, uses INTEGER NOT NULL DEFAULT 0, secrecy TEXT NOT NULL DEFAULT 'OPEN'
        ) STRICT;
        CREATE INDEX item_folder ON item(folder_id);
        CREATE TABLE need(\(key), \(place), detail TEXT) STRICT;
        CREATE INDEX need_folder ON need(folder_id);
        CREATE TABLE risk(\(key), \(place), detail TEXT, advice TEXT) STRICT;
        CREATE INDEX risk_folder ON risk(folder_id);
        CREATE TABLE entry(\(key), \(place), said TEXT NOT NULL) STRICT;
        CREATE INDEX entry_folder ON entry(folder_id);

        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only) VALUES
          (1, 'team', 'shared', NULL, 'FOLDER', 'hub', 0),
          (2, 'folder', 'case', 'id', 'FOLDER', 'granted', 0),
          (3, 'access', 'partner', 'owner', 'FOLDER', 'granted', 0),
          (4, 'item', 'case', 'folder_id', 'CORE', 'granted', 0),
          (5, 'need', 'case', 'folder_id', 'NEEDS', 'granted', 0),
          (6, 'risk', 'case', 'folder_id', 'RISK', 'granted', 0),
          (7, 'entry', 'case', 'folder_id', 'CORE', 'granted', 1),
          (8, 'consent', 'partner', 'owner', 'FOLDER', 'granted', 1);
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('team', 'code', 0, 'lww'), ('team', 'motto', 1, 'lww'),
          ('folder', 'owner', 0, 'lww'), ('folder', 'title', 1, 'lww'),
          ('access', 'owner', 0, 'lww'), ('access', 'folder', 1, 'lww'), ('access', 'team', 2, 'lww'),
          ('access', 'read_mask', 3, 'lww'), ('access', 'write_mask', 4, 'lww'),
          ('item', 'folder_id', 0, 'lww'), ('item', 'label', 1, 'lww'), ('item', 'body', 2, 'review'),
          ('item', 'uses', 3, 'counter'), ('item', 'secrecy', 4, 'most-protective'),
          ('need', 'folder_id', 0, 'lww'), ('need', 'detail', 1, 'review'),
          ('risk', 'folder_id', 0, 'lww'), ('risk', 'detail', 1, 'lww'), ('risk', 'advice', 5, 'review'),
          ('entry', 'folder_id', 0, 'append'), ('entry', 'said', 1, 'append'),
          ('consent', 'owner', 0, 'append'), ('consent', 'folder', 0, 'append'), ('consent', 'team', 0, 'append'),
          ('consent', 'decision', 0, 'append'), ('consent', 'at_ms', 0, 'append'), ('consent', 'until_ms', 0, 'append');

        CREATE VIEW ru_protection(tbl, col, value, rank) AS VALUES
          ('item', 'secrecy', 'OPEN', 0), ('item', 'secrecy', 'CLOSED', 1), ('item', 'secrecy', 'SEALED', 2);
        CREATE VIEW consent_missing(folder, team) AS
          SELECT k.folder, k.team FROM consent k CROSS JOIN ru_now n
          WHERE (k.decision = 'WITHDRAWN' OR k.until_ms <= n.ms) AND NOT EXISTS (
            SELECT 1 FROM consent l WHERE l.folder = k.folder AND l.team = k.team AND (l.at_ms, l.id) > (k.at_ms, k.id));
        CREATE VIEW ru_timed_scope(scope) AS SELECT DISTINCT folder FROM consent WHERE until_ms IS NOT NULL;
        CREATE VIEW ru_duty(subject, duty, step, tbl, key, col, value) AS
          SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE 0;
        CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
          SELECT id, id, 'OWNER', 15, 15, 'its own' FROM team
          UNION ALL SELECT owner, id, 'OWNER', 15, 15, 'its folder' FROM folder
          UNION ALL SELECT a.team, a.folder, 'GUEST', a.read_mask, a.write_mask, 'let in' FROM access a
            WHERE a.read_mask <> 0 AND NOT EXISTS (
              SELECT 1 FROM consent_missing m WHERE m.folder = a.folder AND m.team = a.team);
        INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES
          ('team', 'id'), ('folder', 'id'), ('access', 'folder'), ('consent', 'folder');

        """

    /// An open item is of the core; a closed one counts as a need; a sealed one, and any other, as a risk.
    private static let rowClasses = """
        UPDATE ru_table SET class_column = 'secrecy', class = 'RISK' WHERE name = 'item';
        CREATE VIEW ru_row_class(tbl, value, class) AS VALUES
          ('item', 'OPEN', 'CORE'), ('item', 'CLOSED', 'NEEDS'), ('item', 'SEALED', 'RISK');

        """

    /// The class of a row, as one bit: worked out here and not by the engine.
    static func bit(_ table: TableDescription, _ values: [Value]) -> UInt64 {
        guard hasRowClasses, table.number == item,
            let place = table.columns.firstIndex(where: { $0.name == "secrecy" }), values.indices.contains(place)
        else { return 1 << UInt64(table.disclosureClass) }
        switch values[place] {
        case .text("OPEN"): return core
        case .text("CLOSED"): return needs
        default: return risks
        }
    }

    /// The tables in which people write words, and the columns in which they do.
    static let texts: [UInt16: [(column: String, group: UInt8)]] = [
        folder: [("title", 1)], item: [("label", 1), ("body", 2)], need: [("detail", 1)],
        risk: [("detail", 1), ("advice", 5)], entry: [("said", 1)],
    ]
    static let names: [UInt16: String] = [
        team: "team", folder: "folder", access: "access", item: "item", need: "need", risk: "risk", entry: "entry",
        consent: "consent",
    ]
}
