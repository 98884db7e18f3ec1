-- What the hub notices by itself when two things that were each right do not fit together, and flags for a person.

-- Who works in which prison. The hub writes it, everyone reads it: it says whom to ask when she is moved.
CREATE TABLE inreach_coverage(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  prison TEXT NOT NULL CHECK(length(prison) = 3),
  state TEXT NOT NULL DEFAULT 'ACTIVE' CHECK(state IN ('PLANNED', 'ACTIVE', 'SUSPENDED', 'ENDED')),
  from_on TEXT CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX inreach_coverage_prison ON inreach_coverage(prison, state);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (41, 'inreach_coverage', 'shared', NULL, 'REFERENCE', 'hub', 0, 'In-reach', 'Which partner works in which prison');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('inreach_coverage', 'partner_id', 0, 'lww', 'Partner', 'Whose workers go in', NULL),
  ('inreach_coverage', 'prison',     0, 'lww', 'Prison',  'Prison service agency code', NULL),
  ('inreach_coverage', 'state',      1, 'lww', 'State',   'Planned, active, suspended or ended', NULL),
  ('inreach_coverage', 'from_on',    1, 'lww', 'From',    'The first day', NULL),
  ('inreach_coverage', 'to_on',      1, 'lww', 'Until',   'The last day; empty while it lasts', NULL);

-- The prison in which she is: of the last custody episode that has one. Newest id first, for ids are in time order.
CREATE VIEW present_prison(case_id, episode_id, prison) AS
  SELECT e.case_id, e.id, e.prison FROM custody_episode e
  WHERE e.prison IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM custody_episode l WHERE l.case_id = e.case_id AND l.prison IS NOT NULL AND
      (coalesce(l.received_on, ''), l.id) > (coalesce(e.received_on, ''), e.id));

-- One arm for each column and direction, each over as soon as it is done.
CREATE VIEW attention_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT v.case_id, 'visit at another prison ' || hex(v.id), 0, 'visit', v.id, 'flag', 'PRISON_CHANGED'
  FROM visit v CROSS JOIN present_prison p ON p.case_id = v.case_id
  WHERE v.attended IS NULL AND v.prison <> p.prison AND v.flag IS NULL
UNION ALL
  SELECT v.case_id, 'visit at her prison ' || hex(v.id), 0, 'visit', v.id, 'flag', NULL
  FROM visit v CROSS JOIN present_prison p ON p.case_id = v.case_id
  WHERE v.prison = p.prison AND v.flag = 'PRISON_CHANGED'
UNION ALL
  SELECT p.case_id, 'in-reach ' || hex(p.episode_id), 0, 'custody_episode', p.episode_id, 'inreach_partner_id',
    (SELECT i.partner_id FROM inreach_coverage i WHERE i.prison = p.prison AND i.state = 'ACTIVE' ORDER BY i.id LIMIT 1)
  FROM present_prison p CROSS JOIN custody_episode e ON e.id = p.episode_id
  WHERE e.inreach_partner_id IS NOT
    (SELECT i.partner_id FROM inreach_coverage i WHERE i.prison = p.prison AND i.state = 'ACTIVE' ORDER BY i.id LIMIT 1)
UNION ALL
  SELECT c.id, 'seen after closing', 0, 'case_file', c.id, 'flag', 'SEEN_AFTER_CLOSING'
  FROM case_file c
  WHERE c.flag IS NULL AND c.phase = 'CLOSED' AND c.closed_on IS NOT NULL AND EXISTS (
    SELECT 1 FROM visit v WHERE v.case_id = c.id AND v.attended IN ('YES', 'LATE')
      AND date(coalesce(v.recorded_for_at, v.planned_at) / 1000, 'unixepoch') >= c.closed_on)
UNION ALL
  SELECT c.id, 'open again', 0, 'case_file', c.id, 'flag', NULL
  FROM case_file c WHERE c.flag = 'SEEN_AFTER_CLOSING' AND c.phase <> 'CLOSED';
