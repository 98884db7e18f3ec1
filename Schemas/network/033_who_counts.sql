-- Who counts: children in limbo have a mother without a home, and a release date that is past is looked at.

-- Days for which a child has been away from her while she looked for a home: her case is open, she lives in no home of
-- the programme, and has not moved on to a settled one since she last came to prison.
DROP VIEW child_in_limbo;
CREATE VIEW child_in_limbo(case_id, child_id, from_on, days) AS
  SELECT e.case_id, e.child_id, e.from_on,
    CAST(julianday(date(n.ms / 1000, 'unixepoch')) - julianday(e.from_on) AS INTEGER)
  FROM child_care_episode e CROSS JOIN case_file f ON f.id = e.case_id CROSS JOIN ru_now n
  WHERE e.to_on IS NULL AND coalesce(e.placement_type, '') <> 'WITH_MOTHER' AND f.closed_on IS NULL
    AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.case_id = e.case_id AND o.status = 'ARRIVED')
    AND NOT EXISTS (
      SELECT 1 FROM move_on m WHERE m.case_id = e.case_id
        AND m.category IN ('A01A', 'A01C', 'A01D', 'A04', 'A07B', 'A12') AND m.moved_on <= date(n.ms / 1000, 'unixepoch')
        AND m.moved_on >= coalesce((SELECT max(c.received_on) FROM custody_episode c WHERE c.case_id = e.case_id), ''));

UPDATE ru_column SET help = 'As the court gave it. Of less than twelve months, reoffending is counted apart'
  WHERE tbl = 'sentence' AND name = 'length_band';

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
        AND NOT EXISTS (SELECT 1 FROM outcome_event c WHERE c.corrects_id = o.id));
