-- What is typed is doubted where it cannot be, also where it lies ahead; every code that a table's text lists has words.

-- What people read for values that a CHECK lists and no code list, state or rank names. No row of it is synced: such
-- values change with the schema alone.
CREATE TABLE value_label(
  tbl TEXT NOT NULL,
  col TEXT NOT NULL,
  value TEXT NOT NULL,
  sort INTEGER NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY(tbl, col, value)
) STRICT, WITHOUT ROWID;
INSERT INTO value_label(tbl, col, value, sort, label) VALUES
  ('area_capacity', 'band', '0', 10, 'None'),
  ('area_capacity', 'band', '1-2', 20, 'One or two'),
  ('area_capacity', 'band', '3+', 30, 'Three or more'),
  ('area_membership', 'status', 'PROSPECT', 10, 'Interested'),
  ('area_membership', 'status', 'PILOT', 20, 'Trying it out'),
  ('area_membership', 'status', 'LIVE', 30, 'Live'),
  ('area_membership', 'status', 'PAUSED', 40, 'Paused'),
  ('area_membership', 'status', 'LEFT', 50, 'Has left'),
  ('bank_holiday', 'nation', 'ENG_WLS', 10, 'England and Wales'),
  ('bank_holiday', 'nation', 'SCT', 20, 'Scotland'),
  ('bank_holiday', 'nation', 'NIR', 30, 'Northern Ireland'),
  ('benchmark', 'unit', 'PERCENT', 10, 'Per cent'),
  ('benchmark', 'unit', 'PENCE', 20, 'Pence'),
  ('benchmark', 'unit', 'PENCE_PER_POUND', 30, 'Pence for each pound'),
  ('benchmark', 'unit', 'PEOPLE', 40, 'People'),
  ('benchmark', 'unit', 'CHILDREN', 50, 'Children'),
  ('benchmark', 'unit', 'MONTHS', 60, 'Months'),
  ('case_file', 'flag', 'SEEN_AFTER_CLOSING', 10, 'She was seen after the case was closed'),
  ('contact_plan', 'flag', 'CONCERN', 10, 'There is a safeguarding concern'),
  ('occupancy', 'flag', 'HOME_OUT_OF_USE', 10, 'The home is out of use on some of these days'),
  ('unit_hold', 'flag', 'HOME_OUT_OF_USE', 10, 'The home is out of use on some of these days'),
  ('visit', 'flag', 'PRISON_CHANGED', 10, 'She is in another prison by now'),
  ('conflict_question', 'state', 'OPEN', 10, 'Not answered yet'),
  ('conflict_question', 'state', 'CLOSED', 20, 'Settled'),
  ('consent_override', 'verdict', 'UPHELD', 10, 'Upheld'),
  ('consent_override', 'verdict', 'ENDED', 20, 'Ended'),
  ('contact_session', 'attended', 'YES', 10, 'Yes'),
  ('contact_session', 'attended', 'LATE', 20, 'Late'),
  ('contact_session', 'attended', 'NO', 30, 'No'),
  ('visit', 'attended', 'YES', 10, 'Yes'),
  ('visit', 'attended', 'LATE', 20, 'Late'),
  ('visit', 'attended', 'NO', 30, 'No'),
  ('device', 'role', 'office', 10, 'Office'),
  ('device', 'role', 'field', 20, 'Field workers laptop'),
  ('device', 'status', 'invited', 10, 'Invited'),
  ('device', 'status', 'enrolled', 20, 'In use'),
  ('device', 'status', 'suspended', 30, 'Suspended'),
  ('device', 'status', 'revoked', 40, 'Shut out'),
  ('edit_decision', 'decision', 'RELEASED', 10, 'Applied'),
  ('edit_decision', 'decision', 'REFUSED', 20, 'Refused for good'),
  ('engagement_event', 'with_whom', 'WOMAN', 10, 'The woman'),
  ('engagement_event', 'with_whom', 'CHILD', 20, 'A child'),
  ('engagement_event', 'with_whom', 'FAMILY', 30, 'The family'),
  ('inreach_coverage', 'state', 'PLANNED', 10, 'Planned'),
  ('inreach_coverage', 'state', 'ACTIVE', 20, 'Active'),
  ('inreach_coverage', 'state', 'SUSPENDED', 30, 'Suspended'),
  ('inreach_coverage', 'state', 'ENDED', 40, 'Ended'),
  ('limited_access', 'kind', 'RESTRICTION', 10, 'These alone may see it'),
  ('limited_access', 'kind', 'EXCLUSION', 20, 'These may not see it'),
  ('person_link', 'confidence', 'VERIFIED', 10, 'Verified'),
  ('person_link', 'confidence', 'UNVERIFIED', 20, 'Not verified'),
  ('person_link', 'decided_by', 'HUMAN', 10, 'A person'),
  ('person_link', 'decided_by', 'SYSTEM', 20, 'The program'),
  ('person_link', 'decision', 'SAME', 10, 'One woman'),
  ('person_link', 'decision', 'DIFFERENT', 20, 'Two women'),
  ('person_link', 'decision', 'RETRACTED', 30, 'Taken back'),
  ('referral_pack', 'tier', 'T2', 10, 'Referral'),
  ('referral_pack', 'tier', 'T3', 20, 'Assessment'),
  ('referral_pack', 'tier', 'T4', 30, 'Offer'),
  ('referral_pack', 'tier', 'T5', 40, 'Handover'),
  ('referral_signature', 'kind', 'HANDOVER', 10, 'Handing over'),
  ('referral_signature', 'kind', 'RETURN', 20, 'Giving back'),
  ('tenancy_check', 'counted_from', 'RELEASE', 10, 'Her release'),
  ('tenancy_check', 'counted_from', 'MOVE_IN', 20, 'Moving in'),
  ('tenancy_check', 'counted_from', 'MOVE_ON', 30, 'Moving on'),
  ('referral_signature', 'children_plan', 'OPEN', 10, 'Still open'),
  ('referral_signature', 'children_plan', 'DONE', 20, 'Done'),
  ('referral_signature', 'children_plan', 'NOT_NEEDED', 30, 'Not needed'),
  ('referral_signature', 'duty_to_refer', 'OPEN', 10, 'Still open'),
  ('referral_signature', 'duty_to_refer', 'DONE', 20, 'Done'),
  ('referral_signature', 'duty_to_refer', 'NOT_NEEDED', 30, 'Not needed'),
  ('referral_signature', 'risk_call', 'OPEN', 10, 'Still open'),
  ('referral_signature', 'risk_call', 'DONE', 20, 'Done'),
  ('referral_signature', 'risk_call', 'NOT_NEEDED', 30, 'Not needed'),
  ('referral_signature', 'transport', 'OPEN', 10, 'Still open'),
  ('referral_signature', 'transport', 'DONE', 20, 'Done'),
  ('referral_signature', 'transport', 'NOT_NEEDED', 30, 'Not needed');

