-- Why an operator decided about an edit as she did, for whoever wrote it; times that nobody can mean; when the hub took
-- the step by which a referral is where it is.

-- The operator's own words, in the author's partner's own file about the case (015_own_notes.sql): no other partner holds
-- one of them, they go with an erasure, and a laptop has them with the case. Only the device that wrote the edit knows
-- which one it was: the row names a place in one of its batches, and neither a record nor a value.
CREATE TABLE edit_decision(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  own_file_id BLOB NOT NULL CHECK(length(own_file_id) = 16),  -- weak: the hub writes where it does not have to look
  batch BLOB NOT NULL CHECK(length(batch) = 16),              -- the first half of its id
  idx INTEGER NOT NULL CHECK(idx BETWEEN 0 AND 5000),
  decision TEXT NOT NULL CHECK(decision IN ('RELEASED', 'REFUSED')),
  why TEXT NOT NULL CHECK(length(why) BETWEEN 1 AND 2000),
  decided_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX edit_decision_file ON edit_decision(own_file_id);
CREATE INDEX edit_decision_op ON edit_decision(batch, idx);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (98, 'edit_decision', 'own', 'own_file_id', 'ASKED', 'hub', 1, 'Decision about an edit',
    'Why the hub''s operator had an edit applied, or refused it; for its author alone');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('edit_decision', 'own_file_id', 0, 'append', 'Own file', 'Of the partner that wrote the edit', NULL),
  ('edit_decision', 'batch',       0, 'append', 'Batch',    'In which its device sent it', NULL),
  ('edit_decision', 'idx',         0, 'append', 'Place',    'Which edit of the batch, from 0', NULL),
  ('edit_decision', 'decision',    0, 'append', 'Decision', 'Applied, or refused for good', NULL),
  ('edit_decision', 'why',         0, 'append', 'Why',      'In the operator''s words', NULL),
  ('edit_decision', 'decided_at',  0, 'append', 'When it was decided', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'decided_at' WHERE name = 'edit_decision';
INSERT INTO group_label(tbl, grp, label) VALUES ('edit_decision', 0, 'What was decided, and why');

-- Times that a row may say, in milliseconds since 1970: of the years 1900 to 2199. An edit that says another waits at the
-- hub as one whose value does not fit its column. A clock that has begun again in 1970 is inside. Only whole numbers are
-- bounded: a day that is written as text is as it was.
CREATE VIEW ru_bound(tbl, col, least, most) AS
  SELECT tbl, name, -2208988800000, 7258118399999 FROM ru_column WHERE name GLOB '*_at';

-- As in 008_referral_life.sql, but for the last step: the days count from when the hub took the step by which the referral
-- is where it is, whatever its parties' devices say; and what waits for a partner that has left the network, or comes from
-- one, is over.
DROP VIEW referral_due;
CREATE VIEW referral_due(id, from_state, to_state) AS
  SELECT f.id, f.state,
    CASE
      WHEN s.closed = 0 AND s.rank >= 30 AND EXISTS (SELECT 1 FROM referral_refused x WHERE x.id = f.id)
        THEN 'CONSENT_WITHDRAWN'
      WHEN f.state = 'PRE_CHECK' THEN (
        SELECT CASE WHEN e.state IN ('YES', 'MAYBE') THEN 'PRE_CHECK_OK'
          WHEN e.state IN ('NO', 'EXPIRED') THEN 'PRE_CHECK_NO' END
        FROM enquiry e WHERE e.id = f.pre_check_ref)
      WHEN s.closed = 0 AND s.rank BETWEEN 30 AND 70
          AND EXISTS (SELECT 1 FROM partner q WHERE q.id IN (f.from_partner_id, f.to_partner_id) AND q.active = 0)
        THEN 'EXPIRED'
      WHEN f.state = 'SENT' AND EXISTS (
          SELECT 1 FROM referral_pack p CROSS JOIN ru_seen v
          WHERE p.referral_id = f.id AND v.tbl = 'referral_pack' AND v.key = p.id AND v.partner = f.to_partner_id)
        THEN 'RECEIVED'
      WHEN f.state = 'HANDOVER' AND NOT EXISTS (
          SELECT 1 FROM referral_guard g WHERE g.tbl = 'referral' AND g.key = f.id AND g.to_value = 'TRANSFERRED')
        THEN 'TRANSFERRED'
      WHEN f.state = 'TRANSFERRED' AND EXISTS (SELECT 1 FROM referral_return_agreed x WHERE x.id = f.id)
        THEN 'RETURNED'
      WHEN s.closed = 0 AND s.rank BETWEEN 30 AND 70 AND (
          (SELECT t.ms FROM ru_taken t WHERE t.tbl = 'referral' AND t.key = f.id AND t.col = 'state')
            + 42 * 86400000 < n.ms
          OR CAST((julianday(f.release_date) - 2440586.5) * 86400000 AS INTEGER) + 14 * 86400000 <= n.ms)
        THEN 'EXPIRED'
    END
  FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  CROSS JOIN ru_now n;

-- As in 029_review_homes.sql, and the referrals of partners that have left.
DROP VIEW ru_duty_shared;
CREATE VIEW ru_duty_shared(subject) AS
  SELECT d.subject FROM attention_duty d WHERE d.tbl = 'custody_episode' AND d.col = 'inreach_partner_id'
  UNION ALL
  SELECT f.id FROM partner q CROSS JOIN referral f ON f.to_partner_id = q.id OR f.from_partner_id = q.id
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  WHERE q.active = 0 AND s.closed = 0 AND s.rank BETWEEN 30 AND 70;

-- As in 029_review_homes.sql, and partners themselves.
DROP VIEW ru_duty_table;
CREATE VIEW ru_duty_table(tbl) AS
  VALUES ('visit'), ('custody_episode'), ('case_file'), ('referral_signature'), ('unit_hold'), ('occupancy'),
    ('referral_event'), ('enquiry'), ('risk_flag'), ('contact_restriction'), ('address'),
    ('contact_plan'), ('contact_session'), ('occupancy_event'), ('unit'), ('void_period'), ('contract_period'),
    ('inreach_coverage'), ('partner');
