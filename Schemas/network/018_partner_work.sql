-- What a partner keeps about its own work: contracts and what they allow, checks of staff, money, returns to the
-- network, talks with bodies outside it. That partner and the hub read it, nobody else.

-- Losing one may close prisons to a partner's workers while women there wait for them: a person decides between dates.
CREATE TABLE contract_period(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  type TEXT NOT NULL CHECK(length(type) BETWEEN 1 AND 60),
  funder TEXT NOT NULL CHECK(length(funder) BETWEEN 1 AND 200),
  scope TEXT CHECK(length(scope) <= 500),
  inreach_right INTEGER NOT NULL DEFAULT 0 CHECK(inreach_right IN (0, 1)),
  prison TEXT CHECK(length(prison) = 3),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX contract_period_partner ON contract_period(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (60, 'contract_period', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Contract',
    'A time for which somebody pays for, or allows, a partner''s work');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('contract_period', 'partner_id',    0, 'lww',    'Partner', 'Whose record this is', NULL),
  ('contract_period', 'type',          1, 'review', 'Type', 'What kind of contract it is', 'contract_period.type'),
  ('contract_period', 'funder',        1, 'review', 'With', 'Who signed it on the other side', NULL),
  ('contract_period', 'scope',         1, 'review', 'Covers', 'Which women, where, for what', NULL),
  ('contract_period', 'inreach_right', 2, 'review', 'Opens prisons',
    'Whether workers may go into prisons because of it', NULL),
  ('contract_period', 'prison',        2, 'review', 'Prison',
    'Agency code; empty: every prison in which the partner works', NULL),
  ('contract_period', 'from_on',       3, 'review', 'From', 'The first day', NULL),
  ('contract_period', 'to_on',         3, 'review', 'Until', 'The last day; empty while no end is agreed', NULL);
-- Prisons in which a partner was said to work although no contract of its own that opens them runs any more, and the
-- cases there. The hub ends the in-reach with the contract (026_worked_out.sql). A partner without any such contract is
-- left alone: it may be let in by word of mouth.
CREATE VIEW inreach_lapsed(coverage_id, partner_id, prison, ended_on) AS
  SELECT i.id, i.partner_id, i.prison, max(k.to_on)
  FROM inreach_coverage i
  CROSS JOIN contract_period k ON k.partner_id = i.partner_id AND k.inreach_right = 1
    AND (k.prison IS NULL OR k.prison = i.prison)
  CROSS JOIN ru_now n
  WHERE i.state IN ('ACTIVE', 'ENDED')
  GROUP BY i.id HAVING max(coalesce(k.to_on, '9999-12-31')) < date(n.ms / 1000, 'unixepoch')
    AND (i.state = 'ACTIVE' OR i.to_on = max(k.to_on));
CREATE VIEW inreach_lapsed_case(coverage_id, case_id, prison) AS
  SELECT l.coverage_id, p.case_id, l.prison
  FROM inreach_lapsed l CROSS JOIN present_prison p ON p.prison = l.prison
  CROSS JOIN case_file c ON c.id = p.case_id AND c.owner_partner_id = l.partner_id
  WHERE c.phase IN ('ENQUIRY', 'ASSESSED', 'PRE_RELEASE');

CREATE TABLE staff_check(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  staff_id BLOB NOT NULL CHECK(length(staff_id) = 16) REFERENCES staff_user(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  prison TEXT CHECK(length(prison) = 3),
  done_on TEXT NOT NULL CHECK(done_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  expires_on TEXT CHECK(expires_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  reference TEXT CHECK(length(reference) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX staff_check_partner ON staff_check(partner_id);
CREATE INDEX staff_check_staff ON staff_check(staff_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (61, 'staff_check', 'partner', 'partner_id', 'PARTNER', 'granted', 1, 'Check of a worker',
    'That a worker may do what she does: a criminal record check, a prison''s clearance, training');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('staff_check', 'partner_id',      0, 'append', 'Partner', 'Whose record this is', NULL),
  ('staff_check', 'staff_id',        0, 'append', 'Worker', 'The staff member', NULL),
  ('staff_check', 'kind',            0, 'append', 'Kind', 'What was checked or learned', 'staff_check.kind'),
  ('staff_check', 'prison',          0, 'append', 'Prison', 'Agency code, of a prison''s own clearance', NULL),
  ('staff_check', 'done_on',         0, 'append', 'Done on', 'The day of the check', NULL),
  ('staff_check', 'expires_on',      0, 'append', 'Good until',
    'The last day on which it counts; empty: it does not end', NULL),
  ('staff_check', 'reference',       0, 'append', 'Reference', 'Number of the certificate, never what it says', NULL),
  ('staff_check', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('staff_check', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'staff_check';

CREATE TABLE liaison_log(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  body_id BLOB NOT NULL CHECK(length(body_id) = 16),
  staff_id BLOB CHECK(length(staff_id) = 16),
  about TEXT NOT NULL CHECK(length(about) BETWEEN 1 AND 200),
  note TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 4000),
  next_on TEXT CHECK(next_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX liaison_log_partner ON liaison_log(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (62, 'liaison_log', 'partner', 'partner_id', 'PARTNER', 'granted', 1, 'Liaison',
    'A talk with a body outside the network, about the programme and not about a woman');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('liaison_log', 'partner_id',      0, 'append', 'Partner', 'Whose record this is', NULL),
  ('liaison_log', 'body_id',         0, 'append', 'With', 'The body outside the network', NULL),
  ('liaison_log', 'staff_id',        0, 'append', 'By', 'The staff member', NULL),
  ('liaison_log', 'about',           0, 'append', 'About', 'The matter, in a line', NULL),
  ('liaison_log', 'note',            0, 'append', 'What was said', 'No names of women or children', NULL),
  ('liaison_log', 'next_on',         0, 'append', 'Next on', 'When to talk again', NULL),
  ('liaison_log', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('liaison_log', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'liaison_log';

CREATE TABLE funding_grant(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  funder TEXT NOT NULL CHECK(length(funder) BETWEEN 1 AND 200),
  purpose TEXT NOT NULL CHECK(length(purpose) BETWEEN 1 AND 60),
  amount_pence INTEGER NOT NULL CHECK(amount_pence >= 0),
  from_on TEXT CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  conditions TEXT NOT NULL DEFAULT '' CHECK(length(conditions) <= 2000),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX funding_grant_partner ON funding_grant(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (63, 'funding_grant', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Funding', 'Money given for a purpose');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('funding_grant', 'partner_id',   0, 'lww',    'Partner', 'Whose record this is', NULL),
  ('funding_grant', 'funder',       1, 'review', 'Funder', 'Who gives it', NULL),
  ('funding_grant', 'purpose',      1, 'review', 'Purpose',
    'To set up, to build or buy, or to run', 'funding_grant.purpose'),
  ('funding_grant', 'amount_pence', 2, 'review', 'Amount', 'In pence', NULL),
  ('funding_grant', 'from_on',      3, 'review', 'From', 'The first day for which it may be spent', NULL),
  ('funding_grant', 'to_on',        3, 'review', 'Until', 'The last day for which it may be spent', NULL),
  ('funding_grant', 'conditions',   4, 'lww',    'Conditions', 'What the funder asks for in return', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('funding_grant', 'amount_pence', 'pence');

CREATE TABLE funding_spend(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  grant_id BLOB NOT NULL CHECK(length(grant_id) = 16) REFERENCES funding_grant(id) DEFERRABLE INITIALLY DEFERRED,
  spent_on TEXT NOT NULL CHECK(spent_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  amount_pence INTEGER NOT NULL CHECK(amount_pence <> 0),
  category TEXT CHECK(length(category) <= 60),
  what TEXT CHECK(length(what) <= 200),
  corrects_id BLOB CHECK(length(corrects_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX funding_spend_partner ON funding_spend(partner_id);
CREATE INDEX funding_spend_grant ON funding_spend(grant_id);
CREATE INDEX funding_spend_corrects ON funding_spend(corrects_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (64, 'funding_spend', 'partner', 'partner_id', 'PARTNER', 'granted', 1, 'Spending',
    'Money of a grant that was spent; put right by a row that names the wrong one');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('funding_spend', 'partner_id',      0, 'append', 'Partner', 'Whose record this is', NULL),
  ('funding_spend', 'grant_id',        0, 'append', 'Funding', 'The grant that it came from', NULL),
  ('funding_spend', 'spent_on',        0, 'append', 'Spent on', 'The day of the payment', NULL),
  ('funding_spend', 'amount_pence',    0, 'append', 'Amount', 'In pence; below zero where money came back', NULL),
  ('funding_spend', 'category',        0, 'append', 'For', 'What it paid for', 'funding_spend.category'),
  ('funding_spend', 'what',            0, 'append', 'What', 'In a line, without names of women or children', NULL),
  ('funding_spend', 'corrects_id',     0, 'append', 'Corrects', 'The row that this one takes the place of', NULL),
  ('funding_spend', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('funding_spend', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'funding_spend';
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('funding_spend', 'amount_pence', 'pence');
-- What each grant has left. A row that another corrects does not count.
CREATE VIEW funding_left(grant_id, partner_id, amount_pence, spent_pence, left_pence) AS
  SELECT g.id, g.partner_id, g.amount_pence, coalesce(sum(s.amount_pence), 0),
    g.amount_pence - coalesce(sum(s.amount_pence), 0)
  FROM funding_grant g
  LEFT JOIN funding_spend s ON s.grant_id = g.id
    AND NOT EXISTS (SELECT 1 FROM funding_spend c WHERE c.corrects_id = s.id)
  GROUP BY g.id;

CREATE TABLE event_attendance(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  event_id BLOB NOT NULL CHECK(length(event_id) = 16),
  staff INTEGER CHECK(staff >= 0),
  volunteers INTEGER CHECK(volunteers >= 0),
  women INTEGER CHECK(women >= 0)
) STRICT;
CREATE INDEX event_attendance_partner ON event_attendance(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (65, 'event_attendance', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Attendance',
    'How many of a partner''s people came to a network event; heads, no names');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('event_attendance', 'partner_id', 0, 'lww', 'Partner', 'Whose record this is', NULL),
  ('event_attendance', 'event_id',   0, 'lww', 'Event', 'The network''s event', NULL),
  ('event_attendance', 'staff',      1, 'lww', 'Staff', 'How many workers came', NULL),
  ('event_attendance', 'volunteers', 2, 'lww', 'Volunteers', 'How many mentors and other volunteers came', NULL),
  ('event_attendance', 'women',      3, 'lww', 'Women', 'How many women of the programme came', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('event_attendance', 'staff', 'people'),
  ('event_attendance', 'volunteers', 'people'),
  ('event_attendance', 'women', 'people');

-- Asked by the hub, answered by each partner for itself, offline if need be.
CREATE TABLE stocktake_question(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  as_at TEXT NOT NULL CHECK(as_at GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  section TEXT NOT NULL CHECK(length(section) BETWEEN 1 AND 60),
  sort INTEGER NOT NULL CHECK(sort BETWEEN 0 AND 10000),
  question TEXT NOT NULL CHECK(length(question) BETWEEN 1 AND 1000)
) STRICT;
CREATE INDEX stocktake_question_as_at ON stocktake_question(as_at);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (66, 'stocktake_question', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Stocktake question',
    'What the network asks all its partners at a date');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('stocktake_question', 'as_at',    0, 'lww', 'As at', 'The date that the stocktake tells of', NULL),
  ('stocktake_question', 'section',  0, 'lww', 'Section',
    'The principle of good practice that it asks about', 'stocktake.section'),
  ('stocktake_question', 'sort',     0, 'lww', 'Order', 'Small numbers first', NULL),
  ('stocktake_question', 'question', 0, 'lww', 'Question', 'As it is put to the partners', NULL);

CREATE TABLE stocktake_return(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  as_at TEXT NOT NULL CHECK(as_at GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  question_id BLOB NOT NULL CHECK(length(question_id) = 16),
  answer TEXT NOT NULL DEFAULT '' CHECK(length(answer) <= 8000),
  state TEXT NOT NULL DEFAULT 'DRAFT' CHECK(state IN ('DRAFT', 'SENT', 'CLOSED'))
) STRICT;
CREATE INDEX stocktake_return_partner ON stocktake_return(partner_id);
CREATE INDEX stocktake_return_question ON stocktake_return(partner_id, question_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (67, 'stocktake_return', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Stocktake answer',
    'A partner''s answer to one question');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('stocktake_return', 'partner_id',  0, 'lww',   'Partner', 'Whose record this is', NULL),
  ('stocktake_return', 'as_at',       0, 'lww',   'As at', 'The date that the stocktake tells of', NULL),
  ('stocktake_return', 'question_id', 0, 'lww',   'Question', 'Which question this answers', NULL),
  ('stocktake_return', 'answer',      1, 'lww',   'Answer', 'In the partner''s own words', NULL),
  ('stocktake_return', 'state',       2, 'state', 'State',
    'A draft is seen by the partner; sent, the network counts it', NULL);
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('stocktake_return', 'answer', 'partner_id,question_id', 'One question was answered twice');
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('stocktake_return', 'state', 'DRAFT',  0, 0,  'Draft'),
  ('stocktake_return', 'state', 'SENT',   0, 10, 'Sent'),
  ('stocktake_return', 'state', 'CLOSED', 1, 0,  'Closed');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('stocktake_return', 'state', NULL, 'DRAFT', 'OWNER', ''),
  ('stocktake_return', 'state', NULL, 'SENT', 'OWNER', ''),
  ('stocktake_return', 'state', 'DRAFT', 'SENT', 'OWNER', ''),
  ('stocktake_return', 'state', 'SENT', 'DRAFT', 'OWNER', 'before it is closed'),
  ('stocktake_return', 'state', 'SENT', 'DRAFT', 'HUB', 'sent back with a question'),
  ('stocktake_return', 'state', 'SENT', 'CLOSED', 'HUB', '');
-- Who has still to answer what: every active partner, every question.
CREATE VIEW stocktake_missing(as_at, partner_id, question_id) AS
  SELECT q.as_at, p.id, q.id FROM stocktake_question q CROSS JOIN partner p
  WHERE p.active = 1 AND NOT EXISTS (
    SELECT 1 FROM stocktake_return r WHERE r.partner_id = p.id AND r.question_id = q.id AND r.state <> 'DRAFT');
