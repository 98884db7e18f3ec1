-- The map of the network: local authorities, which areas were live when, what room they have, bank holidays, bodies and
-- providers outside the network, events. The hub writes, everyone reads.

-- What a number counts, where its name and type do not say it: pages show it, imports check against it. Instants are
-- milliseconds since 1970 and dates YYYY-MM-DD everywhere, and have no line.
CREATE TABLE column_unit(
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  unit TEXT NOT NULL CHECK(unit IN ('pence', 'minutes', 'hours', 'days', 'nights', 'months', 'years', 'people',
    'children', 'homes', 'bedrooms', 'places', 'per mille', 'points', 'weekday bits', 'metres')),
  PRIMARY KEY(tbl, col)
) STRICT, WITHOUT ROWID;
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('visit',           'minutes',      'minutes'),
  ('unit',            'bedrooms',     'bedrooms'),
  ('unit',            'max_children', 'children'),
  ('enquiry',         'bedrooms',     'bedrooms'),
  ('drop_in_session', 'attendees',    'people'),
  ('staff_user',      'working_days', 'weekday bits');

-- A code is never changed: a reorganised authority gets another row, and old rows keep theirs.
CREATE TABLE local_authority(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  gss TEXT NOT NULL CHECK(length(gss) = 9),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 100),
  tier TEXT NOT NULL CHECK(length(tier) BETWEEN 1 AND 60),
  parent_gss TEXT CHECK(length(parent_gss) = 9),
  area TEXT CHECK(length(area) = 3),
  from_on TEXT CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX local_authority_gss ON local_authority(gss);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (50, 'local_authority', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Local authority',
    'Where there are two tiers, the district owes the homelessness duty and the county runs children''s services');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('local_authority', 'gss',        0, 'lww', 'GSS code',
    'Nine characters, E07000081; codes change when authorities are reorganised', NULL),
  ('local_authority', 'name',       0, 'lww', 'Name', 'Without ''Council''', NULL),
  ('local_authority', 'tier',       0, 'lww', 'Tier',
    'What it is responsible for follows from this', 'local_authority.tier'),
  ('local_authority', 'parent_gss', 0, 'lww', 'County', 'GSS code of the county, for a district', NULL),
  ('local_authority', 'area',       0, 'lww', 'Area', 'Code of the network''s area that it lies in, if any', NULL),
  ('local_authority', 'from_on',    0, 'lww', 'From', 'When this code came into use, if it is known to be new', NULL),
  ('local_authority', 'to_on',      0, 'lww', 'Until', 'The last day on which this code was in use', NULL);

