-- Homes that were promised and where they come from; services that other bodies promised, some of them for so many
-- women and no more.

CREATE TABLE housing_agreement(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  provider_id BLOB NOT NULL CHECK(length(provider_id) = 16),
  units_promised INTEGER NOT NULL CHECK(units_promised BETWEEN 0 AND 1000),
  tenancy_type TEXT CHECK(length(tenancy_type) <= 60),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX housing_agreement_partner ON housing_agreement(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (70, 'housing_agreement', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Housing agreement',
    'A provider promises a number of homes');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('housing_agreement', 'partner_id',     0, 'lww',    'Partner', 'Whose record this is', NULL),
  ('housing_agreement', 'provider_id',    1, 'review', 'Provider', 'Who lets the homes', NULL),
  ('housing_agreement', 'units_promised', 2, 'review', 'Homes promised',
    'What the paper says; what is there is counted', NULL),
  ('housing_agreement', 'tenancy_type',   3, 'review', 'Tenancy',
    'What the women sign', 'housing_agreement.tenancy_type'),
  ('housing_agreement', 'from_on',        4, 'review', 'From', 'The first day', NULL),
  ('housing_agreement', 'to_on',          4, 'review', 'Until', 'The last day; empty while no end is agreed', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('housing_agreement', 'units_promised', 'homes');
-- Where a property comes from: promised by a provider, or bought with money given to build.
ALTER TABLE property ADD COLUMN agreement_id BLOB CHECK(length(agreement_id) = 16);
ALTER TABLE property ADD COLUMN capital_grant_id BLOB CHECK(length(capital_grant_id) = 16);
ALTER TABLE property ADD COLUMN area TEXT CHECK(length(area) = 3);
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('property', 'agreement_id',     10, 'review', 'Agreement', 'The housing agreement that it is under, if any', NULL),
  ('property', 'capital_grant_id', 11, 'review', 'Bought with', 'The funding that paid for the building, if any', NULL),
  ('property', 'area',             12, 'lww',    'Area',      'Area code', NULL);

-- Of each agreement: what was promised, what is to let today, and what of that is out of use.
CREATE VIEW agreement_homes(agreement_id, partner_id, promised, live, void) AS
  SELECT a.id, a.partner_id, a.units_promised,
    count(u.id),
    count(CASE WHEN EXISTS (
      SELECT 1 FROM void_period v CROSS JOIN ru_now n
      WHERE v.unit_id = u.id AND v.cancels_id IS NULL
        AND date(n.ms / 1000, 'unixepoch') BETWEEN v.from_on AND v.to_on
        AND NOT EXISTS (SELECT 1 FROM void_period c WHERE c.cancels_id = v.id)) THEN 1 END)
  FROM housing_agreement a
  LEFT JOIN property p ON p.agreement_id = a.id
  LEFT JOIN unit u ON u.property_id = p.id AND (
    SELECT coalesce(u.online_from, '0000') <= date(n.ms / 1000, 'unixepoch')
      AND coalesce(u.online_to, '9999') > date(n.ms / 1000, 'unixepoch') FROM ru_now n)
  GROUP BY a.id;

CREATE TABLE service_agreement(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 60),
  body_id BLOB CHECK(length(body_id) = 16),
  quota INTEGER CHECK(quota BETWEEN 0 AND 1000),
  quota_basis TEXT CHECK(length(quota_basis) <= 60),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  CHECK(from_on <= to_on)
) STRICT;
CREATE INDEX service_agreement_partner ON service_agreement(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (71, 'service_agreement', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Service agreement',
    'Another body promises its service to a partner''s women');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('service_agreement', 'partner_id',  0, 'lww',    'Partner', 'Whose record this is', NULL),
  ('service_agreement', 'kind',        1, 'review', 'Service', 'What is promised', 'drop_in_session.kind'),
  ('service_agreement', 'body_id',     1, 'review', 'By', 'The body outside the network', NULL),
  ('service_agreement', 'quota',       2, 'review', 'For how many', 'Empty: for as many as come', NULL),
  ('service_agreement', 'quota_basis', 2, 'review', 'Of whom', 'Who may have a place', 'service_agreement.quota_basis'),
  ('service_agreement', 'from_on',     3, 'review', 'From', 'The first day', NULL),
  ('service_agreement', 'to_on',       3, 'review', 'Until', 'The last day; empty while no end is agreed', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('service_agreement', 'quota', 'people');
ALTER TABLE drop_in_session ADD COLUMN agreement_id BLOB CHECK(length(agreement_id) = 16);
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('drop_in_session', 'agreement_id', 3, 'lww', 'Agreement', 'The service agreement that it comes under, if any', NULL);

-- A quota of twelve is twelve rows: the thirteenth woman finds none free, and two workers never give one place twice.
CREATE TABLE service_place(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  agreement_id BLOB NOT NULL CHECK(length(agreement_id) = 16)
    REFERENCES service_agreement(id) DEFERRABLE INITIALLY DEFERRED,
  number INTEGER NOT NULL CHECK(number BETWEEN 1 AND 1000)
) STRICT;
CREATE INDEX service_place_partner ON service_place(partner_id);
CREATE INDEX service_place_number ON service_place(agreement_id, number);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (72, 'service_place', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Place',
    'One of the places of a service that is promised for so many women');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('service_place', 'partner_id',   0, 'lww', 'Partner', 'Whose record this is', NULL),
  ('service_place', 'agreement_id', 0, 'lww', 'Agreement', 'The service agreement', NULL),
  ('service_place', 'number',       1, 'lww', 'Number', 'From one to the quota', NULL);
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('service_place', 'number', 'agreement_id,number', 'A place was entered twice');
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('service_place', 'number', 'places');

-- Its class is health, for the place of a mental health service tells of her health.
CREATE TABLE service_place_use(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  place_id BLOB NOT NULL CHECK(length(place_id) = 16),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  status TEXT NOT NULL DEFAULT 'ASKED' CHECK(status IN ('ASKED', 'GIVEN', 'REFUSED', 'GIVEN_BACK')),
  urgency TEXT CHECK(length(urgency) <= 60),
  CHECK(from_on < to_on)
) STRICT;
CREATE INDEX service_place_use_case ON service_place_use(case_id);
CREATE INDEX service_place_use_place ON service_place_use(place_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (73, 'service_place_use', 'case', 'case_id', 'HEALTH', 'granted', 0, 'Place for her',
    'Asked for and given; only the hub gives');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('service_place_use', 'case_id',  0, 'lww',    'Case', 'The case that this belongs to', NULL),
  ('service_place_use', 'place_id', 1, 'alloc',  'Place', 'Which of the places', NULL),
  ('service_place_use', 'from_on',  1, 'alloc',  'From', 'The first day', NULL),
  ('service_place_use', 'to_on',    1, 'alloc',  'To', 'The day after the last one; empty while it lasts', NULL),
  ('service_place_use', 'status',   1, 'alloc',  'Status', 'Asked for, given, refused or given back', NULL),
  ('service_place_use', 'urgency',  2, 'review', 'Urgency',
    'For whoever decides when there are more women than places', 'referral.urgency');
INSERT INTO allocation(tbl, unit_col, from_col, to_col, status_col, grp, pool) VALUES
  ('service_place_use', 'place_id', 'from_on', 'to_on', 'status', 1, 'SERVICE_PLACE');
INSERT INTO allocation_state(tbl, value, sort, kind, label) VALUES
  ('service_place_use', 'ASKED',      0, 'REQUEST',  'Asked for'),
  ('service_place_use', 'GIVEN',      0, 'HOLDS',    'Given'),
  ('service_place_use', 'REFUSED',    0, 'REFUSED',  'Not free then'),
  ('service_place_use', 'GIVEN_BACK', 0, 'RELEASED', 'Given back');