UPDATE ru_column SET help = '0 for the first night, then 3, 6 or 12: no other number is taken'
  WHERE tbl = 'tenancy_check' AND name = 'at_months';
UPDATE ru_column SET help = 'The day on which somebody looked or asked'
  WHERE tbl = 'tenancy_check' AND name = 'checked_on';
UPDATE ru_column SET help = 'The day on which she left the programme''s home, or its support'
  WHERE tbl = 'move_on' AND name = 'moved_on';
UPDATE ru_column SET help = 'Why she left when she did, as planned or not'
  WHERE tbl = 'move_on' AND name = 'departure_reason';
UPDATE ru_column SET help =
  'Expected, or past and then the day on which she left. Her home and her children''s return hang on it'
  WHERE tbl = 'custody_episode' AND name = 'release_date';
UPDATE ru_column SET help = 'In words, as recorded by the prison or as she says' WHERE tbl = 'person' AND name = 'sex';
UPDATE ru_column SET help = 'A code of why a referral was declined, withdrawn or given back; empty otherwise'
  WHERE tbl = 'referral_event' AND name = 'reason';
UPDATE ru_column SET help = 'The last day on which it can be let. Taking a home away can strand a family'
  WHERE tbl = 'unit' AND name = 'online_to';

-- As in 019_homes_and_services.sql, and a home counts on its last day too, as in area_room.
DROP VIEW agreement_homes;
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
      AND coalesce(u.online_to, '9999') >= date(n.ms / 1000, 'unixepoch') FROM ru_now n)
  GROUP BY a.id;

