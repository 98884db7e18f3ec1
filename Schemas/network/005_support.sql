-- What a case needs besides: her other names, how to reach her and how not, identifiers, custody, restrictions, risk,
-- addresses, where her children live, visits. Each table is bounded by its case.

-- Two more classes: where she is and when she comes out is told with a referral (T2), where she is to live from the
-- assessment on (T3).
INSERT INTO ru_class(bit, code, label) VALUES
  (15, 'CUSTODY', 'Prison, release and visits'),
  (16, 'HOUSING', 'Homes asked for and held for her');
INSERT INTO tier_class(tier, class)
  WITH added(tier, class) AS (VALUES ('T2', 'CUSTODY'), ('T3', 'HOUSING'))
  SELECT t.code, a.class FROM referral_tier t JOIN added a ON a.tier <= t.code WHERE t.code GLOB 'T[0-5]';

-- Columns of policy `most-protective`: of two values the higher rank stands at once, and only a person lowers it.
CREATE TABLE protection_rank(
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  value TEXT NOT NULL,
  rank INTEGER NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY(tbl, col, value)
) STRICT, WITHOUT ROWID;
CREATE VIEW ru_protection(tbl, col, value, rank) AS SELECT tbl, col, value, rank FROM protection_rank;

-- Rows with a class of their own: which shown value of the class column means which class. What is not named here has
-- the table's class, which protects most.
CREATE TABLE row_class(
  tbl TEXT NOT NULL,
  value TEXT NOT NULL,
  class TEXT NOT NULL REFERENCES ru_class(code),
  PRIMARY KEY(tbl, value)
) STRICT, WITHOUT ROWID;
CREATE VIEW ru_row_class(tbl, value, class) AS SELECT tbl, value, class FROM row_class;

-- Columns that should tell rows apart. Two rows with the same values both stay, and a person is asked; a row in which
-- one of them is NULL clashes with nothing. `cols` is separated by commas and may name computed columns; an index on
-- them keeps the question cheap.
CREATE TABLE natural_key(
  tbl TEXT NOT NULL,
  name TEXT NOT NULL,
  cols TEXT NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY(tbl, name)
) STRICT, WITHOUT ROWID;
CREATE VIEW ru_natural_key(tbl, name, cols) AS SELECT tbl, name, cols FROM natural_key;
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('case_file',  'reference', 'ref',               'Two cases have one reference'),
  ('staff_user', 'login',     'partner_id,login',  'Two people have one login');
CREATE INDEX case_file_ref ON case_file(ref);
CREATE INDEX staff_user_login ON staff_user(partner_id, login);

-- What hangs on a value, for whoever decides about it: rows of `child_tbl` whose `child_col` names the same case.
CREATE TABLE value_dependent(
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  child_tbl TEXT NOT NULL,
  child_col TEXT NOT NULL,
  PRIMARY KEY(tbl, col, child_tbl)
) STRICT, WITHOUT ROWID;
CREATE VIEW ru_dependent(tbl, col, child_tbl, child_col) AS
  SELECT tbl, col, child_tbl, child_col FROM value_dependent;

