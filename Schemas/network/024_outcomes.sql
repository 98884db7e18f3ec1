-- What is counted in the end: the duty to refer, homes lived in, moving on, whether it lasts, whom the programme
-- reaches, what happens to her. Each is a row of its own, with its date and where it is known from; figures are worked
-- out from them.

CREATE TABLE duty_to_refer(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  la_gss TEXT NOT NULL CHECK(length(la_gss) = 9),
  reference TEXT CHECK(length(reference) <= 60),
  submitted_on TEXT NOT NULL CHECK(submitted_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  status TEXT NOT NULL DEFAULT 'SUBMITTED' CHECK(status IN ('SUBMITTED', 'ACCEPTED', 'NOT_ACCEPTED', 'WITHDRAWN')),
  outcome_reason TEXT CHECK(length(outcome_reason) <= 60),
  priority_need_basis TEXT CHECK(length(priority_need_basis) <= 60),
  decided_on TEXT CHECK(decided_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX duty_to_refer_case ON duty_to_refer(case_id);
CREATE INDEX duty_to_refer_la ON duty_to_refer(la_gss);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (90, 'duty_to_refer', 'case', 'case_id', 'HOUSING', 'granted', 0, 'Duty to refer',
    'A public body tells a local authority that she may be homeless; she picks which');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('duty_to_refer', 'case_id',             0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('duty_to_refer', 'la_gss',              1, 'review', 'Local authority',
    'GSS code of the district or unitary authority that she picked', NULL),
  ('duty_to_refer', 'reference',           1, 'review', 'Reference', 'The authority''s number for it', NULL),
  ('duty_to_refer', 'submitted_on',        1, 'review', 'Sent on', 'The day; she has to have agreed', NULL),
  ('duty_to_refer', 'status',              2, 'state',  'Status', 'What the authority decided', NULL),
  ('duty_to_refer', 'outcome_reason',      3, 'review', 'Because',
    'The authority''s reason', 'duty_to_refer.outcome_reason'),
  ('duty_to_refer', 'priority_need_basis', 3, 'review', 'Priority need',
    'Why she has it; without a child living with her often not', 'duty_to_refer.priority_need_basis'),
  ('duty_to_refer', 'decided_on',          3, 'review', 'Decided on', 'The day of the decision', NULL);
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('duty_to_refer', 'status', 'SUBMITTED',    0, 0,  'Sent'),
  ('duty_to_refer', 'status', 'ACCEPTED',     0, 10, 'Accepted'),
  ('duty_to_refer', 'status', 'NOT_ACCEPTED', 0, 20, 'Not accepted'),
  ('duty_to_refer', 'status', 'WITHDRAWN',    1, 0,  'Withdrawn');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('duty_to_refer', 'status', NULL, 'SUBMITTED', 'OWNER', ''),
  ('duty_to_refer', 'status', NULL, 'SUBMITTED', 'RECEIVER', ''),
  ('duty_to_refer', 'status', NULL, 'ACCEPTED', 'OWNER', ''),
  ('duty_to_refer', 'status', NULL, 'ACCEPTED', 'RECEIVER', ''),
  ('duty_to_refer', 'status', NULL, 'NOT_ACCEPTED', 'OWNER', ''),
  ('duty_to_refer', 'status', NULL, 'NOT_ACCEPTED', 'RECEIVER', ''),
  ('duty_to_refer', 'status', 'SUBMITTED', 'ACCEPTED', 'OWNER', ''),
  ('duty_to_refer', 'status', 'SUBMITTED', 'ACCEPTED', 'RECEIVER', ''),
  ('duty_to_refer', 'status', 'SUBMITTED', 'NOT_ACCEPTED', 'OWNER', ''),
  ('duty_to_refer', 'status', 'SUBMITTED', 'NOT_ACCEPTED', 'RECEIVER', ''),
  ('duty_to_refer', 'status', 'NOT_ACCEPTED', 'ACCEPTED', 'OWNER', ''),
  ('duty_to_refer', 'status', 'NOT_ACCEPTED', 'ACCEPTED', 'RECEIVER', ''),
  ('duty_to_refer', 'status', 'SUBMITTED', 'WITHDRAWN', 'OWNER', ''),
  ('duty_to_refer', 'status', 'SUBMITTED', 'WITHDRAWN', 'RECEIVER', ''),
  ('duty_to_refer', 'status', 'ACCEPTED', 'WITHDRAWN', 'OWNER', ''),
  ('duty_to_refer', 'status', 'ACCEPTED', 'WITHDRAWN', 'RECEIVER', ''),
  ('duty_to_refer', 'status', 'NOT_ACCEPTED', 'WITHDRAWN', 'OWNER', ''),
  ('duty_to_refer', 'status', 'NOT_ACCEPTED', 'WITHDRAWN', 'RECEIVER', '');
-- The catch: without her children no priority need, without a home no children. Women with a child under eighteen who
-- is not with them, and what the authority said.
CREATE VIEW catch_22(case_id, duty_id, status, outcome_reason) AS
  SELECT d.case_id, d.id, d.status, d.outcome_reason FROM duty_to_refer d
  WHERE d.status <> 'WITHDRAWN' AND EXISTS (
    SELECT 1 FROM child c CROSS JOIN child_care_episode e ON e.child_id = c.id
    WHERE c.case_id = d.case_id AND e.to_on IS NULL AND coalesce(e.placement_type, '') <> 'WITH_MOTHER'
      AND coalesce(c.date_of_birth, '9999') > date(d.submitted_on, '-18 years'));

CREATE TABLE occupancy_event(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  occupancy_id BLOB NOT NULL CHECK(length(occupancy_id) = 16) REFERENCES occupancy(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  on_date TEXT NOT NULL CHECK(on_date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  previous_depart_on TEXT CHECK(previous_depart_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  new_depart_on TEXT CHECK(new_depart_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  authorised INTEGER NOT NULL DEFAULT 1 CHECK(authorised IN (0, 1)),
  reason TEXT CHECK(length(reason) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX occupancy_event_case ON occupancy_event(case_id);
CREATE INDEX occupancy_event_occupancy ON occupancy_event(occupancy_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (91, 'occupancy_event', 'case', 'case_id', 'HOUSING', 'granted', 1, 'Event of a home',
    'What became of a booking, and why; the latest governs');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('occupancy_event', 'case_id',            0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('occupancy_event', 'occupancy_id',       0, 'append', 'Home for her', 'Which booking', NULL),
  ('occupancy_event', 'kind',               0, 'append', 'Kind', 'What happened', 'occupancy_event.kind'),
  ('occupancy_event', 'on_date',            0, 'append', 'On',
    'The day; an arrival may be told fourteen days late', NULL),
  ('occupancy_event', 'previous_depart_on', 0, 'append', 'Departure before', 'Of an extension', NULL),
  ('occupancy_event', 'new_depart_on',      0, 'append', 'Departure now', 'Of an extension', NULL),
  ('occupancy_event', 'authorised',         0, 'append', 'Authorised', 'No, where she stayed on without leave', NULL),
  ('occupancy_event', 'reason',             0, 'append', 'Because',
    'Of a departure or a cancelling', 'occupancy_event.reason'),
  ('occupancy_event', 'recorded_for_at',    0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('occupancy_event', 'entered_at',         0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'occupancy_event';

CREATE TABLE move_on(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  moved_on TEXT NOT NULL CHECK(moved_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  category TEXT CHECK(length(category) <= 60),
  planned INTEGER CHECK(planned IN (0, 1)),
  departure_reason TEXT CHECK(length(departure_reason) <= 60),
  ete_status TEXT NOT NULL DEFAULT 'UNKNOWN' CHECK(length(ete_status) BETWEEN 1 AND 60),
  tenancy_type TEXT CHECK(length(tenancy_type) <= 60),
  tenancy_start TEXT CHECK(tenancy_start GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX move_on_case ON move_on(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (92, 'move_on', 'case', 'case_id', 'HOUSING', 'granted', 0, 'Move-on',
    'She leaves the programme''s home, or its support, for a life of her own');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('move_on', 'case_id',          0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('move_on', 'moved_on',         1, 'review', 'Moved on', 'The day', NULL),
  ('move_on', 'category',         1, 'review', 'To', 'What she moved to', 'move_on.category'),
  ('move_on', 'planned',          1, 'review', 'Planned', 'Whether it went as planned', NULL),
  ('move_on', 'departure_reason', 1, 'review', 'Because', 'Of an unplanned departure', 'move_on.departure_reason'),
  ('move_on', 'ete_status',       2, 'review', 'Work or learning',
    'On that day; a business of her own is self-employed', 'move_on.ete_status'),
  ('move_on', 'tenancy_type',     3, 'review', 'Tenancy', 'What she signed there', 'housing_agreement.tenancy_type'),
  ('move_on', 'tenancy_start',    3, 'review', 'Tenancy from', 'The first day of it', NULL);

CREATE TABLE tenancy_check(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  counted_from TEXT NOT NULL DEFAULT 'MOVE_IN' CHECK(counted_from IN ('RELEASE', 'MOVE_IN', 'MOVE_ON')),
  at_months INTEGER NOT NULL CHECK(at_months IN (0, 3, 6, 12)),
  checked_on TEXT NOT NULL DEFAULT (date('now')) CHECK(checked_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  type TEXT CHECK(length(type) <= 60),
  sustained INTEGER CHECK(sustained IN (0, 1)),
  gap_days INTEGER CHECK(gap_days BETWEEN 0 AND 10000),
  source TEXT CHECK(length(source) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX tenancy_check_case ON tenancy_check(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (93, 'tenancy_check', 'case', 'case_id', 'HOUSING', 'granted', 1, 'Home check',
    'Where she lives at a fixed time after release or after moving in');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('tenancy_check', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('tenancy_check', 'counted_from',    0, 'append', 'After', 'Release, moving in, or moving on', NULL),
  ('tenancy_check', 'at_months',       0, 'append', 'Months', 'None: the first night', NULL),
  ('tenancy_check', 'checked_on',      0, 'append', 'Checked on', 'The day', NULL),
  ('tenancy_check', 'type',            0, 'append', 'Kind of home',
    'Settled, transient or none follows from it', 'address.type'),
  ('tenancy_check', 'sustained',       0, 'append', 'Same or better',
    'Whether it is the same home or a better one', NULL),
  ('tenancy_check', 'gap_days',        0, 'append', 'Nights without', 'Nights without a home in between', NULL),
  ('tenancy_check', 'source',          0, 'append', 'Known from', 'Who says so', 'outcome_event.source'),
  ('tenancy_check', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('tenancy_check', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'tenancy_check';
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('tenancy_check', 'at_months', 'months'),
  ('tenancy_check', 'gap_days', 'nights');

CREATE TABLE engagement_event(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  with_whom TEXT NOT NULL DEFAULT 'FAMILY' CHECK(with_whom IN ('WOMAN', 'CHILD', 'FAMILY')),
  role TEXT CHECK(length(role) <= 60),
  minutes INTEGER CHECK(minutes BETWEEN 0 AND 1440),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX engagement_event_case ON engagement_event(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (94, 'engagement_event', 'case', 'case_id', 'NEEDS', 'granted', 1, 'Engagement',
    'A contact that took place, or that failed');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('engagement_event', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('engagement_event', 'kind',            0, 'append', 'Kind', 'What it was', 'engagement_event.kind'),
  ('engagement_event', 'with_whom',       0, 'append', 'With', 'The woman, a child, the family', NULL),
  ('engagement_event', 'role',            0, 'append', 'By', 'The worker''s role', 'staff_user.role'),
  ('engagement_event', 'minutes',         0, 'append', 'Minutes', 'How long it was', NULL),
  ('engagement_event', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('engagement_event', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'engagement_event';
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('engagement_event', 'minutes', 'minutes');

CREATE TABLE outcome_event(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  occurred_on TEXT NOT NULL CHECK(occurred_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  child_id BLOB CHECK(length(child_id) = 16),
  disposal TEXT CHECK(length(disposal) <= 60),
  proven_on TEXT CHECK(proven_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  source TEXT NOT NULL CHECK(length(source) BETWEEN 1 AND 60),
  verified INTEGER NOT NULL DEFAULT 0 CHECK(verified IN (0, 1)),
  corrects_id BLOB CHECK(length(corrects_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  befell BLOB GENERATED ALWAYS AS (CASE WHEN corrects_id IS NULL THEN coalesce(child_id, case_id) END) VIRTUAL
) STRICT;
CREATE INDEX outcome_event_case ON outcome_event(case_id);
CREATE INDEX outcome_event_kind ON outcome_event(befell, kind, occurred_on);
CREATE INDEX outcome_event_corrects ON outcome_event(corrects_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (95, 'outcome_event', 'case', 'case_id', 'OFFENCE', 'granted', 1, 'Outcome',
    'What the programme is judged by; a recall is not a reoffence, and both may be true');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('outcome_event', 'case_id',         0, 'append', 'Case', 'The case that this belongs to', NULL),
  ('outcome_event', 'kind',            0, 'append', 'Kind', 'What happened', 'outcome_event.kind'),
  ('outcome_event', 'occurred_on',     0, 'append', 'On',
    'The day on which it happened, of an offence the day of the offence', NULL),
  ('outcome_event', 'child_id',        0, 'append', 'Child', 'Of a child''s return or removal', NULL),
  ('outcome_event', 'disposal',        0, 'append', 'Proven by',
    'Of an offence: conviction or caution; empty while it is not proven', 'outcome_event.disposal'),
  ('outcome_event', 'proven_on',       0, 'append', 'Proven on', 'The day of the conviction or caution', NULL),
  ('outcome_event', 'source',          0, 'append', 'Known from', 'Who says so', 'outcome_event.source'),
  ('outcome_event', 'verified',        0, 'append', 'Verified', 'Seen in a record, not only told', NULL),
  ('outcome_event', 'corrects_id',     0, 'append', 'Corrects', 'The row that this one takes the place of', NULL),
  ('outcome_event', 'recorded_for_at', 0, 'append', 'When it happened', 'May be long before it was typed', NULL),
  ('outcome_event', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'outcome_event';
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('outcome_event', 'day', 'befell,kind,occurred_on', 'One event was entered twice');
-- The same kind within a week of each other is one event more often than two; a person says which.
CREATE VIEW outcome_event_near(case_id, kind, id, other_id) AS
  SELECT a.case_id, a.kind, a.id, b.id FROM outcome_event a
  CROSS JOIN outcome_event b ON b.case_id = a.case_id AND b.kind = a.kind AND b.id > a.id
    AND b.child_id IS a.child_id AND abs(julianday(b.occurred_on) - julianday(a.occurred_on)) <= 7
  WHERE NOT EXISTS (SELECT 1 FROM outcome_event c WHERE c.corrects_id IN (a.id, b.id))
    AND a.corrects_id IS NOT b.id AND b.corrects_id IS NOT a.id;
-- Days for which a child has been away from her while she looked for a home.
CREATE VIEW child_in_limbo(case_id, child_id, from_on, days) AS
  SELECT e.case_id, e.child_id, e.from_on,
    CAST(julianday(date(n.ms / 1000, 'unixepoch')) - julianday(e.from_on) AS INTEGER)
  FROM child_care_episode e CROSS JOIN ru_now n
  WHERE e.to_on IS NULL AND coalesce(e.placement_type, '') <> 'WITH_MOTHER'
    AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.case_id = e.case_id AND o.status = 'ARRIVED');
-- Women for whom a home is lined up: accepted, and not released yet.
CREATE VIEW pipeline(referral_id, case_id, to_partner_id, release_date) AS
  SELECT r.id, r.case_id, r.to_partner_id, r.release_date FROM referral r CROSS JOIN ru_now n
  WHERE r.state IN ('ACCEPTED', 'HANDOVER') AND coalesce(r.release_date, '9999') >= date(n.ms / 1000, 'unixepoch');
