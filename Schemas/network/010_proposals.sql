-- What somebody else proposes to the present owner of a case.

-- An edit of a case that was kept because its author may not make it any more, or never might: the owner takes it or
-- leaves it. Only the hub writes these rows, and only the owner of the case holds them, who reads all of the case.
INSERT INTO ru_class(bit, code, label) VALUES (22, 'PROPOSAL', 'What others propose to the owner');
INSERT INTO tier_class(tier, class) VALUES ('T5', 'PROPOSAL');
CREATE TABLE edit_proposal(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL CHECK(length(tbl) BETWEEN 1 AND 60),
  row_id BLOB NOT NULL CHECK(length(row_id) = 16),
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 20),
  columns_json TEXT NOT NULL CHECK(length(columns_json) <= 10000),
  values_json TEXT NOT NULL CHECK(length(values_json) <= 200000),
  author_partner_id BLOB NOT NULL CHECK(length(author_partner_id) = 16),
  reason TEXT NOT NULL CHECK(length(reason) <= 40),
  written_at INTEGER NOT NULL,
  answer TEXT CHECK(length(answer) <= 500),
  state TEXT NOT NULL DEFAULT 'OPEN' CHECK(state IN ('OPEN', 'TAKEN', 'LEFT', 'SETTLED'))
) STRICT;
CREATE INDEX edit_proposal_case ON edit_proposal(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (29, 'edit_proposal', 'case', 'case_id', 'PROPOSAL', 'granted', 0, 'Proposal', 'An edit that waits for the owner');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('edit_proposal', 'case_id',           0, 'hub-only', 'Case',     'The case that this belongs to', NULL),
  ('edit_proposal', 'tbl',               0, 'hub-only', 'Table',    'Which table it would change', NULL),
  ('edit_proposal', 'row_id',            0, 'hub-only', 'Row',      'Which row of that table', NULL),
  ('edit_proposal', 'kind',              0, 'hub-only', 'Kind',     'create, set, delete and so on', NULL),
  ('edit_proposal', 'columns_json',      0, 'hub-only', 'Columns',  'JSON: their names', NULL),
  ('edit_proposal', 'values_json',       0, 'hub-only', 'Values',   'JSON: by column', NULL),
  ('edit_proposal', 'author_partner_id', 0, 'hub-only', 'From',     'Partner', NULL),
  ('edit_proposal', 'reason',            0, 'hub-only', 'Reason',   'Why it was not simply applied', NULL),
  ('edit_proposal', 'written_at',        0, 'hub-only', 'When it was typed', 'By the clock of whoever wrote it', NULL),
  ('edit_proposal', 'answer',            1, 'lww',      'Answer',   'The owner''s, in words', NULL),
  ('edit_proposal', 'state',             2, 'state',    'State',    'What the owner made of it', NULL);
INSERT INTO column_writer(tbl, col, relation) VALUES ('edit_proposal', 'answer', 'OWNER');
-- Two of the owner's devices answered differently: to leave it is the careful answer. What an operator decided stands.
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('edit_proposal', 'state', 'OPEN',    0, 0,  'Waits for the owner'),
  ('edit_proposal', 'state', 'TAKEN',   1, 0,  'Taken'),
  ('edit_proposal', 'state', 'LEFT',    1, 10, 'Left'),
  ('edit_proposal', 'state', 'SETTLED', 2, 0,  'Decided at the hub');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('edit_proposal', 'state', NULL,   'OPEN',    'HUB',   ''),
  ('edit_proposal', 'state', 'OPEN', 'TAKEN',   'OWNER', ''),
  ('edit_proposal', 'state', 'OPEN', 'LEFT',    'OWNER', 'with a reason'),
  ('edit_proposal', 'state', 'OPEN', 'TAKEN',   'HUB',   ''),
  ('edit_proposal', 'state', 'OPEN', 'LEFT',    'HUB',   ''),
  ('edit_proposal', 'state', 'OPEN', 'SETTLED', 'HUB',   'an operator decided first');
-- Names the one table in which the engine puts what the owner is to decide; its columns have the names above.
CREATE VIEW ru_proposal_table(tbl) AS SELECT 'edit_proposal';
