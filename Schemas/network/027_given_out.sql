-- What leaves the network's own files: figures that were published, and rows that somebody wrote into a file.

-- The network's figures as they went out. What was published once stays as it was; a correction is a revision with the
-- next number, which says why. Everyone reads them: they are public.
CREATE TABLE publication(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  quarter TEXT NOT NULL CHECK(quarter GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  revision INTEGER NOT NULL CHECK(revision BETWEEN 1 AND 1000),
  figures TEXT NOT NULL CHECK(length(figures) <= 200000),
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  reason TEXT NOT NULL DEFAULT '' CHECK(length(reason) <= 2000),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX publication_quarter ON publication(quarter, revision);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (68, 'publication', 'shared', NULL, 'REFERENCE', 'hub', 1, 'Published figures',
    'The network''s figures of a quarter as they were published, small numbers hidden');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('publication', 'quarter',         0, 'append', 'Quarter', 'Its last day: as at which day was counted', NULL),
  ('publication', 'revision',        0, 'append', 'Revision', '1 is the first; a later one takes its place', NULL),
  ('publication', 'figures',         0, 'append', 'Figures', 'JSON, UTF-8, keys in order', NULL),
  ('publication', 'sha256',          0, 'append', 'SHA-256', 'Of the bytes of figures', NULL),
  ('publication', 'reason',          0, 'append', 'Because', 'Why there is a revision', NULL),
  ('publication', 'recorded_for_at', 0, 'append', 'Published', 'When it went out', NULL),
  ('publication', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('publication', 'revision', 'quarter,revision', 'A quarter was published twice');

-- A file with rows of a table was written here: which table, how many rows, by whom. Never what was in it.
CREATE TABLE data_export(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  staff_id BLOB CHECK(length(staff_id) = 16),
  device_id BLOB CHECK(length(device_id) = 16),
  what TEXT NOT NULL CHECK(length(what) BETWEEN 1 AND 60),
  rows INTEGER NOT NULL CHECK(rows >= 0),
  withheld INTEGER NOT NULL DEFAULT 0 CHECK(withheld >= 0),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX data_export_partner ON data_export(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (69, 'data_export', 'partner', 'partner_id', 'PARTNER', 'granted', 1, 'Export',
    'That rows of a table were written into a file: the partner and the hub can see it');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('data_export', 'partner_id',      0, 'append', 'Partner', 'Whose device it was', NULL),
  ('data_export', 'staff_id',        0, 'append', 'By', 'Who was signed in; empty where nobody was', NULL),
  ('data_export', 'device_id',       0, 'append', 'Device', 'On which machine', NULL),
  ('data_export', 'what',            0, 'append', 'What', 'The table, or the report', NULL),
  ('data_export', 'rows',            0, 'append', 'Rows', 'How many are in the file', NULL),
  ('data_export', 'withheld',        0, 'append', 'Left out', 'How many may be shown on a case''s own page only', NULL),
  ('data_export', 'recorded_for_at', 0, 'append', 'When it happened', 'The moment of writing the file', NULL),
  ('data_export', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name IN ('publication', 'data_export');
