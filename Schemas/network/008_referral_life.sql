-- The referral's life: the anonymous enquiry before it, questions and answers, homes held, signatures, outcomes; what
-- she agreed to, and what may be disclosed without that; what the hub does by itself, and what nobody may do yet.

-- Two more classes, for the referral's own scope only: who holds a pack reads them too, a tombstone has neither.
INSERT INTO ru_class(bit, code, label) VALUES
  (18, 'OFFER',    'Homes held for a referral'),
  (19, 'QUESTION', 'Questions about a referral, and their answers');
INSERT INTO tier_class(tier, class) VALUES ('PACKED', 'OFFER'), ('PACKED', 'QUESTION');

-- Would you have room for a woman like this? It names nobody and no case, its id says nothing, and it is a scope of
-- its own. The referral that follows names it, and the receiver sees that only once the referral was sent.
CREATE TABLE enquiry(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  from_partner_id BLOB CHECK(length(from_partner_id) = 16),
  from_area TEXT CHECK(length(from_area) = 3),
  to_partner_id BLOB NOT NULL CHECK(length(to_partner_id) = 16),
  to_area TEXT CHECK(length(to_area) = 3),
  release_month TEXT CHECK(release_month GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
  bedrooms INTEGER CHECK(bedrooms BETWEEN 0 AND 20),
  children_bands TEXT CHECK(length(children_bands) <= 200),
  step_free INTEGER NOT NULL DEFAULT 0 CHECK(step_free IN (0, 1)),
  excluded_outward TEXT CHECK(length(excluded_outward) <= 200),
  state TEXT NOT NULL DEFAULT 'ASKED' CHECK(state IN ('ASKED', 'YES', 'MAYBE', 'NO', 'WITHDRAWN', 'EXPIRED')),
  answer_reason TEXT CHECK(length(answer_reason) <= 60),
  asked_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  CHECK(from_partner_id <> to_partner_id)
) STRICT;
CREATE INDEX enquiry_from ON enquiry(from_partner_id);
CREATE INDEX enquiry_to ON enquiry(to_partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (33, 'enquiry', 'enquiry', 'id', 'ENQUIRY', 'granted', 0, 'Enquiry', 'Anonymous: nothing in it may lead to her');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('enquiry', 'from_partner_id',  0, 'lww',    'From',          'Empty in a new enquiry: the partner that made it', NULL),
  ('enquiry', 'from_area',        0, 'lww',    'From area',     'Area code', NULL),
  ('enquiry', 'to_partner_id',    0, 'lww',    'To',            'Which partner is asked', NULL),
  ('enquiry', 'to_area',          0, 'lww',    'To area',       'Area code', NULL),
  ('enquiry', 'release_month',    0, 'lww',    'Release month', 'YYYY-MM', NULL),
  ('enquiry', 'bedrooms',         0, 'lww',    'Bedrooms',      'How many the family needs', NULL),
  ('enquiry', 'children_bands',   0, 'lww',    'Children''s ages', 'Codes, separated by commas', 'enquiry.children_bands'),
  ('enquiry', 'step_free',        0, 'lww',    'Step-free',     'Whether steps would keep her out', NULL),
  ('enquiry', 'excluded_outward', 0, 'lww',    'Not in',        'Outward postcodes (GL1), separated by commas', NULL),
  ('enquiry', 'asked_at',         0, 'lww',    'Asked',         'It counts for 28 days', NULL),
  ('enquiry', 'state',            1, 'state',  'Answer',        'The receiver answers yes, maybe or no', NULL),
  ('enquiry', 'answer_reason',    2, 'review', 'Because',       'Of a no', 'referral.decline_reason');
INSERT INTO column_author(tbl, col) VALUES ('enquiry', 'from_partner_id');
INSERT INTO column_writer(tbl, col, relation) VALUES
  ('enquiry', 'from_partner_id', 'NOBODY'), ('enquiry', 'from_area', 'NOBODY'), ('enquiry', 'to_partner_id', 'NOBODY'),
  ('enquiry', 'to_area', 'NOBODY'), ('enquiry', 'release_month', 'NOBODY'), ('enquiry', 'bedrooms', 'NOBODY'),
  ('enquiry', 'children_bands', 'NOBODY'), ('enquiry', 'step_free', 'NOBODY'),
  ('enquiry', 'excluded_outward', 'NOBODY'), ('enquiry', 'asked_at', 'NOBODY'),
  ('enquiry', 'answer_reason', 'RECEIVER');
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('enquiry', 'id');
-- Of two answers the more careful one stands. A home that went since turns a yes into a no.
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('enquiry', 'state', 'ASKED',     0, 0,  'Asked'),
  ('enquiry', 'state', 'YES',       0, 10, 'Yes'),
  ('enquiry', 'state', 'MAYBE',     0, 20, 'Maybe'),
  ('enquiry', 'state', 'NO',        0, 30, 'No'),
  ('enquiry', 'state', 'WITHDRAWN', 1, 0,  'Taken back'),
  ('enquiry', 'state', 'EXPIRED',   1, 10, 'Expired');
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('enquiry', 'state', NULL,    'ASKED',     'SENDER',   ''),
  ('enquiry', 'state', 'ASKED', 'YES',       'RECEIVER', ''),
  ('enquiry', 'state', 'ASKED', 'MAYBE',     'RECEIVER', ''),
  ('enquiry', 'state', 'ASKED', 'NO',        'RECEIVER', 'with a reason'),
  ('enquiry', 'state', 'YES',   'MAYBE',     'RECEIVER', ''),
  ('enquiry', 'state', 'YES',   'NO',        'RECEIVER', 'with a reason'),
  ('enquiry', 'state', 'MAYBE', 'YES',       'RECEIVER', ''),
  ('enquiry', 'state', 'MAYBE', 'NO',        'RECEIVER', 'with a reason'),
  ('enquiry', 'state', 'ASKED', 'WITHDRAWN', 'SENDER',   ''),
  ('enquiry', 'state', 'YES',   'WITHDRAWN', 'SENDER',   ''),
  ('enquiry', 'state', 'MAYBE', 'WITHDRAWN', 'SENDER',   ''),
  ('enquiry', 'state', 'ASKED', 'EXPIRED',   'HUB',      '28 days after it was asked'),
  ('enquiry', 'state', 'YES',   'EXPIRED',   'HUB',      '28 days after it was asked'),
  ('enquiry', 'state', 'MAYBE', 'EXPIRED',   'HUB',      '28 days after it was asked');

-- The receiver asks, the sender answers. Facts about her may be in both, so a closed referral leaves none of it behind.
CREATE TABLE info_request(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  referral_id BLOB NOT NULL CHECK(length(referral_id) = 16) REFERENCES referral(id) DEFERRABLE INITIALLY DEFERRED,
  topic TEXT NOT NULL CHECK(length(topic) BETWEEN 1 AND 60),
  question TEXT NOT NULL DEFAULT '' CHECK(length(question) <= 2000),
  asked_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  answer TEXT CHECK(length(answer) <= 4000),
  answered_at INTEGER
) STRICT;
CREATE INDEX info_request_referral ON info_request(referral_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (34, 'info_request', 'referral', 'referral_id', 'QUESTION', 'granted', 0, 'Question', 'Asked by the receiver, answered by the sender');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('info_request', 'referral_id', 0, 'lww',    'Referral',   'The referral that this belongs to', NULL),
  ('info_request', 'topic',       1, 'lww',    'Topic',      'What it is about', 'info_request.topic'),
  ('info_request', 'question',    1, 'lww',    'Question',   'The receiver''s, in words', NULL),
  ('info_request', 'asked_at',    1, 'lww',    'Asked',      'When the receiver asked', NULL),
  ('info_request', 'answer',      2, 'review', 'Answer',     'The sender''s, in words', NULL),
  ('info_request', 'answered_at', 2, 'review', 'Answered',   'Empty while it is open', NULL);
INSERT INTO column_writer(tbl, col, relation) VALUES
  ('info_request', 'topic', 'RECEIVER'), ('info_request', 'question', 'RECEIVER'), ('info_request', 'asked_at', 'RECEIVER'),
  ('info_request', 'answer', 'SENDER'), ('info_request', 'answered_at', 'SENDER');
INSERT INTO stage_write(state, side, scope_kind, class)
  SELECT s.value, d.side, 'referral', 'QUESTION' FROM workflow_state s
  JOIN (SELECT 'SENDER' AS side UNION ALL SELECT 'RECEIVER') d
  WHERE s.tbl = 'referral' AND s.col = 'state' AND s.closed = 0 AND s.rank >= 30;

-- What each side signs, with the list gone through. Who signed for which side the hub knows from the partner.
CREATE TABLE referral_signature(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  referral_id BLOB NOT NULL CHECK(length(referral_id) = 16) REFERENCES referral(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL CHECK(kind IN ('HANDOVER', 'RETURN')),
  partner_id BLOB CHECK(length(partner_id) = 16),
  signed_by TEXT CHECK(length(signed_by) <= 100),
  risk_call TEXT NOT NULL DEFAULT 'OPEN' CHECK(risk_call IN ('OPEN', 'DONE', 'NOT_NEEDED')),
  children_plan TEXT NOT NULL DEFAULT 'OPEN' CHECK(children_plan IN ('OPEN', 'DONE', 'NOT_NEEDED')),
  duty_to_refer TEXT NOT NULL DEFAULT 'OPEN' CHECK(duty_to_refer IN ('OPEN', 'DONE', 'NOT_NEEDED')),
  transport TEXT NOT NULL DEFAULT 'OPEN' CHECK(transport IN ('OPEN', 'DONE', 'NOT_NEEDED')),
  reason TEXT CHECK(length(reason) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX referral_signature_referral ON referral_signature(referral_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (35, 'referral_signature', 'referral', 'referral_id', 'REFERRAL', 'granted', 1, 'Signature',
    'One side agrees to hand over, or to give back');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('referral_signature', 'referral_id',     0, 'append', 'Referral', 'The referral that this belongs to', NULL),
  ('referral_signature', 'kind',            0, 'append', 'To',       'Hand over, or return', NULL),
  ('referral_signature', 'partner_id',      0, 'append', 'Partner',  'Which side signs', NULL),
  ('referral_signature', 'signed_by',       0, 'append', 'Signed by', 'A role, not a name', NULL),
  ('referral_signature', 'risk_call',       0, 'append', 'Risk call held', 'Both sides have talked about risk', NULL),
  ('referral_signature', 'children_plan',   0, 'append', 'Children''s plan', 'Handed over and talked through', NULL),
  ('referral_signature', 'duty_to_refer',   0, 'append', 'Duty to refer switched', 'To the new local authority', NULL),
  ('referral_signature', 'transport',       0, 'append', 'Transport from the gate', 'Who fetches her is settled', NULL),
  ('referral_signature', 'reason',          0, 'append', 'Because',  'Of a return', 'referral.return_reason'),
  ('referral_signature', 'recorded_for_at', 0, 'append', 'When it was signed', 'The moment of signing, not of the typing', NULL),
  ('referral_signature', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
INSERT INTO column_author(tbl, col) VALUES ('referral_signature', 'partner_id');

-- What became of her, in a word, for the partner that let her go. It outlives the pack.
CREATE TABLE referral_outcome(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  referral_id BLOB NOT NULL CHECK(length(referral_id) = 16) REFERENCES referral(id) DEFERRABLE INITIALLY DEFERRED,
  partner_id BLOB CHECK(length(partner_id) = 16),
  band TEXT NOT NULL CHECK(length(band) BETWEEN 1 AND 60),
  on_date TEXT NOT NULL DEFAULT (date('now')) CHECK(on_date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX referral_outcome_referral ON referral_outcome(referral_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (36, 'referral_outcome', 'referral', 'referral_id', 'REFERRAL', 'granted', 1, 'Outcome', 'One line back to the sender');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('referral_outcome', 'referral_id', 0, 'append', 'Referral', 'The referral that this belongs to', NULL),
  ('referral_outcome', 'partner_id',  0, 'append', 'By',       'Partner', NULL),
  ('referral_outcome', 'band',        0, 'append', 'Outcome',  'In a word', 'referral_outcome.band'),
  ('referral_outcome', 'on_date',     0, 'append', 'On',       'The day of which it tells', NULL),
  ('referral_outcome', 'entered_at',  0, 'append', 'When it was typed', 'Set by itself', NULL);
INSERT INTO column_author(tbl, col) VALUES ('referral_outcome', 'partner_id');

-- A home kept free while she decides. Before acceptance the receiver may not write her case, where `occupancy` is, so
-- what it holds for her is here. The hub alone grants it.
CREATE TABLE unit_hold(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  referral_id BLOB NOT NULL CHECK(length(referral_id) = 16) REFERENCES referral(id) DEFERRABLE INITIALLY DEFERRED,
  unit_id BLOB NOT NULL CHECK(length(unit_id) = 16),
  from_on TEXT NOT NULL CHECK(from_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  to_on TEXT NOT NULL CHECK(to_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  status TEXT NOT NULL DEFAULT 'REQUESTED' CHECK(status IN ('REQUESTED', 'HELD', 'REFUSED', 'RELEASED')),
  CHECK(from_on < to_on)
) STRICT;
CREATE INDEX unit_hold_referral ON unit_hold(referral_id);
CREATE INDEX unit_hold_unit ON unit_hold(unit_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (37, 'unit_hold', 'referral', 'referral_id', 'OFFER', 'granted', 0, 'Home held', 'Kept free while she decides');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('unit_hold', 'referral_id', 0, 'lww',   'Referral', 'The referral that this belongs to', NULL),
  ('unit_hold', 'unit_id',     1, 'alloc', 'Home',     'Which home', NULL),
  ('unit_hold', 'from_on',     1, 'alloc', 'From',     'The first night', NULL),
  ('unit_hold', 'to_on',       1, 'alloc', 'To',       'The day after the last night', NULL),
  ('unit_hold', 'status',      1, 'alloc', 'Status',   'The hub alone grants it', NULL);
INSERT INTO allocation(tbl, unit_col, from_col, to_col, status_col, grp, pool) VALUES
  ('unit_hold', 'unit_id', 'from_on', 'to_on', 'status', 1, 'HOME');
-- Whom a home is for: what is held for a woman by a referral does not stand in the way of her own case's home.
CREATE VIEW ru_allocation_for(scope, holder) AS
  SELECT id, id FROM case_file UNION ALL SELECT id, case_id FROM referral;
INSERT INTO allocation_state(tbl, value, sort, kind, label) VALUES
  ('unit_hold', 'REQUESTED', 0, 'REQUEST',  'Asked for'),
  ('unit_hold', 'HELD',      0, 'HOLDS',    'Held'),
  ('unit_hold', 'REFUSED',   0, 'REFUSED',  'Not available then'),
  ('unit_hold', 'RELEASED',  0, 'RELEASED', 'Given back');
INSERT INTO stage_write(state, side, scope_kind, class)
  SELECT value, 'RECEIVER', 'referral', 'OFFER' FROM workflow_state
  WHERE tbl = 'referral' AND col = 'state' AND closed = 0 AND rank >= 50;

-- Shared although she did not agree: only for a reason that the law knows, in a manager's name, reviewed within a week.
-- A review is a row that names the first one.
CREATE TABLE consent_override(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16) REFERENCES case_file(id) DEFERRABLE INITIALLY DEFERRED,
  partner_id BLOB NOT NULL CHECK(length(partner_id) = 16),
  basis TEXT NOT NULL CHECK(basis IN ('SAFEGUARDING_CHILD', 'SAFEGUARDING_ADULT', 'VITAL_INTERESTS', 'COURT_ORDER')),
  manager TEXT NOT NULL CHECK(length(manager) BETWEEN 1 AND 100),
  rationale TEXT NOT NULL CHECK(length(rationale) BETWEEN 10 AND 2000),
  reviews_id BLOB CHECK(length(reviews_id) = 16),
  verdict TEXT CHECK(verdict IN ('UPHELD', 'ENDED')),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  CHECK((reviews_id IS NULL) = (verdict IS NULL))
) STRICT;
CREATE INDEX consent_override_case ON consent_override(case_id);
CREATE INDEX consent_override_reviews ON consent_override(reviews_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (38, 'consent_override', 'case', 'case_id', 'SAFEGUARDING', 'granted', 1, 'Sharing without consent',
    'Counts for 7 days, and for 28 after each review that upholds it');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('consent_override', 'case_id',         0, 'append', 'Case',     'The case that this belongs to', NULL),
  ('consent_override', 'partner_id',      0, 'append', 'Partner',  'With whom', NULL),
  ('consent_override', 'basis',           0, 'append', 'Basis',    'The reason that the law knows', 'referral_pack.override_basis'),
  ('consent_override', 'manager',         0, 'append', 'Manager',  'Who answers for it', NULL),
  ('consent_override', 'rationale',       0, 'append', 'Because',  'At least ten characters: what would happen otherwise', NULL),
  ('consent_override', 'reviews_id',      0, 'append', 'Reviews',  'The row that this one reviews', NULL),
  ('consent_override', 'verdict',         0, 'append', 'Verdict',  'Of a review: upheld or ended', NULL),
  ('consent_override', 'recorded_for_at', 0, 'append', 'When it was decided', 'The moment of the decision, not of the typing', NULL),
  ('consent_override', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);

INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES
  ('consent', 'case_id'), ('consent_override', 'case_id'), ('limited_access', 'case_id'),
  ('referral_event', 'referral_id'), ('referral_signature', 'referral_id');
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name IN ('referral_signature', 'consent_override');
UPDATE ru_table SET happened_column = 'asked_at' WHERE name IN ('enquiry', 'info_request');

-- What she agreed to. Nothing counts as later than a day after it was typed, so a year that was typed wrong cannot stand
-- above all that comes; and no consent counts before its time. It ends with the last day that it names, at midnight UTC.
CREATE VIEW consent_given(id, case_id, partner_id, purpose, has_evidence, at_ms, until_ms) AS
  SELECT k.id, k.case_id, k.partner_id, k.purpose, length(trim(coalesce(k.evidence_ref, ''))) > 0,
    min(k.recorded_for_at, k.entered_at + 86400000),
    CASE WHEN k.expires_on IS NOT NULL
      THEN coalesce(CAST((julianday(k.expires_on) - 2440586.5) * 86400000 AS INTEGER), 0) END
  FROM consent k CROSS JOIN ru_now n
  WHERE k.decision = 'GIVEN'
    AND (n.ms = 0 OR min(k.recorded_for_at, k.entered_at + 86400000) <= n.ms + 86400000);
-- What she refused or took back; no partner: from all of them. The receiver, who may not write the case yet, records
-- that she took consent back as the referral's step.
CREATE VIEW consent_refused(case_id, partner_id, purpose, decision, at_ms) AS
  SELECT k.case_id, k.partner_id, k.purpose, k.decision, k.recorded_for_at FROM consent k WHERE k.decision <> 'GIVEN'
  UNION ALL
  -- Cast, for SQLite looks into a view of several selects only where their columns are alike.
  SELECT r.case_id, r.to_partner_id, CAST('SHARE_WITH_PARTNER' AS TEXT), CAST('WITHDRAWN' AS TEXT), e.recorded_for_at
  FROM referral r CROSS JOIN referral_event e ON e.referral_id = r.id
  WHERE e.to_state = 'CONSENT_WITHDRAWN' AND e.actor_partner_id = r.to_partner_id;
-- The latest event counts, by when it happened and not by when it came; at the same moment a no counts more than a yes.
-- After she took consent back, only a yes with evidence counts, and only a day later: two clocks may differ.
CREATE VIEW consent_in_force(id, case_id, partner_id, purpose, at_ms, until_ms) AS
  SELECT g.id, g.case_id, g.partner_id, g.purpose, g.at_ms, g.until_ms
  FROM consent_given g
  WHERE NOT EXISTS (
      SELECT 1 FROM consent_refused w
      WHERE w.case_id = g.case_id AND w.purpose = g.purpose AND (w.partner_id IS NULL OR w.partner_id = g.partner_id)
        AND (w.at_ms >= g.at_ms
          OR w.decision = 'WITHDRAWN' AND (g.has_evidence = 0 OR w.at_ms > g.at_ms - 86400000)))
    AND NOT EXISTS (
      SELECT 1 FROM consent_given h
      WHERE h.case_id = g.case_id AND h.purpose = g.purpose AND h.partner_id IS g.partner_id
        AND (h.at_ms, -coalesce(h.until_ms, 1 << 61), h.id) > (g.at_ms, -coalesce(g.until_ms, 1 << 61), g.id)
        AND (h.has_evidence = 1 OR NOT EXISTS (
          SELECT 1 FROM consent_refused w
          WHERE w.case_id = h.case_id AND w.purpose = h.purpose AND w.decision = 'WITHDRAWN'
            AND (w.partner_id IS NULL OR w.partner_id = h.partner_id))));

-- Sharing without consent: seven days, and 28 after each review that upholds it, until one ends it.
CREATE VIEW override_in_force(id, case_id, partner_id, basis, until_ms) AS
  SELECT o.id, o.case_id, o.partner_id, o.basis,
    max(
      min(o.recorded_for_at, o.entered_at + 86400000) + 7 * 86400000,
      coalesce(
        (SELECT max(min(v.recorded_for_at, v.entered_at + 86400000)) + 28 * 86400000
          FROM consent_override v WHERE v.reviews_id = o.id AND v.verdict = 'UPHELD'), 0))
  FROM consent_override o
  WHERE o.reviews_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM consent_override v WHERE v.reviews_id = o.id AND v.verdict = 'ENDED');

-- Why a case may be disclosed to a partner now.
CREATE VIEW disclosure_basis(case_id, partner_id, kind, id, until_ms) AS
  SELECT k.case_id, k.partner_id, CAST('CONSENT' AS TEXT), k.id, k.until_ms
  FROM consent_in_force k CROSS JOIN ru_now n
  WHERE k.purpose = 'SHARE_WITH_PARTNER' AND (k.until_ms IS NULL OR k.until_ms > n.ms)
  UNION ALL
  SELECT o.case_id, o.partner_id, o.basis, o.id, o.until_ms
  FROM override_in_force o CROSS JOIN ru_now n WHERE o.until_ms > n.ms;

-- Partners that may not see a case whatever was agreed: a worker of theirs is her cousin, or others alone may.
CREATE VIEW access_limit(partner, case_id) AS
  SELECT x.partner_id, x.case_id FROM limited_access x WHERE x.kind = 'EXCLUSION' AND x.partner_id IS NOT NULL
  UNION ALL
  SELECT q.id, x.case_id FROM limited_access x CROSS JOIN partner q
  WHERE x.kind = 'RESTRICTION' AND NOT EXISTS (
    SELECT 1 FROM limited_access y LEFT JOIN staff_user u ON u.id = y.staff_id
    WHERE y.case_id = x.case_id AND y.kind = 'RESTRICTION' AND q.id IN (y.partner_id, u.partner_id));

-- Partners whose sharing agreement has run out: they keep their own cases and are shown no others.
CREATE VIEW agreement_ended(partner) AS
  SELECT q.id FROM partner q CROSS JOIN ru_now n
  WHERE coalesce(CAST((julianday(q.sharing_agreement_until) - 2440586.5) * 86400000 AS INTEGER), 1 << 61) <= n.ms;

-- Referrals whose receiver may be shown what the stage allows. Of a closed one the stage alone decides.
CREATE VIEW referral_shown(id) AS
  SELECT f.id FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  WHERE s.closed > 0
    OR EXISTS (SELECT 1 FROM disclosure_basis d WHERE d.case_id = f.case_id AND d.partner_id = f.to_partner_id)
      AND NOT EXISTS (SELECT 1 FROM agreement_ended x WHERE x.partner = f.to_partner_id)
      AND NOT EXISTS (SELECT 1 FROM access_limit x WHERE x.case_id = f.case_id AND x.partner = f.to_partner_id);

-- Referrals that she said no to, and no other basis allows: the hub closes them.
CREATE VIEW referral_refused(id) AS
  SELECT f.id FROM referral f
  WHERE EXISTS (
      SELECT 1 FROM consent_refused w
      WHERE w.case_id = f.case_id AND w.purpose = 'SHARE_WITH_PARTNER'
        AND (w.partner_id IS NULL OR w.partner_id = f.to_partner_id))
    AND NOT EXISTS (
      SELECT 1 FROM consent_in_force k
      WHERE k.case_id = f.case_id AND k.partner_id = f.to_partner_id AND k.purpose = 'SHARE_WITH_PARTNER')
    AND NOT EXISTS (
      SELECT 1 FROM override_in_force o CROSS JOIN ru_now n
      WHERE o.case_id = f.case_id AND o.partner_id = f.to_partner_id AND o.until_ms > n.ms);

-- Scopes that closed to a partner because she said no, or because it may not see her case: what it wrote there unsent
-- waits for a person, all of it.
CREATE VIEW ru_strict_closing(scope, partner) AS
  SELECT f.id, f.to_partner_id FROM referral f
  WHERE EXISTS (SELECT 1 FROM referral_refused x WHERE x.id = f.id)
    OR EXISTS (SELECT 1 FROM access_limit x WHERE x.case_id = f.case_id AND x.partner = f.to_partner_id)
  UNION ALL
  SELECT f.case_id, f.to_partner_id FROM referral f
  WHERE (EXISTS (SELECT 1 FROM referral_refused x WHERE x.id = f.id)
      OR EXISTS (SELECT 1 FROM access_limit x WHERE x.case_id = f.case_id AND x.partner = f.to_partner_id))
    AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.id = f.case_id AND c.owner_partner_id = f.to_partner_id);

-- Scopes whose grants or duties the mere passing of time may move.
CREATE VIEW ru_timed_scope(scope) AS
  SELECT f.id FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  WHERE s.closed = 0 AND s.rank >= 30
  UNION
  SELECT f.case_id FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  WHERE s.closed = 0 AND s.rank >= 30 OR f.state = 'RECALLED_OPEN'
  UNION
  SELECT e.id FROM enquiry e WHERE e.state IN ('ASKED', 'YES', 'MAYBE');

-- Who signed, with nothing left open on the list.
CREATE VIEW referral_signed(id, kind, side, at_ms) AS
  SELECT f.id, g.kind, CASE g.partner_id WHEN f.from_partner_id THEN 'SENDER' WHEN f.to_partner_id THEN 'RECEIVER' END,
    g.recorded_for_at
  FROM referral f CROSS JOIN referral_signature g ON g.referral_id = f.id
  WHERE g.partner_id IN (f.from_partner_id, f.to_partner_id)
    AND (g.kind = 'RETURN' OR 'OPEN' NOT IN (g.risk_call, g.children_plan, g.duty_to_refer, g.transport));

-- The receiver asked within 14 days of the transfer to give her back, and the sender agreed.
CREATE VIEW referral_return_agreed(id) AS
  SELECT f.id FROM referral f
  CROSS JOIN referral_signed a ON a.id = f.id AND a.kind = 'RETURN' AND a.side = 'RECEIVER'
  CROSS JOIN referral_signed b ON b.id = f.id AND b.kind = 'RETURN' AND b.side = 'SENDER'
  WHERE a.at_ms <= 14 * 86400000 + (
    SELECT max(e.recorded_for_at) FROM referral_event e WHERE e.referral_id = f.id AND e.to_state = 'TRANSFERRED');

-- What nobody may do yet, and why, in words for people. Asked of one referral; the step may have been taken already.
CREATE VIEW referral_next(tbl, col, to_value, id, case_id, kind, from_partner_id, to_partner_id, from_area, to_area,
    pre_check_ref) AS
  SELECT t.tbl, t.col, t.value, r.id, r.case_id, r.kind, r.from_partner_id, r.to_partner_id, r.from_area, r.to_area,
    r.pre_check_ref
  FROM referral r CROSS JOIN workflow_state t ON t.tbl = 'referral' AND t.col = 'state';
CREATE VIEW referral_guard(tbl, col, key, to_value, why) AS
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('it names no enquiry' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'PRE_CHECK' AND NOT EXISTS (SELECT 1 FROM enquiry e WHERE e.id = f.pre_check_ref)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('its enquiry was not answered with yes or maybe, or not lately' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'SENT' AND f.pre_check_ref IS NOT NULL AND f.from_area IS NOT f.to_area AND NOT EXISTS (
    SELECT 1 FROM enquiry e
    WHERE e.id = f.pre_check_ref AND e.to_partner_id = f.to_partner_id AND e.state IN ('YES', 'MAYBE'))
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('no pack was frozen for it, which sending does' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'SENT' AND NOT EXISTS (SELECT 1 FROM referral_pack p WHERE p.referral_id = f.id AND p.tier >= 'T2')
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('another referral to house her is under way' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'SENT' AND f.kind = 'REFER_HOUSE' AND EXISTS (
    SELECT 1 FROM referral o
    CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = o.state
    WHERE o.case_id = f.case_id AND o.id <> f.id AND o.kind = f.kind AND s.closed = 0 AND s.rank >= 30)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the case is not the sender''s' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'SENT' AND EXISTS (
    SELECT 1 FROM case_file c WHERE c.id = f.case_id AND c.owner_partner_id <> f.from_partner_id)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the receiver has left the network' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('SENT', 'HANDOVER', 'TRANSFERRED')
    AND NOT EXISTS (SELECT 1 FROM partner q WHERE q.id = f.to_partner_id AND q.active = 1)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the receiver''s sharing agreement has ended' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('SENT', 'HANDOVER', 'TRANSFERRED')
    AND EXISTS (SELECT 1 FROM agreement_ended x WHERE x.partner = f.to_partner_id)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the receiver may not see this case' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('SENT', 'HANDOVER', 'TRANSFERRED')
    AND EXISTS (SELECT 1 FROM access_limit x WHERE x.case_id = f.case_id AND x.partner = f.to_partner_id)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('she has not consented to share with this receiver, or no longer' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('SENT', 'HANDOVER', 'TRANSFERRED')
    AND NOT EXISTS (SELECT 1 FROM disclosure_basis d WHERE d.case_id = f.case_id AND d.partner_id = f.to_partner_id)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('no question is open' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'INFO_REQUESTED'
    AND NOT EXISTS (SELECT 1 FROM info_request i WHERE i.referral_id = f.id AND i.answer IS NULL)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the hub holds no home for it' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'OFFERED'
    AND NOT EXISTS (SELECT 1 FROM unit_hold h WHERE h.referral_id = f.id AND h.status = 'HELD')
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the home held for it was given to somebody else for those days' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'OFFERED' AND EXISTS (
    SELECT 1 FROM unit_hold h CROSS JOIN occupancy o ON o.unit_id = h.unit_id
    WHERE h.referral_id = f.id AND h.status = 'HELD' AND o.case_id <> f.case_id
      AND o.status IN ('PROVISIONAL', 'CONFIRMED', 'ARRIVED') AND o.arrive_on < h.to_on AND h.from_on < o.depart_on)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('this is joint work: the case stays where it is' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('HANDOVER', 'TRANSFERRED') AND f.kind <> 'REFER_HOUSE'
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('a conflict about her risk, her consent or an address is open' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('HANDOVER', 'TRANSFERRED') AND EXISTS (
    SELECT 1 FROM ru_open_conflict x
    WHERE x.scope = f.case_id AND x.tbl IN ('risk_flag', 'consent', 'address', 'contact_restriction'))
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the sender has not signed' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'TRANSFERRED' AND NOT EXISTS (
    SELECT 1 FROM referral_signed g WHERE g.id = f.id AND g.kind = 'HANDOVER' AND g.side = 'SENDER')
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the receiver has not signed' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'TRANSFERRED' AND NOT EXISTS (
    SELECT 1 FROM referral_signed g WHERE g.id = f.id AND g.kind = 'HANDOVER' AND g.side = 'RECEIVER')
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the sender has not frozen what it keeps' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'TRANSFERRED'
    AND NOT EXISTS (SELECT 1 FROM referral_pack p WHERE p.referral_id = f.id AND p.tier = 'T4')
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the case is not the receiver''s yet' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'COMPLETED' AND f.kind = 'REFER_HOUSE'
    AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.id = f.case_id AND c.owner_partner_id = f.to_partner_id)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('no outcome was recorded' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'COMPLETED' AND NOT EXISTS (
    SELECT 1 FROM referral_outcome o
    WHERE o.referral_id = f.id AND coalesce(o.partner_id, f.to_partner_id) = f.to_partner_id)
  UNION ALL
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('both sides have to agree, within 14 days of the transfer' AS TEXT)
  FROM referral_next f
  WHERE f.to_value = 'RETURNED'
    AND EXISTS (SELECT 1 FROM case_file c WHERE c.id = f.case_id AND c.owner_partner_id = f.to_partner_id)
    AND NOT EXISTS (SELECT 1 FROM referral_return_agreed x WHERE x.id = f.id);
CREATE VIEW ru_guard(tbl, col, key, to_value, why) AS
  SELECT tbl, col, key, to_value, why FROM referral_guard
  UNION ALL SELECT tbl, col, key, to_value, why FROM contact_guard -- 022_children.sql
  UNION ALL SELECT tbl, col, key, to_value, why FROM home_guard;   -- 026_worked_out.sql

-- The one step that the hub has to take with a referral now.
CREATE VIEW referral_due(id, from_state, to_state) AS
  SELECT f.id, f.state,
    CASE
      WHEN s.closed = 0 AND s.rank >= 30 AND EXISTS (SELECT 1 FROM referral_refused x WHERE x.id = f.id)
        THEN 'CONSENT_WITHDRAWN'
      WHEN f.state = 'PRE_CHECK' THEN (
        SELECT CASE WHEN e.state IN ('YES', 'MAYBE') THEN 'PRE_CHECK_OK'
          WHEN e.state IN ('NO', 'EXPIRED') THEN 'PRE_CHECK_NO' END
        FROM enquiry e WHERE e.id = f.pre_check_ref)
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
          (SELECT max(e.entered_at) FROM referral_event e WHERE e.referral_id = f.id) + 42 * 86400000 < n.ms
          OR CAST((julianday(f.release_date) - 2440586.5) * 86400000 AS INTEGER) + 14 * 86400000 <= n.ms)
        THEN 'EXPIRED'
    END
  FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  CROSS JOIN ru_now n;

-- What the hub has to write for that: the step, its event, and at a transfer or a return the case's owner, all or
-- nothing; an enquiry that grew old; homes that were held for a referral that is over.
CREATE VIEW referral_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT d.id, d.to_state, 1, 'referral', d.id, 'state', d.to_state
  FROM referral_due d WHERE d.to_state IS NOT NULL
  UNION ALL
  SELECT d.id, d.to_state, 2, 'referral_event', NULL, w.col,
    CASE w.col WHEN 'referral_id' THEN d.id WHEN 'from_state' THEN d.from_state WHEN 'to_state' THEN d.to_state
      ELSE n.ms END
  FROM referral_due d
  CROSS JOIN (SELECT 'referral_id' AS col UNION ALL SELECT 'from_state' UNION ALL SELECT 'to_state'
    UNION ALL SELECT 'recorded_for_at' UNION ALL SELECT 'entered_at') w
  CROSS JOIN ru_now n
  WHERE d.to_state IS NOT NULL
  UNION ALL
  SELECT d.id, d.to_state, 3, 'case_file', f.case_id, 'owner_partner_id',
    CASE d.to_state WHEN 'TRANSFERRED' THEN f.to_partner_id ELSE f.from_partner_id END
  FROM referral_due d CROSS JOIN referral f ON f.id = d.id
  WHERE d.to_state = 'TRANSFERRED' OR d.to_state = 'RETURNED' AND d.from_state = 'TRANSFERRED'
  UNION ALL
  SELECT e.id, 'EXPIRED', 1, 'enquiry', e.id, 'state', 'EXPIRED'
  FROM enquiry e CROSS JOIN ru_now n
  WHERE e.state IN ('ASKED', 'YES', 'MAYBE') AND e.asked_at + 28 * 86400000 < n.ms
  UNION ALL
  SELECT f.id, 'RELEASE ' || hex(h.id), 1, 'unit_hold', h.id, 'status', 'RELEASED'
  FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  CROSS JOIN unit_hold h ON h.referral_id = f.id
  WHERE s.closed > 0 AND h.status = 'HELD'
  UNION ALL
  SELECT f.id, 'CANCEL ' || hex(o.id), 1, 'occupancy', o.id, 'status', 'CANCELLED'
  FROM referral f
  CROSS JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = f.state
  CROSS JOIN occupancy o ON o.case_id = f.case_id
  CROSS JOIN unit u ON u.id = o.unit_id AND u.partner_id = f.to_partner_id
  WHERE (s.closed BETWEEN 1 AND 3 OR f.state = 'RETURNED') AND o.status IN ('PROVISIONAL', 'CONFIRMED')
    AND NOT EXISTS (
      SELECT 1 FROM referral b
      CROSS JOIN workflow_state t ON t.tbl = 'referral' AND t.col = 'state' AND t.value = b.state
      WHERE b.case_id = f.case_id AND b.to_partner_id = f.to_partner_id AND b.id <> f.id
        AND (t.closed = 0 AND t.rank >= 30 OR b.state IN ('TRANSFERRED', 'RECALLED_OPEN', 'COMPLETED')));

-- What is written along with a step and moves grants, so that a preview of the step can tell: the case's owner, and that
-- she took consent back (whoever records it, for this receiver). The same as in referral_duty, before the step is due.
CREATE VIEW ru_step_effect(tbl, col, key, to_value, effect_tbl, effect_key, effect_col, value) AS
  SELECT CAST('referral' AS TEXT), CAST('state' AS TEXT), f.id, CAST('TRANSFERRED' AS TEXT),
    CAST('case_file' AS TEXT), f.case_id, CAST('owner_partner_id' AS TEXT), f.to_partner_id
  FROM referral f
  UNION ALL
  SELECT CAST('referral' AS TEXT), CAST('state' AS TEXT), f.id, CAST('RETURNED' AS TEXT),
    CAST('case_file' AS TEXT), f.case_id, CAST('owner_partner_id' AS TEXT), f.from_partner_id
  FROM referral f WHERE f.state = 'TRANSFERRED'
  UNION ALL
  SELECT CAST('referral' AS TEXT), CAST('state' AS TEXT), f.id, CAST('CONSENT_WITHDRAWN' AS TEXT),
    CAST('referral_event' AS TEXT), NULL, w.col,
    CASE w.col WHEN 'referral_id' THEN f.id WHEN 'actor_partner_id' THEN f.to_partner_id WHEN 'to_state'
      THEN 'CONSENT_WITHDRAWN' ELSE n.ms END
  FROM referral f
  CROSS JOIN (SELECT CAST('referral_id' AS TEXT) AS col UNION ALL SELECT 'to_state' UNION ALL SELECT 'actor_partner_id'
    UNION ALL SELECT 'recorded_for_at' UNION ALL SELECT 'entered_at') w
  CROSS JOIN ru_now n;
