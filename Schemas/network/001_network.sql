-- The network: disclosure classes, tiers, workflows, what everyone reads (areas, prisons, partners, code lists)
-- and what a partner keeps about itself (staff). Schemas/README.md says how a table is declared.

-- Disclosure classes. A row is shown whole or not at all, and its table's class decides to whom, or the row's own where
-- the table has a class column.
-- A bit is never reused; the gaps leave room beside kin.
INSERT INTO ru_class(bit, code, label) VALUES
  (0,  'REFERENCE',    'Reference data that the whole network reads'),
  (1,  'PARTNER',      'A partner''s own records: staff, homes, agreements'),
  (2,  'CASE',         'The case: reference, owner, phase'),
  (3,  'IDENTITY',     'Who the woman is'),
  (4,  'ENQUIRY',      'An anonymous enquiry before a referral'),
  (5,  'REFERRAL',     'The referral: parties, dates, state, reasons'),
  (6,  'PACK',         'What was disclosed with a referral, frozen'),
  (7,  'CONTACT',      'How she may be reached, and how not'),
  (8,  'CONSENT',      'What she agreed to'),
  (9,  'NEEDS',        'Support needs and actions'),
  (10, 'HEALTH',       'Health'),
  (11, 'OFFENCE',      'Offence, sentence and licence'),
  (12, 'RISK',         'Risk'),
  (13, 'CHILD',        'Her children'),
  (14, 'NOTES',        'Case notes'),
  (17, 'RESIDENCE',    'Addresses that endanger nobody'),
  (20, 'CHILD_VOICE',  'What a child said'),
  (21, 'SAFEGUARDING', 'Safeguarding concerns'),
  (30, 'ADDRESS',      'Addresses that could endanger her');

-- A tier is a set of classes. T0 to T5 hold all that the lower ones hold; the other two are for the referral's own
-- scope: PACKED while it lives, TOMBSTONE once it closed.
CREATE TABLE referral_tier(
  code TEXT NOT NULL PRIMARY KEY,
  label TEXT NOT NULL
) STRICT;
INSERT INTO referral_tier(code, label) VALUES
  ('T0', 'Capacity bands of an area'),
  ('T1', 'Anonymous enquiry'),
  ('T2', 'Identity, contact rules, release, consent'),
  ('T3', 'Risk, licence, children''s plans, health, needs'),
  ('T4', 'The whole case with its notes'),
  ('T5', 'Confidential: addresses, child voice, safeguarding'),
  ('PACKED', 'The referral and the packs sent with it'),
  ('TOMBSTONE', 'That there was a referral, its dates and reason');

CREATE TABLE tier_class(
  tier TEXT NOT NULL REFERENCES referral_tier(code),
  class TEXT NOT NULL REFERENCES ru_class(code),
  PRIMARY KEY(tier, class)
) STRICT, WITHOUT ROWID;
INSERT INTO tier_class(tier, class)
  WITH added(tier, class) AS (VALUES
    ('T0', 'REFERENCE'),
    ('T1', 'ENQUIRY'),
    ('T2', 'CASE'), ('T2', 'IDENTITY'), ('T2', 'CONTACT'), ('T2', 'CONSENT'), ('T2', 'REFERRAL'), ('T2', 'PACK'),
    ('T3', 'NEEDS'), ('T3', 'HEALTH'), ('T3', 'OFFENCE'), ('T3', 'RISK'), ('T3', 'CHILD'),
    ('T4', 'NOTES'), ('T4', 'RESIDENCE'),
    ('T5', 'CHILD_VOICE'), ('T5', 'SAFEGUARDING'), ('T5', 'ADDRESS'))
  SELECT t.code, a.class FROM referral_tier t JOIN added a ON a.tier <= t.code WHERE t.code GLOB 'T[0-5]';
INSERT INTO tier_class(tier, class) VALUES ('PACKED', 'REFERRAL'), ('PACKED', 'PACK'), ('TOMBSTONE', 'REFERRAL');

