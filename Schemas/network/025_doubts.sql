-- What cannot be, or hardly, and was typed all the same. It is kept and shown with the reason, never silently put
-- right: an import names it by its line, a page marks it, the figures of data quality count it.
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
    WHERE o.case_id = d.case_id AND o.la_gss <> d.la_gss AND o.status <> 'WITHDRAWN');
