-- What the hub asks those who wrote the values of a conflict, in words, and what they answer; and what the fields that
-- merge together are called.

-- A question and its answers lie in the asked partner's own file about the case (015_own_notes.sql), so that no other
-- partner holds a word of them, and a laptop has them with the case.
INSERT INTO ru_class(bit, code, label, secret) VALUES
  (24, 'ASKED', 'What the hub asks about a conflict, and the answers', 1);

-- It names the field and never a value: each side may hold its own alone.
CREATE TABLE conflict_question(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  own_file_id BLOB NOT NULL CHECK(length(own_file_id) = 16),  -- weak: the hub writes where it does not have to look
  about_scope BLOB NOT NULL CHECK(length(about_scope) = 16),  -- weak: the case or the referral whose record it is
  tbl TEXT NOT NULL CHECK(length(tbl) BETWEEN 1 AND 60),
  row_id BLOB NOT NULL CHECK(length(row_id) = 16),
  col TEXT NOT NULL CHECK(length(col) BETWEEN 1 AND 60),
  question TEXT NOT NULL CHECK(length(question) BETWEEN 10 AND 2000),
  asked_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  state TEXT NOT NULL DEFAULT 'OPEN' CHECK(state IN ('OPEN', 'CLOSED'))
) STRICT;
CREATE INDEX conflict_question_file ON conflict_question(own_file_id);
CREATE INDEX conflict_question_about ON conflict_question(about_scope, state);
CREATE INDEX conflict_question_row ON conflict_question(row_id);
CREATE INDEX conflict_question_state ON conflict_question(state);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (96, 'conflict_question', 'own', 'own_file_id', 'ASKED', 'hub', 0, 'Question of the hub',
    'The hub asks those who wrote the values of a conflict; nobody else is shown it');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('conflict_question', 'own_file_id', 0, 'lww', 'Own file', 'Of the partner that is asked', NULL),
  ('conflict_question', 'about_scope', 0, 'lww', 'About',    'The case or the referral', NULL),
  ('conflict_question', 'tbl',         0, 'lww', 'Table',    'Which table the record is in', NULL),
  ('conflict_question', 'row_id',      0, 'lww', 'Record',   'Which record', NULL),
  ('conflict_question', 'col',         0, 'lww', 'Field',    'The first of the fields that merge together', NULL),
  ('conflict_question', 'question',    0, 'lww', 'Question', 'In the operator''s words, without any value', NULL),
  ('conflict_question', 'asked_at',    0, 'lww', 'Asked',    'When', NULL),
  ('conflict_question', 'state',       1, 'lww', 'State',    'Open, or closed because the conflict is', NULL);

