-- The way back to her: contact with a child stage by stage, what a child says, what worries anybody.

CREATE TABLE contact_plan(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  child_id BLOB NOT NULL CHECK(length(child_id) = 16) REFERENCES child(id) DEFERRABLE INITIALLY DEFERRED,
  stage TEXT NOT NULL DEFAULT 'SUPERVISED_CRECHE' CHECK(stage IN
    ('SUPERVISED_CRECHE', 'SUPERVISED_COMMUNITY', 'UNSUPERVISED', 'OVERNIGHT', 'PHASED_RETURN', 'REUNITED', 'ENDED')),
  stage_from_on TEXT CHECK(stage_from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  first_source TEXT CHECK(length(first_source) <= 60),
  second_source TEXT CHECK(length(second_source) <= 60),
  return_planned INTEGER CHECK(return_planned IN (0, 1)),
  wishes TEXT NOT NULL DEFAULT '' CHECK(length(wishes) <= 2000),
  flag TEXT CHECK(flag IN ('CONCERN'))
) STRICT;
CREATE INDEX contact_plan_case ON contact_plan(case_id);
CREATE INDEX contact_plan_child ON contact_plan(child_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (82, 'contact_plan', 'case', 'case_id', 'CHILD', 'granted', 0, 'Contact plan',
    'How far mother and child have come; it takes time, and may step back');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('contact_plan', 'case_id',        0, 'lww',      'Case', 'The case that this belongs to', NULL),
  ('contact_plan', 'child_id',       0, 'lww',      'Child', 'One plan for each child', NULL),
  ('contact_plan', 'stage',          1, 'state',    'Stage', 'One step at a time forward, any number back', NULL),
  ('contact_plan', 'stage_from_on',  2, 'review',   'Since', 'The first day of this stage', NULL),
  ('contact_plan', 'first_source',   2, 'review',   'Agreed by',
    'Who says that this stage is right', 'contact_plan.source'),
  ('contact_plan', 'second_source',  2, 'review',   'And by',
    'Somebody else who says so too: without supervision it takes two', 'contact_plan.source'),
  ('contact_plan', 'return_planned', 3, 'review',   'Return is the plan',
    'Whether the plan at opening was that the child comes home', NULL),
  ('contact_plan', 'wishes',         4, 'review',   'What the carers wish',
    'Of the woman and of whoever has the child now', NULL),
  ('contact_plan', 'flag',           5, 'hub-only', 'Look at this',
    'A concern is open, and the contact is not supervised', NULL);
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('contact_plan', 'child', 'child_id', 'A child has two contact plans');
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('contact_plan', 'stage', 'SUPERVISED_CRECHE',    0, 0,  'Supervised, in a creche or visits hall'),
  ('contact_plan', 'stage', 'SUPERVISED_COMMUNITY', 0, 10, 'Supervised, in the community'),
  ('contact_plan', 'stage', 'UNSUPERVISED',         0, 20, 'Unsupervised'),
  ('contact_plan', 'stage', 'OVERNIGHT',            0, 30, 'Overnight'),
  ('contact_plan', 'stage', 'PHASED_RETURN',        0, 40, 'Phased return'),
  ('contact_plan', 'stage', 'REUNITED',             0, 50, 'Reunited'),
  ('contact_plan', 'stage', 'ENDED',                1, 0,  'No contact is planned');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('contact_plan', 'stage', 'SUPERVISED_CRECHE', 'SUPERVISED_COMMUNITY', 'OWNER', ''),
  ('contact_plan', 'stage', 'SUPERVISED_COMMUNITY', 'UNSUPERVISED', 'OWNER', 'two sources agree, no concern is open'),
  ('contact_plan', 'stage', 'UNSUPERVISED', 'OVERNIGHT', 'OWNER', 'two sources agree, no concern is open'),
  ('contact_plan', 'stage', 'OVERNIGHT', 'PHASED_RETURN', 'OWNER', 'two sources agree, no concern is open'),
  ('contact_plan', 'stage', 'PHASED_RETURN', 'REUNITED', 'OWNER', 'two sources agree, no concern is open'),
  ('contact_plan', 'stage', 'SUPERVISED_COMMUNITY', 'SUPERVISED_CRECHE', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'UNSUPERVISED', 'SUPERVISED_CRECHE', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'UNSUPERVISED', 'SUPERVISED_COMMUNITY', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'OVERNIGHT', 'SUPERVISED_CRECHE', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'OVERNIGHT', 'SUPERVISED_COMMUNITY', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'OVERNIGHT', 'UNSUPERVISED', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'PHASED_RETURN', 'SUPERVISED_CRECHE', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'PHASED_RETURN', 'SUPERVISED_COMMUNITY', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'PHASED_RETURN', 'UNSUPERVISED', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'PHASED_RETURN', 'OVERNIGHT', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'REUNITED', 'SUPERVISED_CRECHE', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'REUNITED', 'SUPERVISED_COMMUNITY', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'REUNITED', 'UNSUPERVISED', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'REUNITED', 'OVERNIGHT', 'OWNER', 'a step back'),
  ('contact_plan', 'stage', 'REUNITED', 'PHASED_RETURN', 'OWNER', 'a step back');
-- A case that began on paper may enter at any stage; a plan may end at any, and begin again where it was.
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, NULL, value, 'OWNER', '' FROM workflow_state WHERE tbl = 'contact_plan' AND col = 'stage';
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, value, 'ENDED', 'OWNER', '' FROM workflow_state
  WHERE tbl = 'contact_plan' AND col = 'stage' AND closed = 0;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, 'ENDED', value, 'OWNER', 'begun again' FROM workflow_state
  WHERE tbl = 'contact_plan' AND col = 'stage' AND closed = 0;

CREATE TABLE contact_session(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  child_id BLOB NOT NULL CHECK(length(child_id) = 16) REFERENCES child(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  prison TEXT CHECK(length(prison) = 3),
  supervisor TEXT CHECK(length(supervisor) <= 100),
  attended TEXT CHECK(attended IN ('YES', 'LATE', 'NO')),
  nights INTEGER CHECK(nights BETWEEN 0 AND 60),
  concern TEXT CHECK(length(concern) <= 2000),
  clears_id BLOB CHECK(length(clears_id) = 16),
  note TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 4000),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX contact_session_case ON contact_session(case_id);
CREATE INDEX contact_session_child ON contact_session(child_id);
CREATE INDEX contact_session_clears ON contact_session(clears_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (83, 'contact_session', 'case', 'case_id', 'CHILD', 'granted', 1, 'Contact',
    'Mother and child together, or not, and how it went');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('contact_session', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('contact_session', 'child_id',        0, 'append', 'Child', 'With whom', NULL),
  ('contact_session', 'kind',            0, 'append', 'Kind', 'Where and how', 'contact_session.kind'),
  ('contact_session', 'prison',          0, 'append', 'Prison', 'Agency code, for contact in a prison', NULL),
  ('contact_session', 'supervisor',      0, 'append', 'Supervised by', 'A role, not a name', NULL),
  ('contact_session', 'attended',        0, 'append', 'Took place', 'Yes, late or no; empty: not known', NULL),
  ('contact_session', 'nights',          0, 'append', 'Nights', 'That the child spent with her', NULL),
  ('contact_session', 'concern',         0, 'append', 'Concern',
    'What worried somebody; while it is open, contact is supervised', NULL),
  ('contact_session', 'clears_id',       0, 'append', 'Clears',
    'The row whose concern a manager looked into and closed', NULL),
  ('contact_session', 'note',            0, 'append', 'Note', 'How it went, in the worker''s words', NULL),
  ('contact_session', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('contact_session', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'contact_session';
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('contact_session', 'nights', 'nights');
CREATE VIEW contact_concern_open(case_id, child_id, session_id, at_ms) AS
  SELECT s.case_id, s.child_id, s.id, s.recorded_for_at FROM contact_session s
  WHERE s.concern IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact_session c WHERE c.clears_id = s.id);

-- Without supervision: only if two agree, and only while nothing worries anybody (asked through ru_guard).
CREATE VIEW contact_guard(tbl, col, key, to_value, why) AS
  SELECT s.tbl, s.col, p.id, s.value, CAST('a concern about the contact is open' AS TEXT)
  FROM contact_plan p CROSS JOIN workflow_state s ON s.tbl = 'contact_plan' AND s.col = 'stage'
  WHERE s.closed = 0 AND s.rank >= 20 AND EXISTS (SELECT 1 FROM contact_concern_open o WHERE o.child_id = p.child_id)
  UNION ALL
  SELECT s.tbl, s.col, p.id, s.value, CAST('two different sources have to agree' AS TEXT)
  FROM contact_plan p CROSS JOIN workflow_state s ON s.tbl = 'contact_plan' AND s.col = 'stage'
  WHERE s.closed = 0 AND s.rank >= 20
    AND (p.first_source IS NULL OR p.second_source IS NULL OR p.first_source = p.second_source);

-- A concern that comes in late does not turn a plan back by itself: the hub flags it, and a person decides.
CREATE VIEW contact_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT p.case_id, 'contact concern ' || hex(p.id), 0, 'contact_plan', p.id, 'flag', 'CONCERN'
  FROM contact_plan p CROSS JOIN workflow_state s ON s.tbl = 'contact_plan' AND s.col = 'stage' AND s.value = p.stage
  WHERE p.flag IS NULL AND s.closed = 0 AND s.rank >= 20
    AND EXISTS (SELECT 1 FROM contact_concern_open o WHERE o.child_id = p.child_id)
UNION ALL
  SELECT p.case_id, 'no contact concern ' || hex(p.id), 0, 'contact_plan', p.id, 'flag', NULL
  FROM contact_plan p CROSS JOIN workflow_state s ON s.tbl = 'contact_plan' AND s.col = 'stage' AND s.value = p.stage
  WHERE p.flag = 'CONCERN' AND (s.closed > 0 OR s.rank < 20
    OR NOT EXISTS (SELECT 1 FROM contact_concern_open o WHERE o.child_id = p.child_id));

CREATE TABLE child_voice_entry(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  child_id BLOB NOT NULL CHECK(length(child_id) = 16),
  words TEXT NOT NULL CHECK(length(words) BETWEEN 1 AND 8000),
  heard_by TEXT CHECK(length(heard_by) <= 100),
  about TEXT CHECK(length(about) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX child_voice_entry_case ON child_voice_entry(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (84, 'child_voice_entry', 'case', 'case_id', 'CHILD_VOICE', 'granted', 1, 'A child''s words',
    'What a child says, in its own words; shown on the case''s own page only');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('child_voice_entry', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('child_voice_entry', 'child_id',        0, 'append', 'Child', 'Whose words', NULL),
  ('child_voice_entry', 'words',           0, 'append', 'Words',
    'As the child said them, drew them or showed them', NULL),
  ('child_voice_entry', 'heard_by',        0, 'append', 'Heard by', 'A role, not a name', NULL),
  ('child_voice_entry', 'about',           0, 'append', 'About', 'What it was asked', 'child_voice_entry.about'),
  ('child_voice_entry', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('child_voice_entry', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'child_voice_entry';

CREATE TABLE safeguarding_concern(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  subject_id BLOB NOT NULL CHECK(length(subject_id) = 16),
  raised_on TEXT NOT NULL DEFAULT (date('now')) CHECK(raised_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  what TEXT NOT NULL CHECK(length(what) BETWEEN 1 AND 8000),
  state TEXT NOT NULL DEFAULT 'RAISED' CHECK(state IN
    ('RAISED', 'MANAGER_REVIEWED', 'REFERRED_MASH', 'NO_FURTHER_ACTION')),
  decision TEXT NOT NULL DEFAULT '' CHECK(length(decision) <= 4000)
) STRICT;
CREATE INDEX safeguarding_concern_case ON safeguarding_concern(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (85, 'safeguarding_concern', 'case', 'case_id', 'SAFEGUARDING', 'granted', 0, 'Safeguarding concern',
    'Somebody may be harmed; once raised it cannot be hidden again');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('safeguarding_concern', 'case_id',    0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('safeguarding_concern', 'subject_id', 0, 'lww',    'About', 'The woman or the child', NULL),
  ('safeguarding_concern', 'raised_on',  0, 'lww',    'Raised on', 'The day', NULL),
  ('safeguarding_concern', 'what',       1, 'review', 'What was seen or said',
    'Facts first, opinion marked as one', NULL),
  ('safeguarding_concern', 'state',      2, 'state',  'State', 'Forward only', NULL),
  ('safeguarding_concern', 'decision',   3, 'review', 'Decided', 'By which manager, and why', NULL);
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('safeguarding_concern', 'state', 'RAISED',            0, 0,  'Raised'),
  ('safeguarding_concern', 'state', 'MANAGER_REVIEWED',  0, 10, 'Seen by a manager'),
  ('safeguarding_concern', 'state', 'NO_FURTHER_ACTION', 1, 0,  'No further action'),
  ('safeguarding_concern', 'state', 'REFERRED_MASH',     1, 10, 'Referred to the safeguarding hub');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('safeguarding_concern', 'state', NULL, 'RAISED', 'OWNER', ''),
  ('safeguarding_concern', 'state', 'RAISED', 'MANAGER_REVIEWED', 'OWNER', ''),
  ('safeguarding_concern', 'state', 'RAISED', 'REFERRED_MASH', 'OWNER', 'at once'),
  ('safeguarding_concern', 'state', 'MANAGER_REVIEWED', 'REFERRED_MASH', 'OWNER', ''),
  ('safeguarding_concern', 'state', 'MANAGER_REVIEWED', 'NO_FURTHER_ACTION', 'OWNER', 'with the reason'),
  ('safeguarding_concern', 'state', 'NO_FURTHER_ACTION', 'REFERRED_MASH', 'OWNER', 'something new');
INSERT INTO column_writer(tbl, col, relation) VALUES ('safeguarding_concern', 'subject_id', 'NOBODY');
