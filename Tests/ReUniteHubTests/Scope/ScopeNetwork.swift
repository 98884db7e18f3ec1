import ReUniteReplica
import ReUniteSync

/// A network of its own whose hub has duties, and whose grants end: two offices share one centre.
enum ScopeNetwork {
    static let network = NetworkSchema(migrations: [.init(name: "centre", sql: sql)])

    private static let key = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16))"
    private static let centre = "centre_id BLOB NOT NULL CHECK(length(centre_id) = 16)"

    private static let sql = """
        INSERT INTO ru_class(bit, code, label) VALUES (0, 'ALL', 'Everything'), (1, 'OWN', 'What the owner reads');

        CREATE TABLE office(
          \(key), relation TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1, until_ms INTEGER,
          strict INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE centre(\(key), name TEXT NOT NULL) STRICT;
        CREATE TABLE job(
          \(key), \(centre), label TEXT NOT NULL DEFAULT '', due_ms INTEGER,
          state TEXT NOT NULL DEFAULT 'ASKED' CHECK(state IN ('ASKED', 'SEEN', 'DONE', 'EXPIRED', 'HELD'))
        ) STRICT;
        CREATE INDEX job_centre ON job(centre_id);
        CREATE TABLE result(
          \(key), \(centre), job_id BLOB NOT NULL, word TEXT NOT NULL DEFAULT 'well done', devices INTEGER
        ) STRICT;
        CREATE TABLE remark(\(key), \(centre), said TEXT NOT NULL) STRICT;
        CREATE TABLE plan(\(key), \(centre), aim TEXT) STRICT;
        CREATE TABLE item(
          \(key), \(centre), plan_id BLOB NOT NULL REFERENCES plan(id) DEFERRABLE INITIALLY DEFERRED, what TEXT
        ) STRICT;
        CREATE INDEX item_plan ON item(plan_id);
        CREATE TABLE leaver(\(key), left_at INTEGER NOT NULL) STRICT;
        CREATE TABLE proposal(
          \(key), \(centre), tbl TEXT NOT NULL, row_id BLOB NOT NULL, kind TEXT NOT NULL, columns_json TEXT NOT NULL,
          values_json TEXT NOT NULL, author_partner_id BLOB NOT NULL, reason TEXT NOT NULL, written_at INTEGER NOT NULL,
          answer TEXT, state TEXT NOT NULL DEFAULT 'OPEN' CHECK(state IN ('OPEN', 'TAKEN', 'LEFT', 'SETTLED'))
        ) STRICT;

        INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only) VALUES
          (1, 'office', 'shared', NULL, 'ALL', 'hub', 0),
          (2, 'centre', 'partner', 'id', 'ALL', 'granted', 0),
          (3, 'job', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (4, 'result', 'partner', 'centre_id', 'ALL', 'hub', 1),
          (5, 'remark', 'partner', 'centre_id', 'ALL', 'granted', 1),
          (6, 'plan', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (7, 'item', 'partner', 'centre_id', 'ALL', 'granted', 0),
          (8, 'leaver', 'shared', NULL, 'ALL', 'hub', 0),
          (9, 'proposal', 'partner', 'centre_id', 'OWN', 'granted', 0);
        INSERT INTO ru_column(tbl, name, grp, policy) VALUES
          ('office', 'relation', 0, 'lww'), ('office', 'active', 1, 'lww'), ('office', 'until_ms', 2, 'lww'),
          ('office', 'strict', 3, 'lww'),
          ('centre', 'name', 0, 'lww'),
          ('job', 'centre_id', 0, 'lww'), ('job', 'label', 1, 'review'), ('job', 'due_ms', 2, 'lww'),
          ('job', 'state', 3, 'state'),
          ('result', 'centre_id', 0, 'append'), ('result', 'job_id', 0, 'append'), ('result', 'word', 0, 'append'),
          ('result', 'devices', 0, 'append'),
          ('remark', 'centre_id', 0, 'append'), ('remark', 'said', 0, 'append'),
          ('plan', 'centre_id', 0, 'lww'), ('plan', 'aim', 1, 'lww'),
          ('item', 'centre_id', 0, 'lww'), ('item', 'plan_id', 0, 'lww'), ('item', 'what', 1, 'lww'),
          ('leaver', 'left_at', 0, 'lww'),
          ('proposal', 'centre_id', 0, 'hub-only'), ('proposal', 'tbl', 0, 'hub-only'),
          ('proposal', 'row_id', 0, 'hub-only'), ('proposal', 'kind', 0, 'hub-only'),
          ('proposal', 'columns_json', 0, 'hub-only'), ('proposal', 'values_json', 0, 'hub-only'),
          ('proposal', 'author_partner_id', 0, 'hub-only'), ('proposal', 'reason', 0, 'hub-only'),
          ('proposal', 'written_at', 0, 'hub-only'), ('proposal', 'answer', 1, 'lww'),
          ('proposal', 'state', 2, 'state');

        CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
          SELECT o.id, c.id, o.relation, CASE o.relation WHEN 'OWNER' THEN 3 ELSE 1 END,
            CASE o.relation WHEN 'OWNER' THEN 3 ELSE 1 END, 'works there'
          FROM office o, centre c
          WHERE o.active = 1 AND (o.until_ms IS NULL OR o.until_ms > (SELECT ms FROM ru_now));
        INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('centre', 'id'), ('office', 'id'), ('job', 'centre_id');
        CREATE VIEW ru_grant_reach(tbl, key, scope) AS SELECT 'office', o.id, c.id FROM office o, centre c;
        CREATE VIEW ru_timed_scope(scope) AS SELECT c.id FROM centre c, office o WHERE o.until_ms IS NOT NULL;
        CREATE VIEW ru_strict_closing(scope, partner) AS SELECT c.id, o.id FROM office o, centre c WHERE o.strict = 1;
        CREATE VIEW ru_author_until(author, until_ms) AS SELECT id, left_at FROM leaver;
        CREATE VIEW ru_proposal_table(tbl) AS SELECT 'proposal';

        CREATE VIEW ru_state(tbl, col, value, closed, rank, label) AS VALUES
          ('job', 'state', 'ASKED', 0, 0, ''), ('job', 'state', 'HELD', 0, 5, ''), ('job', 'state', 'SEEN', 0, 10, ''),
          ('job', 'state', 'DONE', 0, 20, ''), ('job', 'state', 'EXPIRED', 1, 0, ''),
          ('proposal', 'state', 'OPEN', 0, 0, ''), ('proposal', 'state', 'TAKEN', 1, 0, ''),
          ('proposal', 'state', 'LEFT', 1, 10, ''), ('proposal', 'state', 'SETTLED', 2, 0, '');
        CREATE VIEW ru_transition(tbl, col, from_value, to_value, relation) AS VALUES
          ('job', 'state', NULL, 'ASKED', 'OWNER'), ('job', 'state', 'ASKED', 'HELD', 'OWNER'),
          ('job', 'state', 'HELD', 'ASKED', 'OWNER'), ('job', 'state', 'HELD', 'DONE', 'OWNER'),
          ('job', 'state', 'ASKED', 'SEEN', 'HUB'), ('job', 'state', 'SEEN', 'DONE', 'HUB'),
          ('job', 'state', 'ASKED', 'EXPIRED', 'HUB'),
          ('proposal', 'state', NULL, 'OPEN', 'HUB'), ('proposal', 'state', 'OPEN', 'TAKEN', 'OWNER'),
          ('proposal', 'state', 'OPEN', 'LEFT', 'OWNER'), ('proposal', 'state', 'OPEN', 'SETTLED', 'HUB');

        -- A job that the guest's office has seen is answered: its state, and a row of its own that names the job.
        CREATE VIEW ru_duty(subject, duty, step, tbl, key, col, value) AS
          SELECT j.centre_id, 'see', 1, 'job', j.id, 'state', 'SEEN' FROM job j, office o
          WHERE j.state = 'ASKED' AND j.label = 'ASK' AND o.relation = 'SENDER'
            AND EXISTS (SELECT 1 FROM ru_seen s WHERE s.tbl = 'job' AND s.key = j.id AND s.partner = o.id)
        UNION ALL
          SELECT j.centre_id, 'answer', l.step, l.tbl, CASE l.tbl WHEN 'job' THEN j.id END, l.col,
            CASE l.col WHEN 'state' THEN 'DONE' WHEN 'centre_id' THEN j.centre_id WHEN 'job_id' THEN j.id
              ELSE (SELECT count(*) FROM ru_device d WHERE d.state = 'enrolled') END
          FROM job j CROSS JOIN (
            SELECT 1 AS step, 'result' AS tbl, 'centre_id' AS col UNION ALL SELECT 1, 'result', 'job_id'
            UNION ALL SELECT 1, 'result', 'devices' UNION ALL SELECT 2, 'job', 'state') l
          WHERE j.state = 'SEEN'
        UNION ALL
          SELECT j.centre_id, 'expire', 1, 'job', j.id, 'state', 'EXPIRED' FROM job j
          WHERE j.state = 'ASKED' AND j.due_ms <= (SELECT ms FROM ru_now) AND j.due_ms > 7
        UNION ALL
          -- Wrong rules: one changes a label and then takes a step that does not exist; one never ends; one says what
          -- is so already.
          SELECT j.centre_id, 'wrong', s.step, 'job', j.id, s.col, s.value
          FROM job j CROSS JOIN (SELECT 1 AS step, 'label' AS col, 'half done' AS value
            UNION ALL SELECT 2, 'state', 'HELD') s
          WHERE j.label = 'WRONG'
        UNION ALL
          SELECT j.centre_id, 'endless', 1, 'job', j.id, 'label', CASE j.label WHEN 'PING' THEN 'PONG' ELSE 'PING' END
          FROM job j WHERE j.label IN ('PING', 'PONG')
        UNION ALL
          SELECT j.centre_id, 'idle', 1, 'job', j.id, 'label', 'IDLE' FROM job j WHERE j.label = 'IDLE'
        UNION ALL
          -- Waits for a conflict to be decided.
          SELECT j.centre_id, 'settle', 1, 'job', j.id, 'state', 'EXPIRED' FROM job j
          WHERE j.state = 'ASKED' AND j.due_ms = 7 AND NOT EXISTS (
            SELECT 1 FROM ru_open_conflict c WHERE c.scope = j.centre_id AND c.tbl = 'job' AND c.key = j.id
              AND c.col = 'label');

        CREATE VIEW ru_guard(tbl, col, key, to_value, why) AS
          SELECT 'job', 'state', id, 'DONE', 'It is held.' FROM job WHERE label = 'HOLD'
        UNION ALL SELECT 'job', 'state', id, 'ASKED', 'Nobody asks for nothing.' FROM job WHERE label = 'NOTHING';
        """
}
