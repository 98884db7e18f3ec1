-- What is done about her needs: goals, actions, the kind of support, how she says it goes.

-- Sections of a category of need; other agencies name the same things otherwise, and `code_map` says how.
UPDATE ru_column SET code_list = 'need.section' WHERE tbl = 'need' AND name = 'section';
CREATE TABLE code_map(
  list TEXT NOT NULL,
  code TEXT NOT NULL,
  other_list TEXT NOT NULL,
  other_code TEXT NOT NULL,
  PRIMARY KEY(list, code, other_list, other_code)
) STRICT, WITHOUT ROWID;
INSERT INTO code_map(list, code, other_list, other_code) VALUES
  ('need.category', 'ACCOMMODATION',                'need.intervention', 'ACCOMMODATION'),
  ('need.category', 'ATTITUDES_THINKING_BEHAVIOUR', 'need.intervention', 'LIFESTYLE_ASSOCIATES'),
  ('need.category', 'CHILDREN_FAMILIES_COMMUNITY',  'need.intervention', 'FAMILY_SIGNIFICANT_OTHERS'),
  ('need.category', 'CHILDREN_FAMILIES_COMMUNITY',  'need.intervention', 'SOCIAL_INCLUSION'),
  ('need.category', 'DRUGS_ALCOHOL',                'need.intervention', 'DEPENDENCY_RECOVERY'),
  ('need.category', 'EDUCATION_SKILLS_WORK',        'need.intervention', 'ETE'),
  ('need.category', 'FINANCE_ID',                   'need.intervention', 'FINANCE_BENEFIT_DEBT'),
  ('need.category', 'HEALTH',                       'need.intervention', 'EMOTIONAL_WELLBEING'),
  ('need.category', 'WOMENS_SPECIFIC',              'need.intervention', 'WOMENS_SPECIFIC');

