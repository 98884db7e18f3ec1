-- Homes: what a partner has to let, and who asked for which home from when to when.

CREATE TABLE property(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  type TEXT NOT NULL DEFAULT 'FAMILY_HOME' CHECK(length(type) BETWEEN 1 AND 40),
  lines TEXT CHECK(length(lines) <= 400),
  postcode TEXT CHECK(length(postcode) <= 8),
  uprn TEXT CHECK(length(uprn) <= 12),
  women_only INTEGER NOT NULL DEFAULT 1 CHECK(women_only IN (0, 1)),
  children_ok INTEGER NOT NULL DEFAULT 1 CHECK(children_ok IN (0, 1)),
  step_free INTEGER NOT NULL DEFAULT 0 CHECK(step_free IN (0, 1)),
  near_school INTEGER NOT NULL DEFAULT 0 CHECK(near_school IN (0, 1)),
  sensitive_let INTEGER NOT NULL DEFAULT 0 CHECK(sensitive_let IN (0, 1)),
  shared INTEGER NOT NULL DEFAULT 0 CHECK(shared IN (0, 1))
) STRICT;
CREATE INDEX property_partner ON property(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (6, 'property', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Property', 'A house or building; others hear of homes, not of addresses');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('property', 'partner_id',    0, 'lww',    'Partner',       'Whose record this is', NULL),
  ('property', 'name',          1, 'lww',    'Name',          'What workers call it', NULL),
  ('property', 'type',          2, 'lww',    'Type',          'House, hostel or room', 'property.type'),
  ('property', 'lines',         3, 'review', 'Address',       'Shown to this partner only', NULL),
  ('property', 'postcode',      3, 'review', 'Postcode',      'Shown to this partner only', NULL),
  ('property', 'uprn',          3, 'review', 'UPRN',          'Unique property reference number', NULL),
  ('property', 'women_only',    4, 'lww',    'Women only',    'No men live there', NULL),
  ('property', 'children_ok',   5, 'lww',    'Children may live here', 'Whether the lease and the house allow it', NULL),
  ('property', 'step_free',     6, 'lww',    'Step-free',     'From the street to the bathroom', NULL),
  ('property', 'near_school',   7, 'lww',    'Near a school', 'Within walking distance', NULL),
  ('property', 'sensitive_let', 8, 'lww',    'Sensitive let', 'Ask before anyone is offered it', NULL),
  ('property', 'shared',        9, 'lww',    'Shared',        'Several families share kitchen or bathroom', NULL);

CREATE TABLE unit(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  property_id BLOB NOT NULL CHECK(length(property_id) = 16) REFERENCES property(id) DEFERRABLE INITIALLY DEFERRED,
  ref TEXT NOT NULL CHECK(length(ref) BETWEEN 3 AND 60 AND ref GLOB '*[0-9A-Za-z]*'),
  bedrooms INTEGER CHECK(bedrooms BETWEEN 0 AND 20),
  max_children INTEGER CHECK(max_children BETWEEN 0 AND 20),
  online_from TEXT CHECK(online_from GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  online_to TEXT CHECK(online_to GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX unit_partner ON unit(partner_id);
CREATE INDEX unit_ref ON unit(property_id, ref);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (7, 'unit', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Home', 'What one family lives in: a house, a flat, a room');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('unit', 'partner_id',   0, 'lww',    'Partner',       'Whose record this is', NULL),
  ('unit', 'property_id',  0, 'lww',    'Property',      'The house or building that it is in', NULL),
  ('unit', 'ref',          1, 'lww',    'Reference',     'Unlike any other of the property', NULL),
  ('unit', 'bedrooms',     2, 'lww',    'Bedrooms',      'How many it has', NULL),
  ('unit', 'max_children', 3, 'lww',    'Children at most', 'What the licence or good sense allows', NULL),
  ('unit', 'online_from',  4, 'lww',    'To let from',   'The first day', NULL),
  ('unit', 'online_to',    5, 'review', 'To let until',  'Taking a home away can strand a family', NULL);
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('unit', 'reference', 'property_id,ref', 'Two homes of one property have one reference');

-- Days on which a home cannot be let. Taken back by a row that names it.
CREATE TABLE void_period(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  unit_id BLOB NOT NULL CHECK(length(unit_id) = 16) REFERENCES unit(id) DEFERRABLE INITIALLY DEFERRED,
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT NOT NULL CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  reason TEXT NOT NULL CHECK(length(reason) BETWEEN 1 AND 60),
  cost_centre TEXT CHECK(length(cost_centre) <= 40),
  cancels_id BLOB CHECK(length(cancels_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX void_period_partner ON void_period(partner_id);
CREATE INDEX void_period_unit ON void_period(unit_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (8, 'void_period', 'partner', 'partner_id', 'PARTNER', 'granted', 1, 'Void', 'A home out of use');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('void_period', 'partner_id',      0, 'append', 'Partner',     'Whose record this is', NULL),
  ('void_period', 'unit_id',         0, 'append', 'Home',        'Which home', NULL),
  ('void_period', 'from_on',         0, 'append', 'From',        'The first day', NULL),
  ('void_period', 'to_on',           0, 'append', 'To',          'The last day', NULL),
  ('void_period', 'reason',          0, 'append', 'Reason',      'Why nobody can live there', 'void_period.reason'),
  ('void_period', 'cost_centre',     0, 'append', 'Cost centre', 'Who pays for the days', NULL),
  ('void_period', 'cancels_id',      0, 'append', 'Cancels',     'The void that this row takes back', NULL),
  ('void_period', 'recorded_for_at', 0, 'append', 'When it was decided', 'The moment of the decision, not of the typing', NULL),
  ('void_period', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);

-- Heads, no names. Two tablets that count seven and five at one session have counted twelve.
CREATE TABLE drop_in_session(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  kind TEXT NOT NULL DEFAULT 'LEGAL_DROP_IN' CHECK(length(kind) BETWEEN 1 AND 40),
  held_on TEXT NOT NULL CHECK(held_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  attendees INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX drop_in_session_partner ON drop_in_session(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (9, 'drop_in_session', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Drop-in session', 'An hour to which anyone may come; heads are counted, no names');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('drop_in_session', 'partner_id', 0, 'lww',     'Partner',   'Whose record this is', NULL),
  ('drop_in_session', 'kind',       1, 'lww',     'Kind',      'Which service', 'drop_in_session.kind'),
  ('drop_in_session', 'held_on',    1, 'lww',     'Held on',   'The day', NULL),
  ('drop_in_session', 'attendees',  2, 'counter', 'Attendees', 'How many came', NULL);

-- A home for a woman, from one night to another. What is written away from the hub is a request; the hub alone
-- confirms it, so that no home is given twice. The home belongs to another scope: a weak reference.
CREATE TABLE occupancy(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  unit_id BLOB NOT NULL CHECK(length(unit_id) = 16),
  arrive_on TEXT NOT NULL CHECK(arrive_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  depart_on TEXT NOT NULL CHECK(depart_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  status TEXT NOT NULL DEFAULT 'REQUESTED' CHECK(status IN
    ('REQUESTED', 'PROVISIONAL', 'CONFIRMED', 'ARRIVED', 'REFUSED', 'CANCELLED', 'NOT_ARRIVED', 'DEPARTED', 'ENDED')),
  CHECK(arrive_on < depart_on)
) STRICT;
CREATE INDEX occupancy_case ON occupancy(case_id);
CREATE INDEX occupancy_unit ON occupancy(unit_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (25, 'occupancy', 'case', 'case_id', 'HOUSING', 'granted', 0, 'Home for her', 'Asked for, held, lived in, ended');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('occupancy', 'case_id',   0, 'lww',   'Case',    'The case that this belongs to', NULL),
  ('occupancy', 'unit_id',   1, 'alloc', 'Home',    'Which home', NULL),
  ('occupancy', 'arrive_on', 1, 'alloc', 'Arrives', 'The first night', NULL),
  ('occupancy', 'depart_on', 1, 'alloc', 'Departs', 'The day after the last night', NULL),
  ('occupancy', 'status',    1, 'alloc', 'Status',  'The hub alone confirms', NULL);
-- A home asked for after acceptance: the receiver does the asking.
INSERT INTO stage_write(state, side, scope_kind, class) VALUES
  ('ACCEPTED', 'RECEIVER', 'case', 'HOUSING'),
  ('HANDOVER', 'RECEIVER', 'case', 'HOUSING');
INSERT INTO value_dependent(tbl, col, child_tbl, child_col) VALUES
  ('custody_episode', 'release_date', 'occupancy', 'case_id'),
  ('risk_flag',       'level',        'occupancy', 'case_id');

-- Which columns give something that can be had once, and what each status means for it.
CREATE TABLE allocation(
  tbl TEXT NOT NULL PRIMARY KEY,
  unit_col TEXT NOT NULL,
  from_col TEXT NOT NULL,
  to_col TEXT NOT NULL,                    -- not included
  status_col TEXT NOT NULL,
  grp INTEGER NOT NULL,
  pool TEXT NOT NULL                       -- tables of one pool give away the same things
) STRICT;
CREATE TABLE allocation_state(
  tbl TEXT NOT NULL,
  value TEXT NOT NULL,
  sort INTEGER NOT NULL,                   -- of a kind's statuses the hub writes the first
  kind TEXT NOT NULL CHECK(kind IN ('REQUEST', 'HOLDS', 'REFUSED', 'RELEASED')),
  label TEXT NOT NULL,
  PRIMARY KEY(tbl, value)
) STRICT, WITHOUT ROWID;
INSERT INTO allocation(tbl, unit_col, from_col, to_col, status_col, grp, pool) VALUES
  ('occupancy', 'unit_id', 'arrive_on', 'depart_on', 'status', 1, 'HOME');
INSERT INTO allocation_state(tbl, value, sort, kind, label) VALUES
  ('occupancy', 'REQUESTED',   0, 'REQUEST',  'Asked for'),
  ('occupancy', 'CONFIRMED',   0, 'HOLDS',    'Confirmed'),
  ('occupancy', 'PROVISIONAL', 1, 'HOLDS',    'Held for a while'),
  ('occupancy', 'ARRIVED',     2, 'HOLDS',    'She lives there'),
  ('occupancy', 'REFUSED',     0, 'REFUSED',  'Not available then'),
  ('occupancy', 'CANCELLED',   0, 'RELEASED', 'Cancelled'),
  ('occupancy', 'NOT_ARRIVED', 1, 'RELEASED', 'She did not come'),
  ('occupancy', 'DEPARTED',    2, 'RELEASED', 'She left'),
  ('occupancy', 'ENDED',       3, 'RELEASED', 'Ended otherwise');
CREATE VIEW ru_allocation(tbl, unit_col, from_col, to_col, status_col, grp) AS
  SELECT tbl, unit_col, from_col, to_col, status_col, grp FROM allocation;
CREATE VIEW ru_allocation_with(tbl, other) AS
  SELECT a.tbl, b.tbl FROM allocation a JOIN allocation b ON b.pool = a.pool AND b.tbl <> a.tbl;
CREATE VIEW ru_allocation_state(tbl, value, kind) AS
  SELECT tbl, value, kind FROM allocation_state ORDER BY tbl, kind, sort;
