-- Her sentence, the days on which she may leave prison before its end, what a visit costs.

CREATE TABLE sentence(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL CHECK(length(type) BETWEEN 1 AND 60),
  length_days INTEGER CHECK(length_days BETWEEN 0 AND 40000),
  length_band TEXT CHECK(length(length_band) <= 60),
  start_on TEXT CHECK(start_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  expiry_on TEXT CHECK(expiry_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  licence_conditions TEXT NOT NULL DEFAULT '' CHECK(length(licence_conditions) <= 4000),
  CHECK(start_on <= expiry_on)
) STRICT;
CREATE INDEX sentence_case ON sentence(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (80, 'sentence', 'case', 'case_id', 'OFFENCE', 'granted', 0, 'Sentence', 'What a court decided');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('sentence', 'case_id',            0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('sentence', 'type',               1, 'review', 'Type', 'Kind of sentence', 'sentence.type'),
  ('sentence', 'length_days',        1, 'review', 'Length', 'In days; twelve months are 365', NULL),
  ('sentence', 'length_band',        1, 'review', 'Band',
    'Figures of reoffending are published by it', 'sentence.length_band'),
  ('sentence', 'start_on',           2, 'review', 'From', 'The day from which it counts', NULL),
  ('sentence', 'expiry_on',          2, 'review', 'Expires on', 'The last day of the sentence, licence included', NULL),
  ('sentence', 'licence_conditions', 3, 'review', 'Licence conditions', 'Where she may live, whom she may see', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('sentence', 'length_days', 'days');

CREATE TABLE temporary_release(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT NOT NULL CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  outcome TEXT CHECK(length(outcome) <= 60),
  follows_id BLOB CHECK(length(follows_id) = 16),
  overnight_with_children INTEGER NOT NULL DEFAULT 0 CHECK(overnight_with_children IN (0, 1)),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX temporary_release_case ON temporary_release(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (81, 'temporary_release', 'case', 'case_id', 'CUSTODY', 'granted', 1, 'Temporary release',
    'A day or a night outside before release; home leave with her children is one');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('temporary_release', 'case_id',                 0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('temporary_release', 'kind',                    0, 'append', 'Kind', 'Under which rule', 'temporary_release.kind'),
  ('temporary_release', 'from_on',                 0, 'append', 'From', 'The day on which she leaves', NULL),
  ('temporary_release', 'to_on',                   0, 'append', 'To', 'The day on which she is back', NULL),
  ('temporary_release', 'outcome',                 0, 'append', 'Outcome',
    'What became of it; another row where it is known only later', 'temporary_release.outcome'),
  ('temporary_release', 'follows_id',              0, 'append', 'Follows', 'The row whose outcome this tells', NULL),
  ('temporary_release', 'overnight_with_children', 0, 'append', 'Night with her children',
    'Whether she spent a night with them', NULL),
  ('temporary_release', 'recorded_for_at',         0, 'append', 'When it happened',
    'May be long before it was typed', NULL),
  ('temporary_release', 'entered_at',              0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'temporary_release';
-- Some prisons are far: what a visit costs is part of what a home without a women's prison near it costs.
ALTER TABLE visit ADD COLUMN travel_cost_pence INTEGER CHECK(travel_cost_pence >= 0);
ALTER TABLE visit ADD COLUMN travel_metres INTEGER CHECK(travel_metres >= 0);
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('visit', 'travel_cost_pence', 4, 'review', 'Travel cost',     'In pence, there and back', NULL),
  ('visit', 'travel_metres',     5, 'lww',    'Travel distance', 'In metres, there and back', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('visit', 'travel_cost_pence', 'pence'),
  ('visit', 'travel_metres',     'metres');