CREATE TABLE conflict_answer(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  own_file_id BLOB NOT NULL CHECK(length(own_file_id) = 16),
  question_id BLOB NOT NULL CHECK(length(question_id) = 16)
    REFERENCES conflict_question(id) DEFERRABLE INITIALLY DEFERRED,
  text TEXT NOT NULL CHECK(length(text) BETWEEN 1 AND 2000),
  author_id BLOB CHECK(length(author_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX conflict_answer_file ON conflict_answer(own_file_id);
CREATE INDEX conflict_answer_question ON conflict_answer(question_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (97, 'conflict_answer', 'own', 'own_file_id', 'ASKED', 'granted', 1, 'Answer to the hub',
    'What a partner says to a question of the hub''s; a correction is another answer');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('conflict_answer', 'own_file_id',     0, 'append', 'Own file', 'That of the question', NULL),
  ('conflict_answer', 'question_id',     0, 'append', 'Question', 'Which question', NULL),
  ('conflict_answer', 'text',            0, 'append', 'Answer',   'In words: what you know, and from whom', NULL),
  ('conflict_answer', 'author_id',       0, 'append', 'Author',   'Staff member', NULL),
  ('conflict_answer', 'recorded_for_at', 0, 'append', 'When it was said', 'Set by itself', NULL),
  ('conflict_answer', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'conflict_answer';

-- A conflict that is decided, or goes otherwise, has no open question.
CREATE VIEW question_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT q.about_scope, 'question closed ' || hex(q.id), 0, 'conflict_question', q.id, 'state', 'CLOSED'
  FROM conflict_question q
  WHERE q.state = 'OPEN' AND NOT EXISTS (SELECT 1 FROM ru_open_conflict c
    WHERE c.scope = q.about_scope AND c.tbl = q.tbl AND c.key = q.row_id AND c.col = q.col);

DROP VIEW ru_duty;
CREATE VIEW ru_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT subject, duty, step, tbl, key, col, value FROM device_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM referral_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM attention_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM contact_duty     -- 022_children.sql
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM home_duty        -- 026_worked_out.sql
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM capacity_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM inreach_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM home_review_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM question_duty;

-- As in 004_disclosure.sql, but for the last arm.
DROP VIEW ru_grant_source;
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
  -- case is its own, or is referred to it. What the hub asks it there it may answer at any time.
  SELECT f.partner_id, f.id, 'OWNER',
    (SELECT sum(1 << bit) FROM ru_class WHERE code IN ('OWN_NOTES', 'ASKED')),
    (SELECT 1 << bit FROM ru_class WHERE code = 'ASKED')
      + CASE WHEN EXISTS (SELECT 1 FROM case_file c WHERE c.id = f.case_id AND c.owner_partner_id = f.partner_id)
        OR EXISTS (SELECT 1 FROM referral r
          JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state AND s.closed = 0
          WHERE r.case_id = f.case_id AND r.to_partner_id = f.partner_id)
        THEN (SELECT 1 << bit FROM ru_class WHERE code = 'OWN_NOTES') ELSE 0 END,
    'its own notes'
  FROM own_file f CROSS JOIN partner p ON p.id = f.partner_id
  WHERE p.active = 1;

-- What fields that merge together are called, as a heading over them: whoever changes one answers for all. Like the
-- labels of columns it is part of the schema and does not travel. A group of one field is called what the field is.
CREATE TABLE group_label(
  tbl TEXT NOT NULL,
  grp INTEGER NOT NULL,
  label TEXT NOT NULL CHECK(length(label) BETWEEN 1 AND 60),
  PRIMARY KEY(tbl, grp)
) STRICT, WITHOUT ROWID;
INSERT INTO group_label(tbl, grp, label) VALUES
  ('area', 0, 'The area'),
  ('prison', 0, 'The prison'),
  ('partner', 0, 'The organisation'),
  ('partner', 1, 'Whether it shares'),
  ('code_value', 0, 'The code'),
  ('property', 3, 'Where it is'),
  ('unit', 0, 'Whose home it is'),
  ('void_period', 0, 'Out of use'),
  ('drop_in_session', 1, 'Which session'),
  ('case_file', 5, 'How it ended'),
  ('person', 1, 'Her legal name'),
  ('person', 7, 'Her language'),
  ('child', 1, 'The child''s name'),
  ('child', 2, 'Born, or expected'),
  ('consent', 0, 'What she agreed to'),
  ('need', 1, 'Which need'),
  ('case_note', 0, 'The note'),
  ('person_alias', 0, 'Another name of hers'),
  ('person_phone', 0, 'Whose number it is'),
  ('person_identifier', 0, 'The number'),
  ('custody_episode', 1, 'Where she is held'),
  ('custody_episode', 2, 'Her release'),
  ('contact_restriction', 0, 'Who is to be kept away'),
  ('risk_flag', 4, 'Whether it holds'),
  ('address', 1, 'The address'),
  ('address', 3, 'What it is to her'),
  ('address', 4, 'From when until when'),
  ('child_care_episode', 0, 'Whose care it is'),
  ('child_care_episode', 1, 'Who cares for the child'),
  ('child_care_episode', 2, 'How it ended'),
  ('visit', 1, 'What is planned'),
  ('visit', 2, 'What became of it'),
  ('occupancy', 1, 'Which home, and when'),
  ('limited_access', 0, 'Who may not see the case'),
  ('device', 4, 'The laptop''s keys'),
  ('edit_proposal', 0, 'What is proposed'),
  ('referral', 0, 'What is referred'),
  ('referral', 1, 'From whom'),
  ('referral', 2, 'To whom'),
  ('referral', 4, 'Release and home'),
  ('referral', 10, 'Why it was declined'),
  ('referral', 11, 'Why it was withdrawn'),
  ('referral_pack', 0, 'What was shown'),
  ('referral_event', 0, 'The step'),
  ('enquiry', 0, 'What is asked'),
  ('info_request', 1, 'The question'),
  ('info_request', 2, 'The answer'),
  ('referral_signature', 0, 'What is signed'),
  ('referral_outcome', 0, 'How it went'),
  ('unit_hold', 1, 'Which home, and when'),
  ('consent_override', 0, 'Sharing without consent'),
  ('person_link', 0, 'One woman, or two'),
  ('inreach_coverage', 0, 'Who goes where'),
  ('inreach_coverage', 1, 'Whether, and since when'),
  ('prison_authorisation', 1, 'What may be carried in'),
  ('own_file', 0, 'Whose file it is'),
  ('own_note', 0, 'The note'),
  ('local_authority', 0, 'The authority'),
  ('area_membership', 0, 'Who serves the area, and when'),
  ('area_capacity', 0, 'Room in the area'),
  ('bank_holiday', 0, 'The holiday'),
  ('external_body', 0, 'The body'),
  ('housing_provider', 0, 'The provider'),
  ('network_event', 0, 'The event'),
  ('benchmark', 0, 'The published figure'),
  ('sroi_run', 0, 'The calculation'),
  ('sroi_line', 0, 'One line of the calculation'),
  ('contract_period', 1, 'Which contract'),
  ('contract_period', 2, 'Prisons that it opens'),
  ('contract_period', 3, 'From when until when'),
  ('staff_check', 0, 'The check'),
  ('liaison_log', 0, 'What was said'),
  ('funding_grant', 1, 'Whose money, and for what'),
  ('funding_grant', 3, 'From when until when'),
  ('funding_spend', 0, 'What was spent'),
  ('event_attendance', 0, 'Who came'),
  ('stocktake_question', 0, 'The question'),
  ('stocktake_return', 0, 'What is answered'),
  ('publication', 0, 'What was published'),
  ('data_export', 0, 'What was given out'),
  ('housing_agreement', 4, 'From when until when'),
  ('service_agreement', 1, 'Which service'),
  ('service_agreement', 2, 'For how many'),
  ('service_agreement', 3, 'From when until when'),
  ('service_place', 0, 'Which service'),
  ('service_place_use', 1, 'Which place, and when'),
  ('case_assignment', 0, 'Who works with her'),
  ('professional_contact', 2, 'Who it is'),
  ('professional_contact', 3, 'How to reach them'),
  ('professional_contact', 4, 'From when until when'),
  ('feedback', 0, 'What was said'),
  ('volunteer_mentor', 0, 'Who it is'),
  ('mentor_match', 1, 'Which mentor, and when'),
  ('mentor_session', 0, 'The session'),
  ('sentence', 1, 'The sentence'),
  ('sentence', 2, 'From when until when'),
  ('temporary_release', 0, 'The release'),
  ('contact_plan', 0, 'Whose plan it is'),
  ('contact_plan', 2, 'Who agreed to the stage'),
  ('contact_session', 0, 'The session'),
  ('child_voice_entry', 0, 'What the child said'),
  ('safeguarding_concern', 0, 'About whom, and since when'),
  ('goal', 3, 'From when until when'),
  ('support_action', 0, 'What it serves'),
  ('support_action', 1, 'What is to be done'),
  ('support_action', 2, 'Who does it, and by when'),
  ('support_package', 1, 'What kind of support'),
  ('support_package', 2, 'From when until when'),
  ('support_package', 3, 'For whom'),
  ('progress_reading', 0, 'How she says it goes'),
  ('duty_to_refer', 1, 'What was sent'),
  ('duty_to_refer', 3, 'What was decided'),
  ('occupancy_event', 0, 'What happened'),
  ('move_on', 1, 'Where she moved'),
  ('move_on', 3, 'The tenancy'),
  ('tenancy_check', 0, 'The check'),
  ('engagement_event', 0, 'What was done'),
  ('outcome_event', 0, 'What happened'),
  ('conflict_question', 0, 'What is asked'),
  ('conflict_answer', 0, 'What is answered');