-- Another standing is another row, beginning where this one ends. Nobody counts areas by hand: two pages of the network
-- once said seven and eight in the same month, and both were right at their own date.
CREATE TABLE area_membership(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  area TEXT NOT NULL CHECK(length(area) = 3),
  partner_id BLOB CHECK(length(partner_id) = 16),
  status TEXT NOT NULL DEFAULT 'PROSPECT' CHECK(status IN ('PROSPECT', 'PILOT', 'LIVE', 'PAUSED', 'LEFT')),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX area_membership_time ON area_membership(from_on, to_on);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (51, 'area_membership', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Area membership',
    'A time for which an area had one standing; how many were live at a date is counted, never stored');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('area_membership', 'area',       0, 'lww', 'Area', 'Area code', NULL),
  ('area_membership', 'partner_id', 0, 'lww', 'Partner', 'Who works there; empty while nobody does yet', NULL),
  ('area_membership', 'status',     0, 'lww', 'Standing', 'Prospect, pilot, live, paused or left', NULL),
  ('area_membership', 'from_on',    0, 'lww', 'From', 'The first day of this standing', NULL),
  ('area_membership', 'to_on',      0, 'lww', 'Until', 'The last day of it; empty while it lasts', NULL);
-- The areas that were live on each day on which anything changed. For a date of your own:
--   SELECT count(DISTINCT area) FROM area_live WHERE from_on <= :date AND coalesce(to_on, :date) >= :date;
CREATE VIEW area_live(area, partner_id, from_on, to_on) AS
  SELECT area, partner_id, from_on, to_on FROM area_membership WHERE status = 'LIVE';

CREATE TABLE area_capacity(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  area TEXT NOT NULL CHECK(length(area) = 3),
  bedrooms INTEGER NOT NULL CHECK(bedrooms BETWEEN 0 AND 20),
  band TEXT NOT NULL CHECK(band IN ('0', '1-2', '3+')),
  as_at TEXT NOT NULL CHECK(as_at GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (52, 'area_capacity', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Room in an area',
    'Bands, never addresses: what anyone may know before asking');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('area_capacity', 'area',     0, 'lww', 'Area', 'Area code', NULL),
  ('area_capacity', 'bedrooms', 0, 'lww', 'Bedrooms', 'Homes of this size', NULL),
  ('area_capacity', 'band',     0, 'lww', 'Free homes', 'None, one or two, three or more', NULL),
  ('area_capacity', 'as_at',    0, 'lww', 'As at', 'The day since which it has been so, as far as the hub was told', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('area_capacity', 'bedrooms', 'bedrooms');

CREATE TABLE bank_holiday(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  on_date TEXT NOT NULL CHECK(on_date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  nation TEXT NOT NULL DEFAULT 'ENG_WLS' CHECK(nation IN ('ENG_WLS', 'SCT', 'NIR')),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 60)
) STRICT;
CREATE INDEX bank_holiday_date ON bank_holiday(on_date);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (53, 'bank_holiday', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Bank holiday',
    'Not a working day, wherever working days are counted');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('bank_holiday', 'on_date', 0, 'lww', 'Date', 'The day on which it is kept, which may be a substitute', NULL),
  ('bank_holiday', 'nation',  0, 'lww', 'Nation', 'England and Wales, Scotland, Northern Ireland', NULL),
  ('bank_holiday', 'name',    0, 'lww', 'Name', 'As the government lists it', NULL);

CREATE TABLE external_body(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 200),
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  contact_role TEXT CHECK(length(contact_role) <= 60),
  phone TEXT CHECK(length(phone) <= 30),
  email TEXT CHECK(length(email) <= 254),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (54, 'external_body', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Body outside the network',
    'Whom partners and the network talk to and buy from; it has no login');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('external_body', 'name',         0, 'lww', 'Name', 'As it calls itself', NULL),
  ('external_body', 'kind',         0, 'lww', 'Kind', 'What it is to the network', 'external_body.kind'),
  ('external_body', 'contact_role', 0, 'lww', 'Contact',
    'The role of whoever answers, never a person''s name', 'professional_contact.role'),
  ('external_body', 'phone',        0, 'lww', 'Telephone', 'Of the office', NULL),
  ('external_body', 'email',        0, 'lww', 'E-mail', 'Of the office', NULL),
  ('external_body', 'to_on',        1, 'lww', 'Until', 'When it ended or was renamed; old rows keep naming it', NULL);

CREATE TABLE housing_provider(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 200),
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  registration_no TEXT CHECK(length(registration_no) <= 20),
  area TEXT CHECK(length(area) = 3),
  active INTEGER NOT NULL DEFAULT 1 CHECK(active IN (0, 1))
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (55, 'housing_provider', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Housing provider',
    'Lets homes to a partner or to its women');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('housing_provider', 'name',            0, 'lww', 'Name', 'As it calls itself', NULL),
  ('housing_provider', 'kind',            0, 'lww', 'Kind',
    'Housing association, charity, council or landlord', 'housing_provider.kind'),
  ('housing_provider', 'registration_no', 0, 'lww', 'Registration',
    'With the regulator of social housing, where it has one', NULL),
  ('housing_provider', 'area',            0, 'lww', 'Area', 'Code of the area in which it lets, if it is one', NULL),
  ('housing_provider', 'active',          1, 'lww', 'Active', 'Offered for new agreements', NULL);

CREATE TABLE network_event(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 200),
  held_on TEXT NOT NULL CHECK(held_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  place TEXT CHECK(length(place) <= 100),
  to_partner_id BLOB CHECK(length(to_partner_id) = 16)
) STRICT;
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (56, 'network_event', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Network event',
    'The annual conference, a training day, an award');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('network_event', 'kind',          0, 'lww', 'Kind', 'Conference, training, meeting or award', 'network_event.kind'),
  ('network_event', 'name',          0, 'lww', 'Name', 'As it is announced', NULL),
  ('network_event', 'held_on',       0, 'lww', 'Held on', 'Its first day', NULL),
  ('network_event', 'place',         0, 'lww', 'Place', 'Town', NULL),
  ('network_event', 'to_partner_id', 0, 'lww', 'To', 'Of an award: the partner that it was given to', NULL);
