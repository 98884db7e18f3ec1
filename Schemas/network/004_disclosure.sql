-- Who sees what, and who may write it: at each stage of a referral, for each side, in each scope.
-- `kind` is a referral's kind, or '*' for all of them; lines that meet add up. What the receiver reads of an open
-- referral beyond a tombstone needs more than a line here: see referral_shown in 008_referral_life.sql.

-- Reading. No line, no access.
CREATE TABLE stage_tier(
  state TEXT NOT NULL,
  side TEXT NOT NULL CHECK(side IN ('SENDER', 'RECEIVER')),
  scope_kind TEXT NOT NULL CHECK(scope_kind IN ('referral', 'case')),
  kind TEXT NOT NULL DEFAULT '*',
  tier TEXT NOT NULL REFERENCES referral_tier(code),
  PRIMARY KEY(state, side, scope_kind, kind)
) STRICT, WITHOUT ROWID;
-- The sender always reads its own referral and what it sent.
INSERT INTO stage_tier(state, side, scope_kind, tier)
  SELECT value, 'SENDER', 'referral', 'PACKED' FROM workflow_state WHERE tbl = 'referral' AND col = 'state';
-- The receiver: nothing of drafts and enquiries (an enquiry has its own, anonymous scope), all of the referral while
-- it lives, a tombstone when it closed without a transfer, or when joint work ended.
INSERT INTO stage_tier(state, side, scope_kind, kind, tier) VALUES
  ('SENT',              'RECEIVER', 'referral', '*',           'PACKED'),
  ('RECEIVED',          'RECEIVER', 'referral', '*',           'PACKED'),
  ('UNDER_ASSESSMENT',  'RECEIVER', 'referral', '*',           'PACKED'),
  ('INFO_REQUESTED',    'RECEIVER', 'referral', '*',           'PACKED'),
  ('WAITLISTED',        'RECEIVER', 'referral', '*',           'PACKED'),
  ('OFFERED',           'RECEIVER', 'referral', '*',           'PACKED'),
  ('OFFER_ACCEPTED',    'RECEIVER', 'referral', '*',           'PACKED'),
  ('OFFER_REFUSED',     'RECEIVER', 'referral', '*',           'PACKED'),
  ('ACCEPTED',          'RECEIVER', 'referral', '*',           'PACKED'),
  ('HANDOVER',          'RECEIVER', 'referral', '*',           'PACKED'),
  ('TRANSFERRED',       'RECEIVER', 'referral', '*',           'PACKED'),
  ('RECALLED_OPEN',     'RECEIVER', 'referral', '*',           'PACKED'),
  ('COMPLETED',         'RECEIVER', 'referral', '*',           'TOMBSTONE'),
  ('COMPLETED',         'RECEIVER', 'referral', 'REFER_HOUSE', 'PACKED'),
  ('RETURNED',          'RECEIVER', 'referral', '*',           'TOMBSTONE'),
  ('DECLINED',          'RECEIVER', 'referral', '*',           'TOMBSTONE'),
  ('WITHDRAWN',         'RECEIVER', 'referral', '*',           'TOMBSTONE'),
  ('CONSENT_WITHDRAWN', 'RECEIVER', 'referral', '*',           'TOMBSTONE'),
  ('EXPIRED',           'RECEIVER', 'referral', '*',           'TOMBSTONE');
-- The case itself opens at acceptance. After the transfer the receiver owns it, which needs no line here; after a
-- recall the former owner helps to reach her again. Joint work opens the notes at once, and nothing changes hands.
INSERT INTO stage_tier(state, side, scope_kind, kind, tier) VALUES
  ('ACCEPTED',      'RECEIVER', 'case', '*',            'T3'),
  ('ACCEPTED',      'RECEIVER', 'case', 'REFER_SHARED', 'T4'),
  ('HANDOVER',      'RECEIVER', 'case', 'REFER_HOUSE',  'T4'),
  ('RECALLED_OPEN', 'SENDER',   'case', '*',            'T2');

-- Before acceptance facts about her travel in packs only: the highest tier of a pack at each stage. Never T5: what is
-- confidential goes from person to person, item by item.
CREATE TABLE stage_pack(
  state TEXT NOT NULL PRIMARY KEY,
  tier TEXT NOT NULL REFERENCES referral_tier(code) CHECK(tier IN ('T2', 'T3', 'T4'))
) STRICT, WITHOUT ROWID;
INSERT INTO stage_pack(state, tier) VALUES
  ('DRAFT',            'T2'),                             -- prepared, and not shown until sent
  ('PRE_CHECK_OK',     'T2'),
  ('SENT',             'T2'),
  ('RECEIVED',         'T2'),
  ('UNDER_ASSESSMENT', 'T3'),
  ('INFO_REQUESTED',   'T3'),
  ('WAITLISTED',       'T3'),
  ('OFFERED',          'T3'),
  ('OFFER_ACCEPTED',   'T3'),
  ('OFFER_REFUSED',    'T3'),
  ('ACCEPTED',         'T3'),
  ('HANDOVER',         'T4');                             -- what the sender keeps after the transfer