-- Columns of policy `state`: their values in order, and the steps each party may take. OFFICE is an owner's device in
-- an office, which may do what a laptop away from it may not.
-- Of two concurrent values the greater (closed, round, rank) stands. A step down in rank raises the round.
CREATE TABLE workflow_state(
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  value TEXT NOT NULL,
  closed INTEGER NOT NULL,                 -- 0 open; the greater absorbs the lesser
  rank INTEGER NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY(tbl, col, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE workflow_transition(
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  from_value TEXT,                         -- NULL: the value that a new row may have
  to_value TEXT NOT NULL,
  relation TEXT NOT NULL CHECK(relation IN ('OWNER', 'OFFICE', 'SENDER', 'RECEIVER', 'HUB')),
  condition TEXT NOT NULL DEFAULT ''       -- for people: what must be true besides
) STRICT;
CREATE INDEX workflow_transition_from ON workflow_transition(tbl, col, from_value, to_value, relation);

CREATE VIEW ru_state(tbl, col, value, closed, rank, label) AS
  SELECT tbl, col, value, closed, rank, label FROM workflow_state;
CREATE VIEW ru_transition(tbl, col, from_value, to_value, relation) AS
  SELECT tbl, col, from_value, to_value, relation FROM workflow_transition;

-- Columns that decide who sees what are guarded beyond the class of their table.
CREATE TABLE column_author(                -- in a new row: NULL or the author's partner, and NULL means the author's
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  PRIMARY KEY(tbl, col)
) STRICT, WITHOUT ROWID;
CREATE TABLE column_writer(                -- once the row exists only these change the column; no entry: any writer
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  relation TEXT NOT NULL CHECK(relation IN ('OWNER', 'OFFICE', 'SENDER', 'RECEIVER', 'HUB', 'NOBODY')),
  PRIMARY KEY(tbl, col, relation)
) STRICT, WITHOUT ROWID;
CREATE VIEW ru_author_column(tbl, col) AS SELECT tbl, col FROM column_author;
CREATE VIEW ru_column_writer(tbl, col, relation) AS SELECT tbl, col, relation FROM column_writer;

-- Shared reference data: the hub writes, everyone reads. One group a table, for there is one writer.

CREATE TABLE area(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  code TEXT NOT NULL CHECK(code GLOB '[A-Z][A-Z][A-Z]'),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  lead_la_gss TEXT CHECK(length(lead_la_gss) = 9)
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (1, 'area', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Area', 'A part of the country that the network serves');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('area', 'code',        0, 'lww', 'Code',            'Three letters', NULL),
  ('area', 'name',        0, 'lww', 'Name',            'As partners call it', NULL),
  ('area', 'lead_la_gss', 0, 'lww', 'Local authority', 'GSS code, where one authority covers the area', NULL);

CREATE TABLE prison(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  code TEXT NOT NULL CHECK(code GLOB '[A-Z][A-Z]I'),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  place TEXT NOT NULL CHECK(length(place) <= 100),
  postcode TEXT NOT NULL CHECK(length(postcode) <= 8),
  operator TEXT CHECK(length(operator) <= 100),
  is_open INTEGER NOT NULL DEFAULT 0 CHECK(is_open IN (0, 1)),
  mother_and_baby_unit INTEGER NOT NULL DEFAULT 0 CHECK(mother_and_baby_unit IN (0, 1)),
  overnight_family INTEGER NOT NULL DEFAULT 0 CHECK(overnight_family IN (0, 1)),
  note TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 500)
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (2, 'prison', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Prison', 'A women''s prison in England');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('prison', 'code',                 0, 'lww', 'Code',                 'Prison service agency code', NULL),
  ('prison', 'name',                 0, 'lww', 'Name',                 'Without ''HMP''', NULL),
  ('prison', 'place',                0, 'lww', 'Place',                'Town or county', NULL),
  ('prison', 'postcode',             0, 'lww', 'Postcode',             'For the way there', NULL),
  ('prison', 'operator',             0, 'lww', 'Operator',             'Where it is a contractor', NULL),
  ('prison', 'is_open',              0, 'lww', 'Open prison',          'Women may go out to work', NULL),
  ('prison', 'mother_and_baby_unit', 0, 'lww', 'Mother and Baby Unit', 'Whether babies may live there with their mothers', NULL),
  ('prison', 'overnight_family',     0, 'lww', 'Overnight family stays', 'Whether children may stay overnight', NULL),
  ('prison', 'note',                 0, 'lww', 'Note',                 'What visitors should know', NULL);

CREATE TABLE partner(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  code TEXT NOT NULL CHECK(length(code) BETWEEN 2 AND 20),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 200),
  org_type TEXT CHECK(length(org_type) <= 40),
  area TEXT CHECK(length(area) = 3),
  charity_no TEXT CHECK(length(charity_no) <= 20),
  ico_reg_no TEXT CHECK(length(ico_reg_no) <= 20),
  dpo_email TEXT CHECK(length(dpo_email) <= 254),
  sharing_agreement_until TEXT CHECK(sharing_agreement_until GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  active INTEGER NOT NULL DEFAULT 1 CHECK(active IN (0, 1))
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (3, 'partner', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Partner', 'An organisation in the network');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('partner', 'code',                    0, 'lww', 'Code',  'Short name for commands and lists', NULL),
  ('partner', 'name',                    0, 'lww', 'Name',  'As it calls itself', NULL),
  ('partner', 'org_type',                0, 'lww', 'Type',  'What kind of organisation it is', 'partner.org_type'),
  ('partner', 'area',                    0, 'lww', 'Area',  'Area code', NULL),
  ('partner', 'charity_no',              0, 'lww', 'Charity number', 'As registered', NULL),
  ('partner', 'ico_reg_no',              0, 'lww', 'Data protection registration', 'With the Information Commissioner', NULL),
  ('partner', 'dpo_email',               0, 'lww', 'Data protection contact', 'Who answers questions about personal data', NULL),
  ('partner', 'sharing_agreement_until', 1, 'lww', 'Sharing agreement until', 'The last day; afterwards it is shown no case of others', NULL),
  ('partner', 'active',                  1, 'lww', 'Active', 'A partner that left holds nothing', NULL);
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('partner', 'id');

-- Lists of codes that may grow. A code is switched off, never deleted: old rows keep their meaning.
CREATE TABLE code_value(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  list TEXT NOT NULL CHECK(length(list) BETWEEN 1 AND 60),
  code TEXT NOT NULL CHECK(length(code) BETWEEN 1 AND 60),
  label TEXT NOT NULL CHECK(length(label) <= 200),
  active INTEGER NOT NULL DEFAULT 1 CHECK(active IN (0, 1)),
  sort INTEGER NOT NULL DEFAULT 0,
  parent TEXT CHECK(length(parent) <= 60)
) STRICT;
CREATE INDEX code_value_list ON code_value(list, code);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (4, 'code_value', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Code', 'One value of a code list');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('code_value', 'list',   0, 'lww', 'List',   'Named table.column after its first use', NULL),
  ('code_value', 'code',   0, 'lww', 'Code',   'What is stored', NULL),
  ('code_value', 'label',  0, 'lww', 'Label',  'What people read', NULL),
  ('code_value', 'active', 0, 'lww', 'Active', 'Offered for new entries', NULL),
  ('code_value', 'sort',   0, 'lww', 'Order',  'Small numbers first', NULL),
  ('code_value', 'parent', 0, 'lww', 'Under',  'A code of the same list', NULL);

-- A partner's own records: that partner and the hub, nobody else.

CREATE TABLE staff_user(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  login TEXT CHECK(length(login) <= 100),
  display_name TEXT NOT NULL CHECK(length(display_name) BETWEEN 1 AND 100),
  role TEXT CHECK(length(role) <= 40),
  status TEXT NOT NULL DEFAULT 'ACTIVE' CHECK(status IN ('ACTIVE', 'LEFT')),
  working_days INTEGER NOT NULL DEFAULT 31 CHECK(working_days BETWEEN 0 AND 127),
  left_at INTEGER
) STRICT;
CREATE INDEX staff_user_partner ON staff_user(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (5, 'staff_user', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Staff member', 'Who works for a partner, paid or not');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('staff_user', 'partner_id',   0, 'lww',    'Partner', 'Whose record this is', NULL),
  ('staff_user', 'login',        1, 'review', 'Login',   'Unlike any other of the partner', NULL),
  ('staff_user', 'display_name', 2, 'lww',    'Name',    'What colleagues read', NULL),
  ('staff_user', 'role',         3, 'review', 'Role',    'What she does, and what she is shown for it', 'staff_user.role'),
  ('staff_user', 'status',       4, 'state',  'Status',  'Only the hub brings back someone who left', NULL),
  ('staff_user', 'working_days', 5, 'lww',    'Working days', 'Monday 1, Tuesday 2, Wednesday 4 … Sunday 64, added', NULL),
  ('staff_user', 'left_at',      6, 'review', 'Left at', 'With the status LEFT: from then on nothing counts as written by them', NULL);
-- Until when what is written in a staff member's name is taken, and the role that the hub's operators are shown.
CREATE VIEW ru_author_until(author, until_ms) AS
  SELECT id, left_at FROM staff_user WHERE status = 'LEFT' AND left_at IS NOT NULL;
CREATE VIEW ru_author_role(author, role) AS SELECT id, role FROM staff_user;
-- A laptop that was away must not revive a leaver.
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('staff_user', 'status', 'ACTIVE', 0, 0, 'Active'),
  ('staff_user', 'status', 'LEFT',   1, 0, 'Left');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation) VALUES
  ('staff_user', 'status', NULL,     'ACTIVE', 'OWNER'),
  ('staff_user', 'status', NULL,     'LEFT',   'OWNER'),
  ('staff_user', 'status', 'ACTIVE', 'LEFT',   'OWNER'),
  ('staff_user', 'status', 'ACTIVE', 'LEFT',   'HUB'),
  ('staff_user', 'status', 'LEFT',   'ACTIVE', 'HUB');
