-- The case: one woman's file. Every table here is bounded by its case.

-- A case is its own scope, so case_id is its id: computed, not stored, and never wrong.
CREATE TABLE case_file(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB GENERATED ALWAYS AS (id) VIRTUAL,
  ref TEXT CHECK(length(ref) BETWEEN 1 AND 32),
  owner_partner_id BLOB CHECK(length(owner_partner_id) = 16),
  cohort TEXT NOT NULL DEFAULT 'PRISON_LEAVER' CHECK(length(cohort) <= 40),
  phase TEXT NOT NULL DEFAULT 'ENQUIRY' CHECK(phase IN
    ('ENQUIRY', 'ASSESSED', 'PRE_RELEASE', 'RELEASED', 'HOUSED', 'FLOATING', 'MOVE_ON', 'CLOSED')),
  opened_on TEXT DEFAULT (date('now')) CHECK(opened_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  closed_on TEXT CHECK(closed_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  close_reason TEXT CHECK(length(close_reason) <= 60),
  flag TEXT CHECK(flag IN ('SEEN_AFTER_CLOSING'))
) STRICT;
CREATE INDEX case_file_owner ON case_file(owner_partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (10, 'case_file', 'case', 'id', 'CASE', 'granted', 0, 'Case', 'One woman''s file; her referral moves it, nothing copies it');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('case_file', 'ref',              0, 'review', 'Case reference', 'AAA-YY-NNNN-C: area, year, number, check letter', NULL),
  ('case_file', 'owner_partner_id', 1, 'review', 'Owner',     'Empty in a new case: the partner that made it', NULL),
  ('case_file', 'cohort',           2, 'lww',    'Cohort',    'Why she came to the programme', 'case_file.cohort'),
  ('case_file', 'phase',            3, 'state',  'Phase',     'A recall leads back to pre-release in the same case', NULL),
  ('case_file', 'opened_on',        4, 'lww',    'Opened on', 'The day on which a partner took her on', NULL),
  ('case_file', 'closed_on',        5, 'review', 'Closed on', 'Empty while the case is open', NULL),
  ('case_file', 'close_reason',     5, 'review', 'Reason for closing', 'Empty while the case is open', 'case_file.close_reason'),
  ('case_file', 'flag',             6, 'hub-only', 'Look at this', 'She was seen after the case was closed: open it again?', NULL);
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('case_file', 'id');
-- A case changes hands at a handover, through the hub, and in no other way.
INSERT INTO column_author(tbl, col) VALUES ('case_file', 'owner_partner_id');
INSERT INTO column_writer(tbl, col, relation) VALUES ('case_file', 'owner_partner_id', 'HUB');

INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('case_file', 'phase', 'ENQUIRY',     0, 0,  'Enquiry'),
  ('case_file', 'phase', 'ASSESSED',    0, 10, 'Assessed'),
  ('case_file', 'phase', 'PRE_RELEASE', 0, 20, 'Before release'),
  ('case_file', 'phase', 'RELEASED',    0, 30, 'Released'),
  ('case_file', 'phase', 'FLOATING',    0, 40, 'Floating support'),
  ('case_file', 'phase', 'HOUSED',      0, 50, 'Housed'),
  ('case_file', 'phase', 'MOVE_ON',     0, 60, 'Moving on'),
  ('case_file', 'phase', 'CLOSED',      1, 0,  'Closed');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('case_file', 'phase', 'ENQUIRY',     'ASSESSED',    'OWNER', ''),
  ('case_file', 'phase', 'ASSESSED',    'PRE_RELEASE', 'OWNER', ''),
  ('case_file', 'phase', 'ASSESSED',    'HOUSED',      'OWNER', 'not in custody'),
  ('case_file', 'phase', 'ASSESSED',    'FLOATING',    'OWNER', 'not in custody'),
  ('case_file', 'phase', 'PRE_RELEASE', 'RELEASED',    'OWNER', ''),
  ('case_file', 'phase', 'RELEASED',    'HOUSED',      'OWNER', ''),
  ('case_file', 'phase', 'RELEASED',    'FLOATING',    'OWNER', ''),
  ('case_file', 'phase', 'FLOATING',    'HOUSED',      'OWNER', ''),
  ('case_file', 'phase', 'HOUSED',      'FLOATING',    'OWNER', ''),
  ('case_file', 'phase', 'HOUSED',      'MOVE_ON',     'OWNER', ''),
  ('case_file', 'phase', 'FLOATING',    'MOVE_ON',     'OWNER', ''),
  ('case_file', 'phase', 'MOVE_ON',     'HOUSED',      'OWNER', 'the move fell through'),
  ('case_file', 'phase', 'MOVE_ON',     'FLOATING',    'OWNER', 'the move fell through'),
  ('case_file', 'phase', 'RELEASED',    'PRE_RELEASE', 'OWNER', 'recalled'),
  ('case_file', 'phase', 'HOUSED',      'PRE_RELEASE', 'OWNER', 'recalled'),
  ('case_file', 'phase', 'FLOATING',    'PRE_RELEASE', 'OWNER', 'recalled'),
  ('case_file', 'phase', 'MOVE_ON',     'PRE_RELEASE', 'OWNER', 'recalled');
-- A case that began on paper may enter at any phase, any open case may close, and a closed one reopens where it was.
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, NULL, value, 'OWNER', '' FROM workflow_state WHERE tbl = 'case_file' AND col = 'phase';
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, value, 'CLOSED', 'OWNER', '' FROM workflow_state
  WHERE tbl = 'case_file' AND col = 'phase' AND closed = 0;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, 'CLOSED', value, 'OWNER', 'reopened' FROM workflow_state
  WHERE tbl = 'case_file' AND col = 'phase' AND closed = 0;

CREATE TABLE person(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  legal_first TEXT CHECK(length(legal_first) <= 100),
  legal_last TEXT CHECK(length(legal_last) <= 100),
  known_as TEXT CHECK(length(known_as) <= 100),
  date_of_birth TEXT CHECK(date_of_birth GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  sex TEXT CHECK(length(sex) <= 40),
  ethnicity TEXT CHECK(length(ethnicity) <= 60),
  nationality TEXT CHECK(length(nationality) <= 60),
  language TEXT CHECK(length(language) <= 60),
  interpreter INTEGER NOT NULL DEFAULT 0 CHECK(interpreter IN (0, 1))
) STRICT;
CREATE INDEX person_case ON person(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (11, 'person', 'case', 'case_id', 'IDENTITY', 'granted', 0, 'Woman', 'Who she is');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('person', 'case_id',       0, 'lww',    'Case',          'The case that this belongs to', NULL),
  ('person', 'legal_first',   1, 'review', 'Legal first name', 'As on papers', NULL),
  ('person', 'legal_last',    1, 'review', 'Legal last name',  'As on papers', NULL),
  ('person', 'known_as',      2, 'lww',    'Known as',      'What she wants to be called', NULL),
  ('person', 'date_of_birth', 3, 'review', 'Date of birth', 'A wrong date can join two women', NULL),
  ('person', 'sex',           4, 'review', 'Sex',           'As recorded by the prison or as she says', NULL),
  ('person', 'ethnicity',     5, 'lww',    'Ethnicity',     'In her own words or the census group she names', NULL),
  ('person', 'nationality',   6, 'lww',    'Nationality',   'As she says or as on papers', NULL),
  ('person', 'language',      7, 'lww',    'Language',      'In which she speaks best', NULL),
  ('person', 'interpreter',   7, 'lww',    'Needs an interpreter', 'Whether talks with her need one', NULL);

CREATE TABLE child(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  first_name TEXT CHECK(length(first_name) <= 100),
  last_name TEXT CHECK(length(last_name) <= 100),
  date_of_birth TEXT CHECK(date_of_birth GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  expected_on TEXT CHECK(expected_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  sex TEXT CHECK(length(sex) <= 40),
  parental_responsibility TEXT CHECK(length(parental_responsibility) <= 60),
  lives_with TEXT CHECK(length(lives_with) <= 100),
  school_area TEXT CHECK(length(school_area) <= 60)
) STRICT;
CREATE INDEX child_case ON child(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (12, 'child', 'case', 'case_id', 'CHILD', 'granted', 0, 'Child', 'A child of hers, born or expected');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('child', 'case_id',                 0, 'lww',    'Case',          'The case that this belongs to', NULL),
  ('child', 'first_name',              1, 'review', 'First name',    'As on papers, if known', NULL),
  ('child', 'last_name',               1, 'review', 'Last name',     'May differ from hers', NULL),
  ('child', 'date_of_birth',           2, 'review', 'Date of birth', 'A day; while unborn use the expected one', NULL),
  ('child', 'expected_on',             2, 'review', 'Expected on',   'While unborn', NULL),
  ('child', 'sex',                     3, 'lww',    'Sex',           'As the family says', NULL),
  ('child', 'parental_responsibility', 4, 'review', 'Parental responsibility', 'Who holds it', NULL),
  ('child', 'lives_with',              5, 'review', 'Lives with',    'The relation, never an address', NULL),
  ('child', 'school_area',             6, 'lww',    'School area',   'Area or authority, never a school''s name', NULL);

-- Consent is evidence: a change of mind is a new row. The latest event counts, by when it happened.
CREATE TABLE consent(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  purpose TEXT NOT NULL CHECK(length(purpose) BETWEEN 1 AND 60),
  decision TEXT NOT NULL CHECK(decision IN ('GIVEN', 'REFUSED', 'WITHDRAWN')),
  partner_id BLOB CHECK(length(partner_id) = 16),
  method TEXT CHECK(length(method) <= 60),
  evidence_ref TEXT CHECK(length(evidence_ref) <= 200),
  expires_on TEXT CHECK(expires_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX consent_case ON consent(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (13, 'consent', 'case', 'case_id', 'CONSENT', 'granted', 1, 'Consent', 'What she agreed to, refused or took back');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('consent', 'case_id',         0, 'append', 'Case',     'The case that this belongs to', NULL),
  ('consent', 'purpose',         0, 'append', 'Purpose',  'What for', 'consent.purpose'),
  ('consent', 'decision',        0, 'append', 'Decision', 'Given, refused or taken back', 'consent.decision'),
  ('consent', 'partner_id',      0, 'append', 'Partner',  'The partner that it names, for purposes that name one', NULL),
  ('consent', 'method',          0, 'append', 'How',      'How she said so', 'consent.method'),
  ('consent', 'evidence_ref',    0, 'append', 'Evidence', 'Where the signed form is kept', NULL),
  ('consent', 'expires_on',      0, 'append', 'Expires on', 'The last day on which it counts; empty: until she says otherwise', NULL),
  ('consent', 'recorded_for_at', 0, 'append', 'When she decided', 'The moment of her decision, not of the typing', NULL),
  ('consent', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);

CREATE TABLE need(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  category TEXT NOT NULL CHECK(length(category) BETWEEN 1 AND 60),
  section TEXT CHECK(length(section) <= 100),
  status TEXT NOT NULL DEFAULT 'NOT_STARTED' CHECK(status IN ('NOT_STARTED', 'IN_PROGRESS', 'MET', 'DECLINED')),
  detail TEXT NOT NULL DEFAULT '' CHECK(length(detail) <= 4000)
) STRICT;
CREATE INDEX need_case ON need(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (14, 'need', 'case', 'case_id', 'NEEDS', 'granted', 0, 'Need', 'Something she needs support with');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('need', 'case_id',  0, 'lww',    'Case',     'The case that this belongs to', NULL),
  ('need', 'category', 1, 'lww',    'Category', 'One of the pathways out of offending', 'need.category'),
  ('need', 'section',  1, 'lww',    'Section',  'What it is, more closely', NULL),
  ('need', 'status',   2, 'state',  'Status',   'How far it has come', NULL),
  ('need', 'detail',   3, 'review', 'Detail',   'In the worker''s words, for her to read too', NULL);
-- Met here and declined there is a question for a person, not for a clock; hence a state.
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('need', 'status', 'NOT_STARTED', 0, 0,  'Not started'),
  ('need', 'status', 'IN_PROGRESS', 0, 10, 'In progress'),
  ('need', 'status', 'MET',         0, 20, 'Met'),
  ('need', 'status', 'DECLINED',    0, 30, 'Declined');
-- Needs come and go: any step, by whoever works with her.
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation)
  SELECT a.tbl, a.col, a.value, b.value, r.relation
  FROM workflow_state a JOIN workflow_state b USING (tbl, col)
  JOIN (SELECT 'OWNER' AS relation UNION ALL SELECT 'RECEIVER') r
  WHERE a.tbl = 'need' AND a.col = 'status' AND a.value <> b.value;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation)
  SELECT s.tbl, s.col, NULL, s.value, r.relation
  FROM workflow_state s JOIN (SELECT 'OWNER' AS relation UNION ALL SELECT 'RECEIVER') r
  WHERE s.tbl = 'need' AND s.col = 'status';

-- Notes are evidence: a correction is a new note that names the old one.
CREATE TABLE case_note(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL DEFAULT 'CONTACT' CHECK(length(kind) BETWEEN 1 AND 60),
  subject TEXT CHECK(length(subject) <= 200),
  body TEXT NOT NULL CHECK(length(body) BETWEEN 1 AND 20000),
  author_id BLOB CHECK(length(author_id) = 16),
  corrects_id BLOB CHECK(length(corrects_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX case_note_case ON case_note(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (15, 'case_note', 'case', 'case_id', 'NOTES', 'granted', 1, 'Note', 'Shown to the receiving partner from handover on');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('case_note', 'case_id',         0, 'append', 'Case',     'The case that this belongs to', NULL),
  ('case_note', 'kind',            0, 'append', 'Kind',     'What occasion it is about', 'case_note.kind'),
  ('case_note', 'subject',         0, 'append', 'Subject',  'In a few words', NULL),
  ('case_note', 'body',            0, 'append', 'Note',     'Facts first; a correction is another note', NULL),
  ('case_note', 'author_id',       0, 'append', 'Author',   'Staff member', NULL),
  ('case_note', 'corrects_id',     0, 'append', 'Corrects', 'The note that this one puts right', NULL),
  ('case_note', 'recorded_for_at', 0, 'append', 'When it happened', 'The time of the call or visit, not of the typing', NULL),
  ('case_note', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
