-- Field laptops hold a part of their partner's cases: those that somebody put on them, and those that they opened.

-- A partner's devices by name, so that people can say which laptop is meant, with the public keys by which one of them
-- seals something to another. The hub keeps the rows up to date.
CREATE TABLE device(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  name TEXT NOT NULL CHECK(length(name) BETWEEN 1 AND 200),
  role TEXT NOT NULL CHECK(role IN ('office', 'field')),
  status TEXT NOT NULL DEFAULT 'invited' CHECK(status IN ('invited', 'enrolled', 'suspended', 'revoked')),
  key_number INTEGER CHECK(key_number > 0),
  signing_key BLOB CHECK(length(signing_key) = 32),
  sealing_key BLOB CHECK(length(sealing_key) = 32)
) STRICT;
CREATE INDEX device_partner ON device(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (27, 'device', 'partner', 'partner_id', 'PARTNER', 'hub', 0, 'Device', 'An office machine or a laptop of the partner''s');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('device', 'partner_id', 0, 'lww', 'Partner', 'Whose device it is', NULL),
  ('device', 'name',       1, 'lww', 'Name',    'As it was invited', NULL),
  ('device', 'role',       2, 'lww', 'Role',    'Office or field', NULL),
  ('device', 'status',     3, 'lww', 'Status',  'Invited, enrolled, suspended or revoked', NULL),
  ('device', 'key_number',  4, 'lww', 'Key number',  'Empty until it has joined', NULL),
  ('device', 'signing_key', 4, 'lww', 'Signing key', 'Ed25519: what it signed can be checked', NULL),
  ('device', 'sealing_key', 4, 'lww', 'Sealing key', 'X25519: a visit bundle can be sealed to it', NULL);

-- Which cases a laptop holds. An office puts them on and takes them off; a laptop may ask, and may give back.
CREATE TABLE caseload(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  device_id BLOB NOT NULL CHECK(length(device_id) = 16),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16), -- weak: the laptop may not hold it
  status TEXT NOT NULL DEFAULT 'ASKED' CHECK(status IN ('ASKED', 'ON', 'OFF'))
) STRICT;
CREATE INDEX caseload_partner ON caseload(partner_id);
CREATE INDEX caseload_case ON caseload(case_id, device_id);
CREATE INDEX caseload_device ON caseload(device_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (28, 'caseload', 'partner', 'partner_id', 'PARTNER', 'granted', 0, 'Caseload', 'Which cases a laptop holds');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('caseload', 'partner_id', 0, 'lww',   'Partner', 'Whose laptop', NULL),
  ('caseload', 'device_id',  1, 'lww',   'Laptop',  'Which laptop', NULL),
  ('caseload', 'case_id',    2, 'lww',   'Case',    'Which case', NULL),
  ('caseload', 'status',     3, 'state', 'Status',  'Only an office puts a case on a laptop', NULL);
INSERT INTO column_writer(tbl, col, relation) VALUES
  ('caseload', 'device_id', 'NOBODY'),
  ('caseload', 'case_id',   'NOBODY');
INSERT INTO natural_key(tbl, name, cols, label) VALUES
  ('caseload', 'laptop', 'case_id,device_id', 'A case is on a laptop''s caseload twice');
-- Of two steps that crossed, the one that takes the case away stands.
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('caseload', 'status', 'ASKED', 0, 0,  'Asked for'),
  ('caseload', 'status', 'ON',    0, 10, 'On the laptop'),
  ('caseload', 'status', 'OFF',   0, 20, 'Taken off');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('caseload', 'status', NULL,    'ON',    'OFFICE', ''),
  ('caseload', 'status', NULL,    'ON',    'HUB',    'a case that the laptop opened itself'),
  ('caseload', 'status', NULL,    'OFF',   'OWNER',  'a case that the laptop opened itself'),
  ('caseload', 'status', NULL,    'ASKED', 'OWNER',  ''),
  ('caseload', 'status', 'ASKED', 'ON',    'OFFICE', ''),
  ('caseload', 'status', 'OFF',   'ON',    'OFFICE', ''),
  ('caseload', 'status', 'OFF',   'ASKED', 'OWNER',  ''),
  ('caseload', 'status', 'ON',    'OFF',   'OWNER',  ''),
  ('caseload', 'status', 'ASKED', 'OFF',   'OWNER',  '');
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('caseload', 'case_id');

-- What the engine reads: by whose word a device holds a scope (1), or holds it no longer (0). With a case go the
-- referrals about it and the partner's own notes; a link between two cases is told where both are held. What is only
-- asked for says nothing yet.
CREATE VIEW ru_device_scope(partner, device, scope, holds) AS
  SELECT l.partner_id, l.device_id, l.case_id, l.status = 'ON' FROM caseload l WHERE l.status <> 'ASKED'
UNION ALL
  SELECT l.partner_id, l.device_id, r.id, l.status = 'ON'
  FROM referral r CROSS JOIN caseload l ON l.case_id = r.case_id WHERE l.status <> 'ASKED'
UNION ALL
  SELECT l.partner_id, l.device_id, f.id, l.status = 'ON'
  FROM own_file f CROSS JOIN caseload l ON l.case_id = f.case_id AND l.partner_id = f.partner_id
  WHERE l.status <> 'ASKED'
UNION ALL
  SELECT a.partner_id, a.device_id, k.id, a.status = 'ON' AND b.status = 'ON'
  FROM person_link k CROSS JOIN caseload a ON a.case_id = k.a_case_id
  CROSS JOIN caseload b ON b.case_id = k.b_case_id AND b.device_id = a.device_id AND b.partner_id = a.partner_id
  WHERE a.status <> 'ASKED' AND b.status <> 'ASKED';

-- What the hub has to write: a row for each device, and whatever has changed of it, one arm for each column, so that a
-- duty is over as soon as it is done; and a line of the caseload for a case that a laptop opened, so that offices see it
-- there, and its referrals go along.
CREATE VIEW device_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'partner_id', d.partner
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.id IS NULL
UNION ALL
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'name', d.name
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.name IS NOT d.name
UNION ALL
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'role', d.role
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.role IS NOT d.role
UNION ALL
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'status', d.state
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.status IS NOT d.state
UNION ALL
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'key_number', d.key_number
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.key_number IS NOT d.key_number
UNION ALL
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'signing_key', d.signing_key
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.signing_key IS NOT d.signing_key
UNION ALL
  SELECT d.partner, 'device ' || hex(d.id), 0, 'device', d.id, 'sealing_key', d.sealing_key
  FROM ru_device d LEFT JOIN device k ON k.id = d.id WHERE k.sealing_key IS NOT d.sealing_key
UNION ALL
  SELECT c.id, 'caseload ' || hex(d.id), 0, 'caseload', NULL, n.name,
    CASE n.name WHEN 'partner_id' THEN d.partner WHEN 'device_id' THEN d.id WHEN 'case_id' THEN c.id ELSE 'ON' END
  FROM case_file c CROSS JOIN ru_opened o ON o.scope = c.id
  CROSS JOIN ru_device d ON d.id = o.device AND d.partner = c.owner_partner_id
  CROSS JOIN ru_column n ON n.tbl = 'caseload'
  WHERE NOT EXISTS (SELECT 1 FROM caseload l WHERE l.case_id = c.id AND l.device_id = d.id);