-- Writing, class by class.
CREATE TABLE stage_write(
  state TEXT NOT NULL,
  side TEXT NOT NULL CHECK(side IN ('SENDER', 'RECEIVER')),
  scope_kind TEXT NOT NULL CHECK(scope_kind IN ('referral', 'case')),
  kind TEXT NOT NULL DEFAULT '*',
  class TEXT NOT NULL REFERENCES ru_class(code),
  PRIMARY KEY(state, side, scope_kind, kind, class)
) STRICT, WITHOUT ROWID;
-- Whoever reads the referral may write it even when it is closed: two steps that crossed on the way (accepted here,
-- withdrawn there) must meet and be judged by the order of states. Which steps are legal, workflow_transition says.
INSERT INTO stage_write(state, side, scope_kind, class)
  SELECT DISTINCT state, side, 'referral', 'REFERRAL' FROM stage_tier WHERE scope_kind = 'referral';
-- The sender adds packs until the transfer.
INSERT INTO stage_write(state, side, scope_kind, class)
  SELECT value, 'SENDER', 'referral', 'PACK' FROM workflow_state
  WHERE tbl = 'referral' AND col = 'state' AND closed = 0;
INSERT INTO stage_write(state, side, scope_kind, kind, class) VALUES
  ('ACCEPTED', 'RECEIVER', 'case', '*',            'NEEDS'),
  ('ACCEPTED', 'RECEIVER', 'case', 'REFER_SHARED', 'NOTES'),
  ('HANDOVER', 'RECEIVER', 'case', '*',            'NEEDS'),
  ('HANDOVER', 'RECEIVER', 'case', '*',            'NOTES');

-- What the engine reads: one line for each reason for which a partner may enter a scope. Plain selects, so that a
-- condition on `scope` or `partner` reaches every index. Each side of a referral enters the case only while the other
-- side owns it: nobody opens a case by naming it in a referral. A partner that left enters nothing. The receiver of an
-- open referral that may not be shown more (referral_shown) is left with a tombstone; the owner asks nobody.
CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
  SELECT p.id, p.id, 'OWNER',
    (SELECT 1 << bit FROM ru_class WHERE code = 'PARTNER'),
    (SELECT 1 << bit FROM ru_class WHERE code = 'PARTNER'),
    'its own records'
  FROM partner p
  WHERE p.active = 1
UNION ALL
  SELECT c.owner_partner_id, c.id, 'OWNER',
    (SELECT sum(1 << k.bit) FROM tier_class t JOIN ru_class k ON k.code = t.class WHERE t.tier = 'T5'),
    (SELECT sum(1 << k.bit) FROM tier_class t JOIN ru_class k ON k.code = t.class WHERE t.tier = 'T5'),
    'owns the case'
  FROM case_file c CROSS JOIN partner p ON p.id = c.owner_partner_id
  WHERE p.active = 1
UNION ALL
  SELECT r.from_partner_id, r.id, 'SENDER',
    (SELECT sum(1 << k.bit) FROM tier_class t JOIN ru_class k ON k.code = t.class WHERE t.tier = s.tier),
    (SELECT coalesce(sum(DISTINCT 1 << k.bit), 0) FROM stage_write w JOIN ru_class k ON k.code = w.class
      WHERE w.state = r.state AND w.side = 'SENDER' AND w.scope_kind = 'referral' AND w.kind IN ('*', r.kind)),
    'sent the referral: ' || r.state
  FROM referral r
  CROSS JOIN stage_tier s ON s.state = r.state AND s.side = 'SENDER' AND s.scope_kind = 'referral'
    AND s.kind IN ('*', r.kind)
  CROSS JOIN partner p ON p.id = r.from_partner_id
  WHERE p.active = 1
UNION ALL
  SELECT r.to_partner_id, r.id, 'RECEIVER',
    (SELECT sum(1 << k.bit) FROM tier_class t JOIN ru_class k ON k.code = t.class
      WHERE t.tier = CASE WHEN EXISTS (SELECT 1 FROM referral_shown x WHERE x.id = r.id) THEN s.tier
        ELSE 'TOMBSTONE' END),
    (SELECT coalesce(sum(DISTINCT 1 << k.bit), 0) FROM stage_write w JOIN ru_class k ON k.code = w.class
      WHERE w.state = r.state AND w.side = 'RECEIVER' AND w.scope_kind = 'referral' AND w.kind IN ('*', r.kind)),
    'received the referral: ' || r.state
  FROM referral r
  CROSS JOIN stage_tier s ON s.state = r.state AND s.side = 'RECEIVER' AND s.scope_kind = 'referral'
    AND s.kind IN ('*', r.kind)
  CROSS JOIN partner p ON p.id = r.to_partner_id
  WHERE p.active = 1
