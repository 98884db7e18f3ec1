-- Who works with her: workers by role, professionals outside the network, a volunteer mentor of her own.

-- Two offices may each have named somebody: both rows stay, and a person says who it is.
CREATE TABLE case_assignment(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  role TEXT NOT NULL CHECK(length(role) BETWEEN 1 AND 60),
  staff_id BLOB CHECK(length(staff_id) = 16),
  name TEXT CHECK(length(name) <= 100),
  replaces_id BLOB CHECK(length(replaces_id) = 16),
  from_on TEXT NOT NULL DEFAULT (date('now')) CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  follows BLOB GENERATED ALWAYS AS (coalesce(replaces_id, case_id)) VIRTUAL
) STRICT;
CREATE INDEX case_assignment_case ON case_assignment(case_id);
CREATE INDEX case_assignment_follows ON case_assignment(follows, role);
CREATE INDEX case_assignment_replaces ON case_assignment(replaces_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (74, 'case_assignment', 'case', 'case_id', 'CASE', 'granted', 1, 'Worker',
    'Who has a role in a case; the next one is the next row');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('case_assignment', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('case_assignment', 'role',            0, 'append', 'Role', 'One worker for each role at a time', 'staff_user.role'),
  ('case_assignment', 'staff_id',        0, 'append', 'Worker',
    'The staff member; other partners do not hold her record', NULL),
  ('case_assignment', 'name',            0, 'append', 'Name', 'For whoever does not hold the staff record', NULL),
  ('case_assignment', 'replaces_id',     0, 'append', 'Replaces', 'The row of the worker before her', NULL),
  ('case_assignment', 'from_on',         0, 'append', 'From', 'Her first day in the role', NULL),
  ('case_assignment', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('case_assignment', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'case_assignment';
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('case_assignment', 'role', 'follows,role', 'Two workers have one role in a case');
CREATE VIEW case_worker(case_id, role, staff_id, name, from_on) AS
  SELECT a.case_id, a.role, a.staff_id, a.name, a.from_on FROM case_assignment a
  WHERE NOT EXISTS (SELECT 1 FROM case_assignment b WHERE b.replaces_id = a.id);

CREATE TABLE professional_contact(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  role TEXT NOT NULL CHECK(length(role) BETWEEN 1 AND 60),
  name TEXT CHECK(length(name) <= 100),
  organisation TEXT CHECK(length(organisation) <= 200),
  phone TEXT CHECK(length(phone) <= 30),
  email TEXT CHECK(length(email) <= 254),
  from_on TEXT CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX professional_contact_case ON professional_contact(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (75, 'professional_contact', 'case', 'case_id', 'CONTACT', 'granted', 0, 'Professional',
    'Somebody outside the network who works with her');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('professional_contact', 'case_id',      0, 'lww', 'Case', 'The case that this belongs to', NULL),
  ('professional_contact', 'role',         1, 'lww', 'Role',
    'An offender manager of earlier years keeps that title', 'professional_contact.role'),
  ('professional_contact', 'name',         2, 'lww', 'Name', 'Of the person', NULL),
  ('professional_contact', 'organisation', 2, 'lww', 'Organisation',
    'Probation trust, council, trust of the health service', NULL),
  ('professional_contact', 'phone',        3, 'lww', 'Telephone', 'At work', NULL),
  ('professional_contact', 'email',        3, 'lww', 'E-mail', 'At work', NULL),
  ('professional_contact', 'from_on',      4, 'lww', 'From', 'Since when', NULL),
  ('professional_contact', 'to_on',        4, 'lww', 'Until', 'The last day; empty while it lasts', NULL);

CREATE TABLE feedback(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  from_role TEXT NOT NULL CHECK(length(from_role) BETWEEN 1 AND 60),
  organisation TEXT CHECK(length(organisation) <= 200),
  text TEXT NOT NULL CHECK(length(text) BETWEEN 1 AND 8000),
  may_quote INTEGER NOT NULL DEFAULT 0 CHECK(may_quote IN (0, 1)),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX feedback_case ON feedback(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (76, 'feedback', 'case', 'case_id', 'NOTES', 'granted', 1, 'Feedback',
    'What somebody says about the support: the woman, her family, a professional');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('feedback', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('feedback', 'from_role',       0, 'append', 'From', 'Who says it', 'professional_contact.role'),
  ('feedback', 'organisation',    0, 'append', 'Organisation', 'Where they work, if it matters', NULL),
  ('feedback', 'text',            0, 'append', 'Words', 'As they were said or written', NULL),
  ('feedback', 'may_quote',       0, 'append', 'May be quoted',
    'Whoever said it agrees; her own consent to publicity is needed besides', NULL),
  ('feedback', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('feedback', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'feedback';

CREATE TABLE volunteer_mentor(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  staff_id BLOB CHECK(length(staff_id) = 16),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  areas TEXT CHECK(length(areas) <= 200),
  capacity INTEGER NOT NULL DEFAULT 1 CHECK(capacity BETWEEN 0 AND 1),
  supervision_due TEXT CHECK(supervision_due GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  started_on TEXT CHECK(started_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX volunteer_mentor_partner ON volunteer_mentor(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (77, 'volunteer_mentor', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Mentor',
    'A volunteer who is matched with one woman at a time');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('volunteer_mentor', 'partner_id',      0, 'lww', 'Partner', 'Whose record this is', NULL),
  ('volunteer_mentor', 'staff_id',        0, 'lww', 'Staff record', 'Where the volunteer has a login', NULL),
  ('volunteer_mentor', 'name',            1, 'lww', 'Name', 'What the women call her', NULL),
  ('volunteer_mentor', 'areas',           2, 'lww', 'Good at', 'Codes, separated by commas', 'support_action.area'),
  ('volunteer_mentor', 'capacity',        3, 'lww', 'Women at a time', 'One; none while she takes nobody on', NULL),
  ('volunteer_mentor', 'supervision_due', 4, 'lww', 'Supervision due',
    'When somebody has to have talked with her', NULL),
  ('volunteer_mentor', 'started_on',      5, 'lww', 'Since', 'Her first day as a volunteer', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('volunteer_mentor', 'capacity', 'people');

CREATE TABLE mentor_match(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  mentor_id BLOB NOT NULL CHECK(length(mentor_id) = 16),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  status TEXT NOT NULL DEFAULT 'ASKED' CHECK(status IN ('ASKED', 'MATCHED', 'REFUSED', 'ENDED')),
  mentor_name TEXT CHECK(length(mentor_name) <= 100),
  end_reason TEXT CHECK(length(end_reason) <= 200),
  matched_for BLOB GENERATED ALWAYS AS (CASE WHEN status = 'MATCHED' AND to_on IS NULL THEN case_id END) VIRTUAL,
  CHECK(from_on < to_on)
) STRICT;
CREATE INDEX mentor_match_case ON mentor_match(case_id);
CREATE INDEX mentor_match_mentor ON mentor_match(mentor_id);
CREATE INDEX mentor_match_matched ON mentor_match(matched_for);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (78, 'mentor_match', 'case', 'case_id', 'NEEDS', 'granted', 0, 'Match',
    'A mentor of her own: asked for, and given by the hub so that nobody is matched twice');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('mentor_match', 'case_id',     0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('mentor_match', 'mentor_id',   1, 'alloc',  'Mentor', 'The volunteer', NULL),
  ('mentor_match', 'from_on',     1, 'alloc',  'From', 'The first day', NULL),
  ('mentor_match', 'to_on',       1, 'alloc',  'To', 'The day after the last one; empty while it lasts', NULL),
  ('mentor_match', 'status',      1, 'alloc',  'Status', 'Asked for, matched, refused or ended', NULL),
  ('mentor_match', 'mentor_name', 2, 'lww',    'Mentor''s name', 'For whoever does not hold her record', NULL),
  ('mentor_match', 'end_reason',  3, 'review', 'Ended because', 'In a line', NULL);
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('mentor_match', 'one_mentor', 'matched_for', 'A woman has two mentors at once');
INSERT INTO allocation(tbl, unit_col, from_col, to_col, status_col, grp, pool) VALUES
  ('mentor_match', 'mentor_id', 'from_on', 'to_on', 'status', 1, 'MENTOR');
INSERT INTO allocation_state(tbl, value, sort, kind, label) VALUES
  ('mentor_match', 'ASKED',   0, 'REQUEST',  'Asked for'),
  ('mentor_match', 'MATCHED', 0, 'HOLDS',    'Matched'),
  ('mentor_match', 'REFUSED', 0, 'REFUSED',  'Matched with somebody else'),
  ('mentor_match', 'ENDED',   0, 'RELEASED', 'Ended');

CREATE TABLE mentor_session(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  match_id BLOB NOT NULL CHECK(length(match_id) = 16) REFERENCES mentor_match(id) DEFERRABLE INITIALLY DEFERRED,
  area TEXT CHECK(length(area) <= 60),
  goal_id BLOB CHECK(length(goal_id) = 16),
  minutes INTEGER CHECK(minutes BETWEEN 0 AND 1440),
  note TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 2000),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX mentor_session_case ON mentor_session(case_id);
CREATE INDEX mentor_session_match ON mentor_session(match_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (79, 'mentor_session', 'case', 'case_id', 'NEEDS', 'granted', 1, 'Mentoring',
    'A meeting of the mentor and the woman');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('mentor_session', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('mentor_session', 'match_id',        0, 'append', 'Match', 'Of which mentor', NULL),
  ('mentor_session', 'area',            0, 'append', 'About', 'What they worked on', 'support_action.area'),
  ('mentor_session', 'goal_id',         0, 'append', 'Goal', 'The goal that it served', NULL),
  ('mentor_session', 'minutes',         0, 'append', 'Minutes', 'How long it was', NULL),
  ('mentor_session', 'note',            0, 'append', 'Note', 'About the goal only', NULL),
  ('mentor_session', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('mentor_session', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'mentor_session';
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('mentor_session', 'minutes', 'minutes');