DROP VIEW row_doubt;
CREATE VIEW row_doubt(tbl, id, scope, col, why) AS
  -- A day that no calendar has: 30 February becomes another day, or none, as SQLite's version will have it.
  SELECT 'person', p.id, p.case_id, 'date_of_birth', 'there is no such day'
  FROM person p WHERE p.date_of_birth IS NOT NULL AND date(p.date_of_birth, '+0 days') IS NOT p.date_of_birth
UNION ALL
  SELECT 'child', c.id, c.case_id, 'date_of_birth', 'there is no such day'
  FROM child c WHERE c.date_of_birth IS NOT NULL AND date(c.date_of_birth, '+0 days') IS NOT c.date_of_birth
UNION ALL
  SELECT 'custody_episode', e.id, e.case_id, 'release_date', 'there is no such day'
  FROM custody_episode e WHERE e.release_date IS NOT NULL AND date(e.release_date, '+0 days') IS NOT e.release_date
UNION ALL
  SELECT 'person', p.id, p.case_id, 'date_of_birth', 'she would be younger than fifteen or older than ninety-nine'
  FROM person p CROSS JOIN case_file f ON f.id = p.case_id
  WHERE p.date_of_birth > date(f.opened_on, '-15 years') OR p.date_of_birth <= date(f.opened_on, '-100 years')
UNION ALL
  SELECT 'child', c.id, c.case_id, 'date_of_birth',
    'the child would be older than the mother, or born before she was twelve'
  FROM child c CROSS JOIN person p ON p.case_id = c.case_id
  WHERE c.date_of_birth < date(p.date_of_birth, '+12 years')
UNION ALL
  SELECT 'child', c.id, c.case_id, 'date_of_birth', 'the child was eighteen when the case was opened'
  FROM child c CROSS JOIN case_file f ON f.id = c.case_id
  WHERE c.date_of_birth <= date(f.opened_on, '-18 years')
UNION ALL
  SELECT 'child_care_episode', e.id, e.case_id, 'from_on', 'it begins before the child was born'
  FROM child_care_episode e CROSS JOIN child c ON c.id = e.child_id
  WHERE e.from_on < c.date_of_birth
UNION ALL
  SELECT 'child_care_episode', e.id, e.case_id, 'to_on', 'it ends before it begins'
  FROM child_care_episode e WHERE e.to_on < e.from_on
UNION ALL
  SELECT 'custody_episode', e.id, e.case_id, 'release_date', 'she would be released before she was received'
  FROM custody_episode e WHERE e.release_date < e.received_on
UNION ALL
  SELECT 'case_file', f.id, f.id, 'closed_on', 'it was closed before it was opened'
  FROM case_file f WHERE f.closed_on < f.opened_on
UNION ALL
  SELECT 'duty_to_refer', d.id, d.case_id, 'la_gss', 'there is no such local authority'
  FROM duty_to_refer d WHERE NOT EXISTS (SELECT 1 FROM local_authority l WHERE l.gss = d.la_gss)
UNION ALL
  SELECT 'duty_to_refer', d.id, d.case_id, 'la_gss', 'a county owes no homelessness duty: name the district'
  FROM duty_to_refer d CROSS JOIN local_authority l ON l.gss = d.la_gss AND l.tier = 'COUNTY'
UNION ALL
  SELECT 'duty_to_refer', d.id, d.case_id, 'la_gss', 'another authority has been told as well'
  FROM duty_to_refer d WHERE d.status <> 'WITHDRAWN' AND EXISTS (
    SELECT 1 FROM duty_to_refer o
    WHERE o.case_id = d.case_id AND o.la_gss <> d.la_gss AND o.status <> 'WITHDRAWN')
UNION ALL
  SELECT 'person', p.id, p.case_id, 'case_id', 'another woman is in the same case'
  FROM person p WHERE EXISTS (SELECT 1 FROM person o WHERE o.case_id = p.case_id AND o.id <> p.id)
UNION ALL
  SELECT 'consent', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM consent e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'case_note', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM case_note e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'contact_session', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM contact_session e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'mentor_session', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM mentor_session e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'progress_reading', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM progress_reading e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'occupancy_event', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM occupancy_event e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'tenancy_check', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM tenancy_check e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'engagement_event', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM engagement_event e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'outcome_event', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM outcome_event e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'feedback', e.id, e.case_id, 'recorded_for_at', 'it would have happened after it was typed'
  FROM feedback e WHERE e.recorded_for_at > e.entered_at + 86400000
