-- The same woman twice: two partners may each have a case of hers. Nothing is merged and no row moves; the hub only
-- says that two persons are one, or are not, and may take that back by another row. Reports look through it.

-- Each row is a scope of its own. It names the cases too, so that who may read it follows from who owns them.
CREATE TABLE person_link(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  a_person_id BLOB NOT NULL CHECK(length(a_person_id) = 16),
  a_case_id BLOB NOT NULL CHECK(length(a_case_id) = 16),
  b_person_id BLOB NOT NULL CHECK(length(b_person_id) = 16),
  b_case_id BLOB NOT NULL CHECK(length(b_case_id) = 16),
  decision TEXT NOT NULL CHECK(decision IN ('SAME', 'DIFFERENT', 'RETRACTED')),
  confidence TEXT NOT NULL DEFAULT 'UNVERIFIED' CHECK(confidence IN ('VERIFIED', 'UNVERIFIED')),
  decided_by TEXT NOT NULL DEFAULT 'HUMAN' CHECK(decided_by IN ('HUMAN', 'SYSTEM')),
  rationale TEXT NOT NULL CHECK(length(rationale) BETWEEN 1 AND 2000),
  retracts_id BLOB CHECK(length(retracts_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  CHECK(a_person_id <> b_person_id),
  CHECK((decision = 'RETRACTED') = (retracts_id IS NOT NULL))
) STRICT;
CREATE INDEX person_link_a ON person_link(a_person_id);
CREATE INDEX person_link_b ON person_link(b_person_id);
CREATE INDEX person_link_a_case ON person_link(a_case_id);
CREATE INDEX person_link_b_case ON person_link(b_case_id);
CREATE INDEX person_link_retracts ON person_link(retracts_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (40, 'person_link', 'link', 'id', 'IDENTITY', 'hub', 1, 'Link',
    'Two women, or two children, are one, or are not; only who owns both cases is told');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('person_link', 'a_person_id',     0, 'append', 'Woman or child', 'The one', NULL),
  ('person_link', 'a_case_id',       0, 'append', 'Her case',   'The case of the one', NULL),
  ('person_link', 'b_person_id',     0, 'append', 'The other one', 'The other', NULL),
  ('person_link', 'b_case_id',       0, 'append', 'The other''s case', 'The case of the other', NULL),
  ('person_link', 'decision',        0, 'append', 'Decision',   'The same woman, or two', NULL),
  ('person_link', 'confidence',      0, 'append', 'Confidence', 'Whether papers prove it', NULL),
  ('person_link', 'decided_by',      0, 'append', 'Decided by', 'Who at the hub', NULL),
  ('person_link', 'rationale',       0, 'append', 'Because',    'Why, for whoever looks again', NULL),
  ('person_link', 'retracts_id',     0, 'append', 'Takes back', 'The decision that holds no longer', NULL),
  ('person_link', 'recorded_for_at', 0, 'append', 'When it was decided', 'The moment of the decision', NULL),
  ('person_link', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);

-- The decisions that hold.
CREATE VIEW person_link_live AS
  SELECT l.id, l.a_person_id, l.b_person_id, l.decision, l.confidence, l.rationale FROM person_link l
  WHERE l.decision <> 'RETRACTED' AND NOT EXISTS (SELECT 1 FROM person_link r WHERE r.retracts_id = l.id);

-- One line for each person: the least id of all that are the same woman. Count these and she counts once.
CREATE VIEW person_identity(person_id, identity_id) AS
  WITH RECURSIVE
    same(a, b) AS (
      SELECT a_person_id, b_person_id FROM person_link_live WHERE decision = 'SAME'
      UNION SELECT b_person_id, a_person_id FROM person_link_live WHERE decision = 'SAME'),
    reached(person_id, other_id) AS (
      SELECT id, id FROM person UNION SELECT r.person_id, s.b FROM reached r JOIN same s ON s.a = r.other_id)
  SELECT person_id, min(other_id) FROM reached GROUP BY person_id;

-- The same for children: a child that was typed twice counts once, and both rows keep their episodes.
CREATE VIEW child_identity(child_id, identity_id) AS
  WITH RECURSIVE
    same(a, b) AS (
      SELECT a_person_id, b_person_id FROM person_link_live WHERE decision = 'SAME'
      UNION SELECT b_person_id, a_person_id FROM person_link_live WHERE decision = 'SAME'),
    reached(child_id, other_id) AS (
      SELECT id, id FROM child UNION SELECT r.child_id, s.b FROM reached r JOIN same s ON s.a = r.other_id)
  SELECT child_id, min(other_id) FROM reached GROUP BY child_id;

-- Grants that depend on rows which do not name their scope: when the row `key` of `tbl` changes, look again at
-- `scope`. A case that changes hands takes its links out of the former owner's sight; what she agrees to, who may not
-- see her case and how long a partner's agreement runs move what the other side of its referrals sees; a case that a
-- laptop gains or loses (009_caseload.sql) brings or takes its referrals, links and own notes along; and who may add to
-- these (015_own_notes.sql) hangs on the case's owner and its referrals.
CREATE VIEW ru_grant_reach(tbl, key, scope) AS
  SELECT 'case_file', a_case_id, id FROM person_link
  UNION ALL SELECT 'case_file', b_case_id, id FROM person_link
  UNION ALL SELECT 'consent', k.id, r.id FROM consent k CROSS JOIN referral r ON r.case_id = k.case_id
  UNION ALL SELECT 'consent_override', k.id, r.id FROM consent_override k CROSS JOIN referral r ON r.case_id = k.case_id
  UNION ALL SELECT 'limited_access', k.id, r.id FROM limited_access k CROSS JOIN referral r ON r.case_id = k.case_id
  UNION ALL SELECT 'referral_event', k.id, r.case_id FROM referral_event k CROSS JOIN referral r ON r.id = k.referral_id
  UNION ALL SELECT 'enquiry', r.pre_check_ref, r.id FROM referral r
  UNION ALL SELECT 'partner', r.to_partner_id, r.id FROM referral r
  UNION ALL SELECT 'partner', r.to_partner_id, r.case_id FROM referral r
  UNION ALL SELECT 'partner', r.from_partner_id, r.case_id FROM referral r
  UNION ALL SELECT 'caseload', l.id, r.id FROM caseload l CROSS JOIN referral r ON r.case_id = l.case_id
  UNION ALL SELECT 'caseload', l.id, k.id FROM caseload l CROSS JOIN person_link k ON k.a_case_id = l.case_id
  UNION ALL SELECT 'caseload', l.id, k.id FROM caseload l CROSS JOIN person_link k ON k.b_case_id = l.case_id
  UNION ALL SELECT 'caseload', l.id, f.id FROM caseload l CROSS JOIN own_file f ON f.case_id = l.case_id
  UNION ALL SELECT 'case_file', case_id, id FROM own_file
  UNION ALL SELECT 'referral', r.id, f.id FROM referral r CROSS JOIN own_file f ON f.case_id = r.case_id;
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('person_link', 'id');

-- When what a row tells of happened, for whoever decides about it.
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name IN
  ('person_alias', 'person_identifier', 'contact_restriction', 'visit', 'void_period', 'person_link');
