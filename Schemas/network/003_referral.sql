-- The referral: two partners, one woman. Each referral is a scope of its own, because until acceptance the
-- receiver sees these rows and nothing of the case. Facts about her are in the pack, not here.

CREATE TABLE referral(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16),      -- weak: the receiver does not hold the case yet
  kind TEXT NOT NULL DEFAULT 'REFER_HOUSE' CHECK(length(kind) <= 40),
  from_partner_id BLOB CHECK(length(from_partner_id) = 16),
  from_area TEXT CHECK(length(from_area) = 3),
  to_partner_id BLOB NOT NULL CHECK(length(to_partner_id) = 16),
  to_area TEXT CHECK(length(to_area) = 3),
  state TEXT NOT NULL DEFAULT 'DRAFT' CHECK(state IN
    ('DRAFT', 'PRE_CHECK', 'PRE_CHECK_OK', 'PRE_CHECK_NO', 'SENT', 'RECEIVED', 'UNDER_ASSESSMENT', 'INFO_REQUESTED',
     'WAITLISTED', 'OFFERED', 'OFFER_ACCEPTED', 'OFFER_REFUSED', 'ACCEPTED', 'HANDOVER', 'TRANSFERRED',
     'RECALLED_OPEN', 'COMPLETED', 'RETURNED', 'DECLINED', 'WITHDRAWN', 'CONSENT_WITHDRAWN', 'EXPIRED',
     'CLOSED_ERROR')),
  source TEXT CHECK(length(source) <= 60),
  urgency TEXT NOT NULL DEFAULT 'ROUTINE' CHECK(length(urgency) <= 40),
  needed_from TEXT CHECK(needed_from GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  release_date TEXT CHECK(release_date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  household_band TEXT CHECK(length(household_band) <= 40),
  reason_for_area TEXT CHECK(length(reason_for_area) <= 500),
  pre_check_ref BLOB CHECK(length(pre_check_ref) = 16),
  decline_reason TEXT CHECK(length(decline_reason) <= 60),
  decline_text TEXT CHECK(length(decline_text) <= 500),
  withdraw_reason TEXT CHECK(length(withdraw_reason) <= 60),
  withdraw_text TEXT CHECK(length(withdraw_text) <= 500),
  assessor TEXT CHECK(length(assessor) <= 100),
  CHECK(from_partner_id <> to_partner_id)
) STRICT;
CREATE INDEX referral_case ON referral(case_id);
CREATE INDEX referral_from ON referral(from_partner_id);
CREATE INDEX referral_to ON referral(to_partner_id);
CREATE INDEX referral_pre_check ON referral(pre_check_ref);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (30, 'referral', 'referral', 'id', 'REFERRAL', 'granted', 0, 'Referral', 'One partner asks another to take a woman on');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('referral', 'case_id',         0,  'lww',    'Case',            'Whose case', NULL),
  ('referral', 'kind',            0,  'lww',    'Kind',            'To house her, or joint work', 'referral.kind'),
  ('referral', 'from_partner_id', 1,  'lww',    'From',            'Empty in a new referral: the partner that made it', NULL),
  ('referral', 'from_area',       1,  'lww',    'From area',       'Area code', NULL),
  ('referral', 'to_partner_id',   2,  'review', 'To',              'Who is asked', NULL),
  ('referral', 'to_area',         2,  'review', 'To area',         'Area code', NULL),
  ('referral', 'state',           3,  'state',  'State',           'Each step is recorded', NULL),
  ('referral', 'needed_from',     4,  'review', 'Home needed from', 'The day of release or later', NULL),
  ('referral', 'release_date',    4,  'review', 'Release date',    'As known when it was sent', NULL),
  ('referral', 'urgency',         5,  'lww',    'Urgency',         'How soon an answer is needed', 'referral.urgency'),
  ('referral', 'household_band',  6,  'lww',    'Household',       'Who would move in', 'referral.household_band'),
  ('referral', 'reason_for_area', 7,  'review', 'Reason for the area', 'Stays readable to both when the referral closes: no names', NULL),
  ('referral', 'source',          8,  'lww',    'Source',          'Who asked for it', 'referral.source'),
  ('referral', 'pre_check_ref',   9,  'lww',    'Enquiry',         'The anonymous enquiry that came before', NULL),
  ('referral', 'decline_reason',  10, 'review', 'Declined because', 'Of the receiver', 'referral.decline_reason'),
  ('referral', 'decline_text',    10, 'review', 'Declined, in words', 'Stays readable to both: no names', NULL),
  ('referral', 'withdraw_reason', 11, 'review', 'Withdrawn because', 'Of the sender', 'referral.withdraw_reason'),
  ('referral', 'withdraw_text',   11, 'review', 'Withdrawn, in words', 'Stays readable to both: no names', NULL),
  ('referral', 'assessor',        12, 'review', 'Assessed by',     'One worker of the receiver', NULL);
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('referral', 'id'), ('referral', 'case_id');
INSERT INTO column_author(tbl, col) VALUES ('referral', 'from_partner_id');
INSERT INTO column_writer(tbl, col, relation) VALUES
  ('referral', 'case_id',         'NOBODY'),
  ('referral', 'kind',            'NOBODY'),
  ('referral', 'from_partner_id', 'NOBODY'),
  ('referral', 'from_area',       'NOBODY'),
  ('referral', 'to_partner_id',   'HUB'),
  ('referral', 'to_area',         'HUB'),
  ('referral', 'urgency',         'SENDER'),
  ('referral', 'household_band',  'SENDER'),
  ('referral', 'reason_for_area', 'SENDER'),
  ('referral', 'source',          'SENDER'),
  ('referral', 'pre_check_ref',   'SENDER'),
  ('referral', 'decline_reason',  'RECEIVER'),
  ('referral', 'decline_text',    'RECEIVER'),
  ('referral', 'withdraw_reason', 'SENDER'),
  ('referral', 'withdraw_text',   'SENDER'),
  ('referral', 'assessor',        'RECEIVER');

-- What was disclosed, frozen when it was sent: one row for each tier reached before acceptance.
CREATE TABLE referral_pack(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  referral_id BLOB NOT NULL CHECK(length(referral_id) = 16) REFERENCES referral(id) DEFERRABLE INITIALLY DEFERRED,
  tier TEXT NOT NULL CHECK(tier IN ('T2', 'T3', 'T4', 'T5')),
  items TEXT NOT NULL CHECK(length(items) <= 100000),
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  consent_id BLOB CHECK(length(consent_id) = 16),
  override_basis TEXT CHECK(length(override_basis) <= 60),
  frozen_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX referral_pack_referral ON referral_pack(referral_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (31, 'referral_pack', 'referral', 'referral_id', 'PACK', 'granted', 1, 'Pack', 'What the receiver was shown');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('referral_pack', 'referral_id',    0, 'append', 'Referral', 'The referral that this belongs to', NULL),
  ('referral_pack', 'tier',           0, 'append', 'Tier',     'How much of the case it tells', NULL),
  ('referral_pack', 'items',          0, 'append', 'Items',    'JSON, UTF-8', NULL),
  ('referral_pack', 'sha256',         0, 'append', 'SHA-256',  'Of the bytes of items', NULL),
  ('referral_pack', 'consent_id',     0, 'append', 'Consent',  'The consent that allows it', NULL),
  ('referral_pack', 'override_basis', 0, 'append', 'Override', 'Where there is no consent', 'referral_pack.override_basis'),
  ('referral_pack', 'frozen_at',      0, 'append', 'Frozen',   'From then on it does not change', NULL);

-- The referral's history, for both sides. Codes only: it outlives the pack.
CREATE TABLE referral_event(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  referral_id BLOB NOT NULL CHECK(length(referral_id) = 16) REFERENCES referral(id) DEFERRABLE INITIALLY DEFERRED,
  from_state TEXT CHECK(length(from_state) <= 40),
  to_state TEXT NOT NULL CHECK(length(to_state) BETWEEN 1 AND 40),
  actor_partner_id BLOB CHECK(length(actor_partner_id) = 16),
  reason TEXT CHECK(length(reason) <= 60),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX referral_event_referral ON referral_event(referral_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (32, 'referral_event', 'referral', 'referral_id', 'REFERRAL', 'granted', 1, 'Referral event', 'A step of a referral');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('referral_event', 'referral_id',      0, 'append', 'Referral', 'The referral that this belongs to', NULL),
  ('referral_event', 'from_state',       0, 'append', 'From',     'The state before', NULL),
  ('referral_event', 'to_state',         0, 'append', 'To',       'The state after', NULL),
  ('referral_event', 'actor_partner_id', 0, 'append', 'By',       'Partner', NULL),
  ('referral_event', 'reason',           0, 'append', 'Reason',   'Code', NULL),
  ('referral_event', 'recorded_for_at',  0, 'append', 'When it happened', 'The moment of the step, not of the typing', NULL),
  ('referral_event', 'entered_at',       0, 'append', 'When it was typed', 'Set by itself', NULL);
INSERT INTO column_author(tbl, col) VALUES ('referral_event', 'actor_partner_id');

-- The referral's states. Closed 1 to 3 absorb what is open, consent first: closing too much is mended by a new
-- referral, showing too much by nothing. From the transfer on (4) the case has changed hands, and they absorb no more.
INSERT INTO workflow_state(tbl, col, value, closed, rank, label) VALUES
  ('referral', 'state', 'DRAFT',             0, 0,   'Draft'),
  ('referral', 'state', 'PRE_CHECK',         0, 10,  'Anonymous enquiry'),
  ('referral', 'state', 'PRE_CHECK_OK',      0, 20,  'Enquiry answered: yes or maybe'),
  ('referral', 'state', 'SENT',              0, 30,  'Sent'),
  ('referral', 'state', 'RECEIVED',          0, 40,  'Received'),
  ('referral', 'state', 'UNDER_ASSESSMENT',  0, 50,  'Under assessment'),
  ('referral', 'state', 'INFO_REQUESTED',    0, 60,  'Waiting for information'),
  ('referral', 'state', 'WAITLISTED',        0, 70,  'Accepted in principle, no home yet'),
  ('referral', 'state', 'OFFERED',           0, 80,  'Home offered'),
  ('referral', 'state', 'OFFER_ACCEPTED',    0, 90,  'She accepts the offer'),
  ('referral', 'state', 'OFFER_REFUSED',     0, 100, 'She refuses the offer'),
  ('referral', 'state', 'ACCEPTED',          0, 110, 'Accepted'),
  ('referral', 'state', 'HANDOVER',          0, 120, 'Handing over'),
  ('referral', 'state', 'PRE_CHECK_NO',      1, 0,   'Enquiry answered: no'),
  ('referral', 'state', 'EXPIRED',           1, 10,  'Expired'),
  ('referral', 'state', 'DECLINED',          1, 20,  'Declined'),
  ('referral', 'state', 'WITHDRAWN',         2, 0,   'Withdrawn'),
  ('referral', 'state', 'CONSENT_WITHDRAWN', 3, 0,   'Consent withdrawn'),
  ('referral', 'state', 'TRANSFERRED',       4, 0,   'Transferred'),
  ('referral', 'state', 'RECALLED_OPEN',     4, 10,  'Recalled to prison'),
  ('referral', 'state', 'COMPLETED',         4, 20,  'Completed'),
  ('referral', 'state', 'RETURNED',          4, 30,  'Returned to the sender'),
  ('referral', 'state', 'CLOSED_ERROR',      5, 0,   'Closed: duplicate or mistake');

INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition) VALUES
  ('referral', 'state', NULL,               'DRAFT',            'SENDER',   ''),
  ('referral', 'state', 'DRAFT',            'PRE_CHECK',        'SENDER',   'no name, no case'),
  ('referral', 'state', 'PRE_CHECK',        'PRE_CHECK_OK',     'HUB',      'the enquiry''s answer; expires in 28 days'),
  ('referral', 'state', 'PRE_CHECK_OK',     'PRE_CHECK',        'SENDER',   'asked once more: the answer was too old'),
  ('referral', 'state', 'PRE_CHECK',        'PRE_CHECK_NO',     'HUB',      'the enquiry''s answer, with a reason'),
  ('referral', 'state', 'DRAFT',            'SENT',             'SENDER',   'consent that names the receiver'),
  ('referral', 'state', 'PRE_CHECK_OK',     'SENT',             'SENDER',   'consent that names the receiver'),
  ('referral', 'state', 'SENT',             'RECEIVED',         'RECEIVER', 'the pack arrived whole'),
  ('referral', 'state', 'SENT',             'RECEIVED',         'HUB',      'the pack arrived whole'),
  ('referral', 'state', 'RECEIVED',         'UNDER_ASSESSMENT', 'RECEIVER', 'one named assessor'),
  ('referral', 'state', 'UNDER_ASSESSMENT', 'INFO_REQUESTED',   'RECEIVER', ''),
  ('referral', 'state', 'INFO_REQUESTED',   'UNDER_ASSESSMENT', 'SENDER',   'answered'),
  ('referral', 'state', 'INFO_REQUESTED',   'UNDER_ASSESSMENT', 'RECEIVER', 'no longer needed'),
  ('referral', 'state', 'UNDER_ASSESSMENT', 'WAITLISTED',       'RECEIVER', ''),
  ('referral', 'state', 'UNDER_ASSESSMENT', 'OFFERED',          'RECEIVER', 'a home held by the hub'),
  ('referral', 'state', 'WAITLISTED',       'OFFERED',          'RECEIVER', 'a home held by the hub'),
  ('referral', 'state', 'UNDER_ASSESSMENT', 'ACCEPTED',         'RECEIVER', 'joint work, or no home to be held'),
  ('referral', 'state', 'OFFERED',          'OFFER_ACCEPTED',   'SENDER',   'her decision, recorded face to face'),
  ('referral', 'state', 'OFFERED',          'OFFER_REFUSED',    'SENDER',   'her decision, recorded face to face'),
  ('referral', 'state', 'OFFER_REFUSED',    'WAITLISTED',       'RECEIVER', ''),
  ('referral', 'state', 'OFFER_REFUSED',    'RETURNED',         'RECEIVER', ''),
  ('referral', 'state', 'OFFER_ACCEPTED',   'ACCEPTED',         'RECEIVER', 'the home is confirmed'),
  -- The sender takes this step, for it opens the notes; both sign, and then the hub transfers.
  ('referral', 'state', 'ACCEPTED',         'HANDOVER',         'SENDER',   'checklist done'),
  ('referral', 'state', 'HANDOVER',         'TRANSFERRED',      'HUB',
    'both sides signed, no open conflict on risk, consent or address; the owner changes in the same step'),
  ('referral', 'state', 'TRANSFERRED',      'COMPLETED',        'RECEIVER', 'arrived, first contact made; an outcome recorded'),
  ('referral', 'state', 'ACCEPTED',         'COMPLETED',        'RECEIVER', 'joint work that ended'),
  ('referral', 'state', 'TRANSFERRED',      'RECALLED_OPEN',    'RECEIVER', ''),
  ('referral', 'state', 'RECALLED_OPEN',    'COMPLETED',        'RECEIVER', ''),
  ('referral', 'state', 'ACCEPTED',         'RETURNED',         'RECEIVER', ''),
  ('referral', 'state', 'HANDOVER',         'RETURNED',         'RECEIVER', ''),
  ('referral', 'state', 'ACCEPTED',         'RETURNED',         'HUB',      ''),
  ('referral', 'state', 'HANDOVER',         'RETURNED',         'HUB',      ''),
  ('referral', 'state', 'TRANSFERRED',      'RETURNED',         'HUB',      'within 14 days, and the sender agrees; the owner changes back');
-- From every open state: declined once sent, withdrawn, consent withdrawn.
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, value, 'DECLINED', 'RECEIVER', 'with a reason' FROM workflow_state
  WHERE tbl = 'referral' AND col = 'state' AND closed = 0 AND rank >= 30;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, value, 'WITHDRAWN', 'SENDER', 'with a reason' FROM workflow_state
  WHERE tbl = 'referral' AND col = 'state' AND closed = 0;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT s.tbl, s.col, s.value, 'CONSENT_WITHDRAWN', r.relation, 'her decision' FROM workflow_state s
  JOIN (SELECT 'SENDER' AS relation UNION ALL SELECT 'RECEIVER' UNION ALL SELECT 'HUB') r
  WHERE s.tbl = 'referral' AND s.col = 'state' AND s.closed = 0;
-- By the hub: stale ones expire, mistakes close.
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, value, 'EXPIRED', 'HUB', 'nothing happened for 42 days, or release passed 14 days ago'
  FROM workflow_state
  WHERE tbl = 'referral' AND col = 'state' AND closed = 0 AND rank BETWEEN 30 AND 70;
INSERT INTO workflow_transition(tbl, col, from_value, to_value, relation, condition)
  SELECT tbl, col, value, 'CLOSED_ERROR', 'HUB', 'duplicate or mistake' FROM workflow_state
  WHERE tbl = 'referral' AND col = 'state' AND value <> 'CLOSED_ERROR';