UNION ALL
  SELECT 'outcome_event', e.id, e.case_id, 'occurred_on', 'it would have happened after it was typed'
  FROM outcome_event e WHERE e.occurred_on > date((e.entered_at + 86400000) / 1000, 'unixepoch')
UNION ALL
  -- Whoever was recalled is in prison again, and her release is past.
  SELECT 'custody_episode', e.id, e.case_id, 'release_date', 'the day is past, and by her case she is not released'
  FROM custody_episode e CROSS JOIN case_file f ON f.id = e.case_id CROSS JOIN ru_now n
  WHERE f.phase = 'PRE_RELEASE' AND e.release_date < date(n.ms / 1000, 'unixepoch')
    AND coalesce(e.release_type, '') NOT IN ('ROTL', 'REMAND')
    AND NOT EXISTS (
      SELECT 1 FROM custody_episode l WHERE l.case_id = e.case_id AND l.received_on >= e.release_date)
    AND NOT EXISTS (
      SELECT 1 FROM outcome_event o WHERE o.case_id = e.case_id AND o.kind = 'RECALL'
        AND o.occurred_on >= e.release_date
        AND NOT EXISTS (SELECT 1 FROM outcome_event c WHERE c.corrects_id = o.id))
UNION ALL
  -- What has happened, on a day that lies ahead by more than another machine's clock may be fast.
  SELECT 'case_file', e.id, e.id, 'opened_on', 'the day is still to come'
  FROM case_file e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.opened_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'case_file', e.id, e.id, 'closed_on', 'the day is still to come'
  FROM case_file e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.closed_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'child', e.id, e.case_id, 'date_of_birth', 'the day is still to come'
  FROM child e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.date_of_birth > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'custody_episode', e.id, e.case_id, 'received_on', 'the day is still to come'
  FROM custody_episode e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.received_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'child_care_episode', e.id, e.case_id, 'from_on', 'the day is still to come'
  FROM child_care_episode e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.from_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'move_on', e.id, e.case_id, 'moved_on', 'the day is still to come'
  FROM move_on e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.moved_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'tenancy_check', e.id, e.case_id, 'checked_on', 'the day is still to come'
  FROM tenancy_check e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.checked_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'outcome_event', e.id, e.case_id, 'proven_on', 'the day is still to come'
  FROM outcome_event e CROSS JOIN ru_now n WHERE n.ms > 0 AND e.proven_on > date(n.ms / 1000, 'unixepoch', '+1 day')
UNION ALL
  SELECT 'outcome_event', e.id, e.case_id, 'proven_on', 'it was proven before it happened'
  FROM outcome_event e WHERE e.proven_on < e.occurred_on
UNION ALL
  SELECT 'move_on', e.id, e.case_id, 'departure_reason', 'it was planned by its reason, and not planned'
  FROM move_on e WHERE e.departure_reason = 'PLANNED' AND e.planned = 0
UNION ALL
  SELECT 'person', p.id, p.case_id, 'known_as', 'nobody says what she is called'
  FROM person p WHERE trim(coalesce(p.known_as, '') || coalesce(p.legal_first, '') || coalesce(p.legal_last, '')) = ''
UNION ALL
  SELECT 'consent', e.id, e.case_id, 'recorded_for_at', 'it would have happened before she was born'
  FROM consent e CROSS JOIN person p ON p.case_id = e.case_id
  WHERE date(e.recorded_for_at / 1000, 'unixepoch') < p.date_of_birth
UNION ALL
  SELECT 'referral', r.id, r.id, 'release_date', 'the day is more than a year before her case was opened'
  FROM referral r CROSS JOIN case_file f ON f.id = r.case_id
  WHERE r.release_date < date(f.opened_on, '-1 years')
UNION ALL
  SELECT 'referral', r.id, r.id, 'needed_from', 'the day is more than a year before her case was opened'
  FROM referral r CROSS JOIN case_file f ON f.id = r.case_id
  WHERE r.needed_from < date(f.opened_on, '-1 years');