CREATE TABLE goal(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  area TEXT CHECK(length(area) <= 60),
  text TEXT NOT NULL CHECK(length(text) BETWEEN 1 AND 1000),
  set_on TEXT NOT NULL DEFAULT (date('now')) CHECK(set_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  target_on TEXT CHECK(target_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  status TEXT NOT NULL DEFAULT 'OPEN' CHECK(status IN ('OPEN', 'REACHED', 'GIVEN_UP'))
) STRICT;
CREATE INDEX goal_case ON goal(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (86, 'goal', 'case', 'case_id', 'NEEDS', 'granted', 0, 'Goal', 'What she wants to reach, in her own words');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('goal', 'case_id',   0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('goal', 'area',      1, 'lww',    'Area', 'What it is about', 'support_action.area'),
  ('goal', 'text',      2, 'review', 'Goal', 'In her own words', NULL),
  ('goal', 'set_on',    3, 'lww',    'Set on', 'The day', NULL),
  ('goal', 'target_on', 3, 'lww',    'By', 'When she wants to have reached it', NULL),
  ('goal', 'status',    4, 'state',  'Status', 'Open, reached or given up', NULL);
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('goal', 'status', 'OPEN',     0, 0,  'Open'),
  ('goal', 'status', 'REACHED',  0, 10, 'Reached'),
  ('goal', 'status', 'GIVEN_UP', 0, 20, 'Given up');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation)
  SELECT a.tbl, a.col, a.value, b.value, r.relation
  FROM workflow_state a JOIN workflow_state b USING (tbl, col)
  JOIN (SELECT 'OWNER' AS relation UNION ALL SELECT 'RECEIVER') r
  WHERE a.tbl = 'goal' AND a.col = 'status' AND a.value <> b.value;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation)
  SELECT s.tbl, s.col, NULL, s.value, r.relation
  FROM workflow_state s JOIN (SELECT 'OWNER' AS relation UNION ALL SELECT 'RECEIVER') r
  WHERE s.tbl = 'goal' AND s.col = 'status';

CREATE TABLE support_action(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  need_id BLOB CHECK(length(need_id) = 16),
  goal_id BLOB CHECK(length(goal_id) = 16),
  area TEXT CHECK(length(area) <= 60),
  text TEXT NOT NULL CHECK(length(text) BETWEEN 1 AND 1000),
  owner TEXT CHECK(length(owner) <= 100),
  due_on TEXT CHECK(due_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  done_on TEXT CHECK(done_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX support_action_case ON support_action(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (87, 'support_action', 'case', 'case_id', 'NEEDS', 'granted', 0, 'Action',
    'One step of the plan: who does what by when');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('support_action', 'case_id', 0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('support_action', 'need_id', 0, 'lww',    'Need', 'The need that it meets', NULL),
  ('support_action', 'goal_id', 0, 'lww',    'Goal', 'The goal that it serves', NULL),
  ('support_action', 'area',    1, 'lww',    'Area', 'What it is about', 'support_action.area'),
  ('support_action', 'text',    1, 'lww',    'What', 'In a line', NULL),
  ('support_action', 'owner',   2, 'lww',    'Who', 'The woman, a worker, a mentor, an agency', NULL),
  ('support_action', 'due_on',  2, 'lww',    'By', 'The last day', NULL),
  ('support_action', 'done_on', 3, 'review', 'Done on', 'Empty while it is not done', NULL);

-- Floating support has no home of the programme: there is no row of `occupancy` with it.
CREATE TABLE support_package(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL CHECK(length(type) BETWEEN 1 AND 60),
  strand TEXT CHECK(length(strand) <= 60),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  women INTEGER NOT NULL DEFAULT 1 CHECK(women BETWEEN 0 AND 1),
  children INTEGER NOT NULL DEFAULT 0 CHECK(children BETWEEN 0 AND 20),
  end_reason TEXT CHECK(length(end_reason) <= 60),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX support_package_case ON support_package(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (88, 'support_package', 'case', 'case_id', 'NEEDS', 'granted', 0, 'Support',
    'In a home of the programme, or wherever she lives (floating)');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('support_package', 'case_id',    0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('support_package', 'type',       1, 'review', 'Type', 'With a home, or floating', 'support_package.type'),
  ('support_package', 'strand',     1, 'review', 'Strand',
    'Mothers alone for now, or mothers with their children', 'support_package.strand'),
  ('support_package', 'from_on',    2, 'review', 'From', 'The first day', NULL),
  ('support_package', 'to_on',      2, 'review', 'Until', 'The last day; empty while it lasts', NULL),
  ('support_package', 'women',      3, 'lww',    'Women', 'One, or none where the children alone are supported', NULL),
  ('support_package', 'children',   3, 'lww',    'Children', 'How many of her children it is for', NULL),
  ('support_package', 'end_reason', 2, 'review', 'Ended because', 'Empty while it lasts', 'case_file.close_reason');
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('support_package', 'women', 'people'),
  ('support_package', 'children', 'children');

CREATE TABLE progress_reading(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  scale_code TEXT NOT NULL DEFAULT 'REUNITE_10' CHECK(length(scale_code) BETWEEN 1 AND 60),
  domain TEXT NOT NULL CHECK(length(domain) BETWEEN 1 AND 60),
  value INTEGER NOT NULL CHECK(value BETWEEN 1 AND 10),
  taken_on TEXT NOT NULL DEFAULT (date('now')) CHECK(taken_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX progress_reading_case ON progress_reading(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (89, 'progress_reading', 'case', 'case_id', 'NEEDS', 'granted', 1, 'Progress',
    'How she says it goes, from one to ten, on a scale of the network''s own');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('progress_reading', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('progress_reading', 'scale_code',      0, 'append', 'Scale',
    'Scores of a licensed tool keep its name here; its texts are not stored', 'progress_reading.scale'),
  ('progress_reading', 'domain',          0, 'append', 'About', 'Which part of life', 'progress_reading.domain'),
  ('progress_reading', 'value',           0, 'append', 'Value', 'One: very bad; ten: very good', NULL),
  ('progress_reading', 'taken_on',        0, 'append', 'Asked on', 'The day', NULL),
  ('progress_reading', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('progress_reading', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'progress_reading';
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('progress_reading', 'value', 'points');