-- Other names that she has or had: a birth name, a married name, what an agency wrote.
CREATE TABLE person_alias(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  person_id BLOB NOT NULL CHECK(length(person_id) = 16) REFERENCES person(id) DEFERRABLE INITIALLY DEFERRED,
  first_name TEXT CHECK(length(first_name) <= 100),
  last_name TEXT CHECK(length(last_name) <= 100),
  source TEXT CHECK(length(source) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX person_alias_case ON person_alias(case_id);
CREATE INDEX person_alias_person ON person_alias(person_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (16, 'person_alias', 'case', 'case_id', 'IDENTITY', 'granted', 1, 'Other name', 'A name that she has or had besides');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('person_alias', 'case_id',         0, 'append', 'Case',       'The case that this belongs to', NULL),
  ('person_alias', 'person_id',       0, 'append', 'Woman',      'The woman of this case', NULL),
  ('person_alias', 'first_name',      0, 'append', 'First name', 'As the other source has it', NULL),
  ('person_alias', 'last_name',       0, 'append', 'Last name',  'As the other source has it', NULL),
  ('person_alias', 'source',          0, 'append', 'Source',     'Who uses it', 'person_identifier.source'),
  ('person_alias', 'recorded_for_at', 0, 'append', 'When it was told', 'When somebody said or read it', NULL),
  ('person_alias', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);

-- A wrong "safe to call" can kill: whatever was typed last, the more careful answer stands.
CREATE TABLE person_phone(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  person_id BLOB NOT NULL CHECK(length(person_id) = 16) REFERENCES person(id) DEFERRABLE INITIALLY DEFERRED,
  number TEXT NOT NULL CHECK(length(number) BETWEEN 1 AND 30),
  safe_to_call TEXT NOT NULL DEFAULT 'UNKNOWN' CHECK(safe_to_call IN ('YES', 'UNKNOWN', 'NO')),
  safe_to_text TEXT NOT NULL DEFAULT 'UNKNOWN' CHECK(safe_to_text IN ('YES', 'UNKNOWN', 'NO')),
  safe_times TEXT CHECK(length(safe_times) <= 200)
) STRICT;
CREATE INDEX person_phone_case ON person_phone(case_id);
CREATE INDEX person_phone_person ON person_phone(person_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (17, 'person_phone', 'case', 'case_id', 'CONTACT', 'granted', 0, 'Telephone', 'A number of hers, and whether it is safe');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('person_phone', 'case_id',      0, 'lww',             'Case',         'The case that this belongs to', NULL),
  ('person_phone', 'person_id',    0, 'lww',             'Woman',        'The woman of this case', NULL),
  ('person_phone', 'number',       1, 'lww',             'Number',       'With country code where known: +44…', NULL),
  ('person_phone', 'safe_to_call', 2, 'most-protective', 'Safe to call', 'Unknown means: ask her first', NULL),
  ('person_phone', 'safe_to_text', 3, 'most-protective', 'Safe to text', 'Unknown means: ask her first', NULL),
  ('person_phone', 'safe_times',   4, 'review',          'Safe times',   'In words; say also whether to leave a message', NULL);
INSERT INTO protection_rank(tbl, col, value, rank, label) VALUES
  ('person_phone', 'safe_to_call', 'YES',     0,  'Safe'),
  ('person_phone', 'safe_to_call', 'UNKNOWN', 10, 'Not known: ask her first'),
  ('person_phone', 'safe_to_call', 'NO',      20, 'Not safe'),
  ('person_phone', 'safe_to_text', 'YES',     0,  'Safe'),
  ('person_phone', 'safe_to_text', 'UNKNOWN', 10, 'Not known: ask her first'),
  ('person_phone', 'safe_to_text', 'NO',      20, 'Not safe');

-- As typed: whether a number has the right form and check letter is worked out when it is read, and one that has not
-- is kept, shown as doubtful, and never used to find her elsewhere.
CREATE TABLE person_identifier(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  person_id BLOB NOT NULL CHECK(length(person_id) = 16) REFERENCES person(id) DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL CHECK(length(type) BETWEEN 1 AND 40),
  value TEXT NOT NULL CHECK(length(value) BETWEEN 1 AND 60),
  source TEXT CHECK(length(source) <= 60),
  verified INTEGER NOT NULL DEFAULT 0 CHECK(verified IN (0, 1)),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX person_identifier_case ON person_identifier(case_id);
CREATE INDEX person_identifier_person ON person_identifier(person_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (18, 'person_identifier', 'case', 'case_id', 'IDENTITY', 'granted', 1, 'Identifier', 'A number by which an agency knows her');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('person_identifier', 'case_id',         0, 'append', 'Case',     'The case that this belongs to', NULL),
  ('person_identifier', 'person_id',       0, 'append', 'Woman',    'The woman of this case', NULL),
  ('person_identifier', 'type',            0, 'append', 'Type',     'Which agency''s number', 'person_identifier.type'),
  ('person_identifier', 'value',           0, 'append', 'Value',    'As it was read or told', NULL),
  ('person_identifier', 'source',          0, 'append', 'Source',   'Where it was read', 'person_identifier.source'),
  ('person_identifier', 'verified',        0, 'append', 'Verified', 'Seen on a document or with the agency itself', NULL),
  ('person_identifier', 'recorded_for_at', 0, 'append', 'When it was told', 'When somebody said or read it', NULL),
  ('person_identifier', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);

-- A bed depends on the release date, so two dates are always a question. `basis` says who gave it; its codes are in
-- the order of trust, so that a reviewer sees which source stands higher.
CREATE TABLE custody_episode(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  prison TEXT CHECK(length(prison) = 3),
  received_on TEXT CHECK(received_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  release_date TEXT CHECK(release_date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  release_type TEXT CHECK(length(release_type) <= 40),
  basis TEXT CHECK(length(basis) <= 40),
  confirmed INTEGER NOT NULL DEFAULT 0 CHECK(confirmed IN (0, 1)),
  inreach_partner_id BLOB CHECK(length(inreach_partner_id) = 16)
) STRICT;
CREATE INDEX custody_episode_case ON custody_episode(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (19, 'custody_episode', 'case', 'case_id', 'CUSTODY', 'granted', 0, 'Custody', 'A time in prison; a recall is another');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('custody_episode', 'case_id',      0, 'lww',    'Case',         'The case that this belongs to', NULL),
  ('custody_episode', 'prison',       1, 'lww',    'Prison',       'Prison service agency code', NULL),
  ('custody_episode', 'received_on',  1, 'lww',    'Received on',  'The day on which she came to this prison', NULL),
  ('custody_episode', 'release_date', 2, 'review', 'Release date', 'Her home and her children''s return hang on it', NULL),
  ('custody_episode', 'release_type', 2, 'review', 'Release type', 'Under which rule she leaves', 'custody_episode.release_type'),
  ('custody_episode', 'basis',        2, 'review', 'Given by',     'The source of the date', 'custody_episode.basis'),
  ('custody_episode', 'confirmed',    2, 'review', 'Confirmed',    'The prison stands by the date', NULL),
  ('custody_episode', 'inreach_partner_id', 3, 'hub-only', 'In-reach by', 'The partner that works in that prison', NULL);
INSERT INTO value_dependent(tbl, col, child_tbl, child_col) VALUES ('custody_episode', 'release_date', 'visit', 'case_id');

-- An order is never edited away: lifting it is a new row that names it, made by a manager.
CREATE TABLE contact_restriction(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  subject_id BLOB NOT NULL CHECK(length(subject_id) = 16),
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 40),
  other_party TEXT CHECK(length(other_party) <= 200),
  order_ref TEXT CHECK(length(order_ref) <= 100),
  from_on TEXT CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  lifts_id BLOB CHECK(length(lifts_id) = 16),
  breaches_id BLOB CHECK(length(breaches_id) = 16),
  confirmed INTEGER NOT NULL DEFAULT 0 CHECK(confirmed IN (0, 1)),
  about_id BLOB GENERATED ALWAYS AS (CASE WHEN confirmed = 0 THEN coalesce(lifts_id, breaches_id) END) VIRTUAL,
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX contact_restriction_case ON contact_restriction(case_id);
CREATE INDEX contact_restriction_about ON contact_restriction(about_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (20, 'contact_restriction', 'case', 'case_id', 'CONTACT', 'granted', 1, 'Contact restriction',
    'An order or rule about who may not reach whom; in force until a row lifts it');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('contact_restriction', 'case_id',         0, 'append', 'Case',        'The case that this belongs to', NULL),
  ('contact_restriction', 'subject_id',      0, 'append', 'Protects',    'The woman or the child', NULL),
  ('contact_restriction', 'kind',            0, 'append', 'Kind',        'What it forbids', 'contact_restriction.kind'),
  ('contact_restriction', 'other_party',     0, 'append', 'Other party', 'Who must keep away', NULL),
  ('contact_restriction', 'order_ref',       0, 'append', 'Order',       'The court''s reference', NULL),
  ('contact_restriction', 'from_on',         0, 'append', 'From',        'The first day on which it holds', NULL),
  ('contact_restriction', 'to_on',           0, 'append', 'To',          'The last day; empty: until it is lifted', NULL),
  ('contact_restriction', 'lifts_id',        0, 'append', 'Lifts',       'The restriction that this row ends', NULL),
  ('contact_restriction', 'breaches_id',     0, 'append', 'Breaches',    'The restriction that this incident broke', NULL),
  ('contact_restriction', 'confirmed',       0, 'append', 'Confirmed',   'A manager lifts it, knowing of every breach', NULL),
  ('contact_restriction', 'recorded_for_at', 0, 'append', 'When it was made', 'When the order, the lifting or the breach happened', NULL),
  ('contact_restriction', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
-- An order lifted in one place and broken in another: both rows stay, a person sees them side by side, and until a
-- manager lifts it once more, knowing of the breach, it is in force.
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('contact_restriction', 'lifted_or_broken', 'about_id', 'An order was lifted and broken, or broken more than once');
CREATE VIEW contact_restriction_in_force AS
  SELECT r.* FROM contact_restriction r
  WHERE r.lifts_id IS NULL AND r.breaches_id IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM contact_restriction l WHERE l.lifts_id = r.id
        AND (l.confirmed = 1 OR NOT EXISTS (SELECT 1 FROM contact_restriction b WHERE b.breaches_id = r.id)));

-- Raised in one place and lowered in another, the higher level is in force until a reviewer signs it down.
CREATE TABLE risk_flag(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 40),
  level TEXT NOT NULL DEFAULT 'HIGH' CHECK(level IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')),
  detail TEXT NOT NULL DEFAULT '' CHECK(length(detail) <= 4000),
  reviewed_on TEXT CHECK(reviewed_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  active INTEGER NOT NULL DEFAULT 1 CHECK(active IN (0, 1))
) STRICT;
CREATE INDEX risk_flag_case ON risk_flag(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (21, 'risk_flag', 'case', 'case_id', 'RISK', 'granted', 0, 'Risk', 'A risk of serious harm, or a panel that knows of one');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('risk_flag', 'case_id',     0, 'lww',             'Case',        'The case that this belongs to', NULL),
  ('risk_flag', 'kind',        1, 'lww',             'Kind',        'To whom, or which panel', 'risk_flag.kind'),
  ('risk_flag', 'level',       2, 'most-protective', 'Level',       'Only a review lowers it', NULL),
  ('risk_flag', 'detail',      3, 'review',          'Detail',      'Date and coordinator; a panel''s minutes stay outside', NULL),
  ('risk_flag', 'reviewed_on', 4, 'review',          'Reviewed on', 'When somebody last looked', NULL),
  ('risk_flag', 'active',      4, 'review',          'In force',    'Whether it still holds', NULL);
INSERT INTO protection_rank(tbl, col, value, rank, label) VALUES
  ('risk_flag', 'level', 'LOW',       0,  'Low'),
  ('risk_flag', 'level', 'MEDIUM',    10, 'Medium'),
  ('risk_flag', 'level', 'HIGH',      20, 'High'),
  ('risk_flag', 'level', 'VERY_HIGH', 30, 'Very high');

-- Confidentiality only rises by itself: a flag set by one worker beats an address typed by another. It decides who is
-- shown the row: an address is kept close until somebody says that it endangers nobody.
CREATE TABLE address(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  lines TEXT CHECK(length(lines) <= 400),
  postcode TEXT CHECK(length(postcode) <= 8),
  uprn TEXT CHECK(length(uprn) <= 12),
  confidentiality TEXT NOT NULL DEFAULT 'RESTRICTED' CHECK(confidentiality IN ('NORMAL', 'RESTRICTED', 'NO_CONTACT', 'REFUGE')),
  type TEXT CHECK(length(type) <= 20),
  status TEXT CHECK(length(status) <= 20),
  from_on TEXT CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX address_case ON address(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (22, 'address', 'case', 'case_id', 'ADDRESS', 'granted', 0, 'Address', 'Named persons only. Of a refuge keep the town and a contact, not the street');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('address', 'case_id',         0, 'lww',             'Case',            'The case that this belongs to', NULL),
  ('address', 'lines',           1, 'review',          'Lines',           'Of a refuge the town only', NULL),
  ('address', 'postcode',        1, 'review',          'Postcode',        'Of a refuge leave it empty', NULL),
  ('address', 'uprn',            1, 'review',          'UPRN',            'Unique property reference number', NULL),
  ('address', 'confidentiality', 2, 'most-protective', 'Confidentiality', 'Whatever is not normal is kept from everybody but her own partner', NULL),
  ('address', 'type',            3, 'lww',             'Type',            'Settled, transient or none follows from it', 'address.type'),
  ('address', 'status',          3, 'lww',             'Use',             'What the address is to her', 'address.status'),
  ('address', 'from_on',         4, 'lww',             'From',            'Her first day there', NULL),
  ('address', 'to_on',           4, 'lww',             'To',              'Her last day there; empty while it lasts', NULL);
INSERT INTO protection_rank(tbl, col, value, rank, label) VALUES
  ('address', 'confidentiality', 'NORMAL',     0,  'Normal'),
  ('address', 'confidentiality', 'RESTRICTED', 10, 'Restricted'),
  ('address', 'confidentiality', 'NO_CONTACT', 20, 'Kept from someone'),
  ('address', 'confidentiality', 'REFUGE',     30, 'Refuge');
UPDATE ru_table SET class_column = 'confidentiality' WHERE name = 'address';
INSERT INTO row_class(tbl, value, class) VALUES
  ('address', 'NORMAL',     'RESIDENCE'),
  ('address', 'RESTRICTED', 'ADDRESS'),
  ('address', 'NO_CONTACT', 'ADDRESS'),
  ('address', 'REFUGE',     'ADDRESS');

-- Where a child is and under which order. Two agencies may each record the present one: then a person puts them in
-- sequence. `open_for` is the child while the episode has no end.
CREATE TABLE child_care_episode(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  child_id BLOB NOT NULL CHECK(length(child_id) = 16) REFERENCES child(id) DEFERRABLE INITIALLY DEFERRED,
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  legal_status TEXT NOT NULL CHECK(length(legal_status) BETWEEN 1 AND 40),
  placement_type TEXT CHECK(length(placement_type) <= 40),
  la_gss TEXT CHECK(length(la_gss) <= 9),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  end_reason TEXT CHECK(length(end_reason) <= 40),
  open_for BLOB GENERATED ALWAYS AS (CASE WHEN to_on IS NULL THEN child_id END) VIRTUAL
) STRICT;
CREATE INDEX child_care_episode_case ON child_care_episode(case_id);
CREATE INDEX child_care_episode_child ON child_care_episode(child_id);
CREATE INDEX child_care_episode_open ON child_care_episode(open_for);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (23, 'child_care_episode', 'case', 'case_id', 'CHILD', 'granted', 0, 'Care episode', 'Where a child lives; the next change is the next row');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('child_care_episode', 'case_id',        0, 'lww',    'Case',         'The case that this belongs to', NULL),
  ('child_care_episode', 'child_id',       0, 'lww',    'Child',        'Which of her children', NULL),
  ('child_care_episode', 'from_on',        1, 'review', 'From',         'The first day of this arrangement', NULL),
  ('child_care_episode', 'legal_status',   1, 'review', 'Legal status', 'Under which order, if any', 'child_care_episode.legal_status'),
  ('child_care_episode', 'placement_type', 1, 'review', 'Placement',    'With whom, in kind and never by address', 'child_care_episode.placement_type'),
  ('child_care_episode', 'la_gss',         1, 'review', 'Local authority', 'GSS code of the children''s services', NULL),
  ('child_care_episode', 'to_on',          2, 'review', 'To',           'Empty while it lasts', NULL),
  ('child_care_episode', 'end_reason',     2, 'review', 'Ended because', 'Empty while it lasts', 'child_care_episode.end_reason');
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('child_care_episode', 'open', 'open_for', 'A child has two care episodes that both go on');

-- The plan may change until the day; what became of the visit is a fact that two laptops may tell differently.
CREATE TABLE visit(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL DEFAULT 'IN_REACH' CHECK(length(type) BETWEEN 1 AND 40),
  prison TEXT CHECK(length(prison) = 3),
  planned_at INTEGER,
  planned_by BLOB CHECK(length(planned_by) = 16),
  attended TEXT CHECK(attended IN ('YES', 'LATE', 'NO')),
  no_session_reason TEXT CHECK(length(no_session_reason) <= 40),
  minutes INTEGER CHECK(minutes BETWEEN 0 AND 1440),
  recorded_for_at INTEGER,
  flag TEXT CHECK(flag IN ('PRISON_CHANGED'))
) STRICT;
CREATE INDEX visit_case ON visit(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (24, 'visit', 'case', 'case_id', 'CUSTODY', 'granted', 0, 'Visit', 'Planned, and then what became of it');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('visit', 'case_id',           0, 'lww',    'Case',       'The case that this belongs to', NULL),
  ('visit', 'type',              1, 'lww',    'Type',       'In prison, by video or outside', 'visit.type'),
  ('visit', 'prison',            1, 'lww',    'Prison',     'Prison service agency code', NULL),
  ('visit', 'planned_at',        1, 'lww',    'Planned for', 'The beginning', NULL),
  ('visit', 'planned_by',        1, 'lww',    'Planned by', 'Staff member', NULL),
  ('visit', 'attended',          2, 'review', 'Attended',   'Yes, late or no; empty while nobody has said', NULL),
  ('visit', 'no_session_reason', 2, 'review', 'No session because', 'Where it did not take place', 'visit.no_session_reason'),
  ('visit', 'minutes',           2, 'review', 'Minutes',    'With her, without the wait', NULL),
  ('visit', 'recorded_for_at',   2, 'review', 'When it happened', 'The moment of the visit, not of the typing', NULL),
  ('visit', 'flag',              3, 'hub-only', 'Look at this', 'She is in another prison now', NULL);

-- Who may not see this case although their work would let them: a worker who is her cousin, a partner that employs
-- one. Added by whoever knows; only the hub takes a line away.
CREATE TABLE limited_access(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(kind IN ('RESTRICTION', 'EXCLUSION')),
  partner_id BLOB CHECK(length(partner_id) = 16),
  staff_id BLOB CHECK(length(staff_id) = 16),
  CHECK(partner_id IS NOT NULL OR staff_id IS NOT NULL)
) STRICT;
CREATE INDEX limited_access_case ON limited_access(case_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (26, 'limited_access', 'case', 'case_id', 'SAFEGUARDING', 'granted', 0, 'Limited access',
    'RESTRICTION: only those named. EXCLUSION: never those named');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('limited_access', 'case_id',    0, 'set', 'Case',         'The case that this belongs to', NULL),
  ('limited_access', 'kind',       0, 'set', 'Kind',         'Only those named, or never those named', NULL),
  ('limited_access', 'partner_id', 0, 'set', 'Partner',      'The partner that it names', NULL),
  ('limited_access', 'staff_id',   0, 'set', 'Staff member', 'The worker that it names', NULL);
INSERT INTO column_writer(tbl, col, relation) VALUES ('limited_access', 'kind', 'HUB');