UNION ALL
  SELECT r.to_partner_id, r.case_id, 'RECEIVER',
    (SELECT sum(1 << k.bit) FROM tier_class t JOIN ru_class k ON k.code = t.class WHERE t.tier = s.tier),
    (SELECT coalesce(sum(DISTINCT 1 << k.bit), 0) FROM stage_write w JOIN ru_class k ON k.code = w.class
      WHERE w.state = r.state AND w.side = 'RECEIVER' AND w.scope_kind = 'case' AND w.kind IN ('*', r.kind)),
    'receives the case by referral: ' || r.state
  FROM referral r
  CROSS JOIN stage_tier s ON s.state = r.state AND s.side = 'RECEIVER' AND s.scope_kind = 'case'
    AND s.kind IN ('*', r.kind)
  CROSS JOIN case_file c ON c.id = r.case_id AND c.owner_partner_id = r.from_partner_id
  CROSS JOIN partner p ON p.id = r.to_partner_id
  WHERE p.active = 1 AND EXISTS (SELECT 1 FROM referral_shown x WHERE x.id = r.id)
UNION ALL
  -- The former owner helps after a recall, unless she took back what she had agreed to with it.
  SELECT r.from_partner_id, r.case_id, 'SENDER',
    (SELECT sum(1 << k.bit) FROM tier_class t JOIN ru_class k ON k.code = t.class WHERE t.tier = s.tier),
    (SELECT coalesce(sum(DISTINCT 1 << k.bit), 0) FROM stage_write w JOIN ru_class k ON k.code = w.class
      WHERE w.state = r.state AND w.side = 'SENDER' AND w.scope_kind = 'case' AND w.kind IN ('*', r.kind)),
    'sent the case by referral: ' || r.state
  FROM referral r
  CROSS JOIN stage_tier s ON s.state = r.state AND s.side = 'SENDER' AND s.scope_kind = 'case'
    AND s.kind IN ('*', r.kind)
  CROSS JOIN case_file c ON c.id = r.case_id AND c.owner_partner_id = r.to_partner_id
  CROSS JOIN partner p ON p.id = r.from_partner_id
  WHERE p.active = 1
    AND NOT EXISTS (SELECT 1 FROM agreement_ended x WHERE x.partner = r.from_partner_id)
    AND NOT EXISTS (SELECT 1 FROM access_limit x WHERE x.case_id = r.case_id AND x.partner = r.from_partner_id)
    AND NOT EXISTS (SELECT 1 FROM consent_refused x WHERE x.case_id = r.case_id
      AND x.purpose = 'SHARE_WITH_PARTNER' AND x.partner_id = r.from_partner_id)
UNION ALL
  -- An enquiry names nobody: both sides read it, and it has no case.
  SELECT e.from_partner_id, e.id, 'SENDER',
    (SELECT 1 << bit FROM ru_class WHERE code = 'ENQUIRY'),
    (SELECT 1 << bit FROM ru_class WHERE code = 'ENQUIRY'),
    'made the enquiry'
  FROM enquiry e CROSS JOIN partner p ON p.id = e.from_partner_id
  WHERE p.active = 1
UNION ALL
  SELECT e.to_partner_id, e.id, 'RECEIVER',
    (SELECT 1 << bit FROM ru_class WHERE code = 'ENQUIRY'),
    (SELECT 1 << bit FROM ru_class WHERE code = 'ENQUIRY'),
    'was asked'
  FROM enquiry e CROSS JOIN partner p ON p.id = e.to_partner_id
  WHERE p.active = 1
UNION ALL
  -- That two women are one (007_identity.sql) is told to nobody but a partner that owns the cases of both.
  SELECT a.owner_partner_id, l.id, 'OWNER',
    (SELECT 1 << bit FROM ru_class WHERE code = 'IDENTITY'),
    0,
    'owns both cases'
  FROM person_link l
  CROSS JOIN case_file a ON a.id = l.a_case_id
  CROSS JOIN case_file b ON b.id = l.b_case_id AND b.owner_partner_id = a.owner_partner_id
  CROSS JOIN partner p ON p.id = a.owner_partner_id
  WHERE p.active = 1
UNION ALL
  -- What a partner notes for itself (015_own_notes.sql) stays with it, whoever owns the case. It adds to it while the
  -- case is its own, or is referred to it.
  SELECT f.partner_id, f.id, 'OWNER',
    (SELECT 1 << bit FROM ru_class WHERE code = 'OWN_NOTES'),
    CASE WHEN EXISTS (SELECT 1 FROM case_file c WHERE c.id = f.case_id AND c.owner_partner_id = f.partner_id)
      OR EXISTS (SELECT 1 FROM referral r
        JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state AND s.closed = 0
        WHERE r.case_id = f.case_id AND r.to_partner_id = f.partner_id)
      THEN (SELECT 1 << bit FROM ru_class WHERE code = 'OWN_NOTES') ELSE 0 END,
    'its own notes'
  FROM own_file f CROSS JOIN partner p ON p.id = f.partner_id
  WHERE p.active = 1;

-- When what a row tells of happened, which may be long before it was typed.
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name IN ('consent', 'case_note', 'referral_event');

-- Values of these are shown on the case's own page and nowhere else: not in work-lists, previews, logs or errors.
UPDATE ru_class SET secret = 1 WHERE code IN ('ADDRESS', 'CHILD_VOICE', 'SAFEGUARDING');
