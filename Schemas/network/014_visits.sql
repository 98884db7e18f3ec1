-- Visits in prisons: what a governor has authorised to be carried in (Prison Act 1952, s. 40B to 40E: computers and media
-- without an authorisation are an offence). A visit bundle names the authorisation under which it may be opened.
CREATE TABLE prison_authorisation(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  device_id BLOB NOT NULL CHECK(length(device_id) = 16),
  prison TEXT NOT NULL CHECK(length(prison) = 3),
  governor_ref TEXT NOT NULL CHECK(length(governor_ref) BETWEEN 1 AND 100),
  device_serial TEXT CHECK(length(device_serial) <= 60),
  media_serial TEXT CHECK(length(media_serial) <= 60),
  valid_to TEXT NOT NULL CHECK(valid_to GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  state TEXT NOT NULL DEFAULT 'VALID' CHECK(state IN ('VALID', 'WITHDRAWN'))
) STRICT;
CREATE INDEX prison_authorisation_partner ON prison_authorisation(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (42, 'prison_authorisation', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Prison authorisation',
    'Which laptop may be carried into which prison; other equipment or another date is another row');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('prison_authorisation', 'partner_id',    0, 'lww',   'Partner',   'Whose record this is', NULL),
  ('prison_authorisation', 'device_id',     1, 'lww',   'Laptop',    'Which of the partner''s devices', NULL),
  ('prison_authorisation', 'prison',        1, 'lww',   'Prison',    'Prison service agency code', NULL),
  ('prison_authorisation', 'governor_ref',  1, 'lww',   'Governor''s reference', 'As on the authorisation', NULL),
  ('prison_authorisation', 'device_serial', 1, 'lww',   'Laptop''s serial number', 'As on the authorisation', NULL),
  ('prison_authorisation', 'media_serial',  1, 'lww',   'Stick''s serial number', 'As on the authorisation', NULL),
  ('prison_authorisation', 'valid_to',      1, 'lww',   'Valid to',  'The last day', NULL),
  ('prison_authorisation', 'state',         2, 'state', 'State',     'Only an office records one; anyone withdraws it', NULL);
INSERT INTO column_writer(tbl, col, relation) VALUES
  ('prison_authorisation', 'device_id',     'NOBODY'),
  ('prison_authorisation', 'prison',        'NOBODY'),
  ('prison_authorisation', 'governor_ref',  'NOBODY'),
  ('prison_authorisation', 'device_serial', 'NOBODY'),
  ('prison_authorisation', 'media_serial',  'NOBODY'),
  ('prison_authorisation', 'valid_to',      'NOBODY');
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('prison_authorisation', 'state', 'VALID',     0, 0,  'Valid'),
  ('prison_authorisation', 'state', 'WITHDRAWN', 1, 0,  'Withdrawn');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('prison_authorisation', 'state', NULL,    'VALID',     'OFFICE', ''),
  ('prison_authorisation', 'state', 'VALID', 'WITHDRAWN', 'OWNER',  '');
