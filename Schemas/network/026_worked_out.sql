-- What the hub works out from what partners keep about homes and contracts: who has moved in, what room there is in an
-- area, which in-reach ended with its contract, and which offer a home out of use has stopped.

-- Days on which a home cannot be let, with what a home needs afterwards: two working days (Monday to Friday, no bank
-- holiday of England and Wales) before the next family. A void that a row takes back is none.
CREATE VIEW home_void(id, unit_id, from_on, to_on, free_on, reason) AS
  SELECT v.id, v.unit_id, v.from_on, v.to_on,
    (WITH RECURSIVE day(on_date, worked) AS (
        SELECT v.to_on, 0
        UNION ALL
        SELECT date(on_date, '+1 day'), worked + (
          strftime('%w', on_date, '+1 day') NOT IN ('0', '6') AND NOT EXISTS (
            SELECT 1 FROM bank_holiday b WHERE b.on_date = date(day.on_date, '+1 day') AND b.nation = 'ENG_WLS'))
        FROM day WHERE worked < 2 LIMIT 20)
      SELECT date(max(on_date), '+1 day') FROM day),
    v.reason
  FROM void_period v
  WHERE v.cancels_id IS NULL AND NOT EXISTS (SELECT 1 FROM void_period c WHERE c.cancels_id = v.id);

-- Offers of a home that is out of use for some of the days for which it is held: they wait. Either the void is taken
-- back or shortened, or another home is held for the family.
CREATE VIEW offer_suspended(referral_id, hold_id, unit_id, void_id, from_on, free_on, reason) AS
  SELECT h.referral_id, h.id, h.unit_id, v.id, v.from_on, v.free_on, v.reason
  FROM unit_hold h CROSS JOIN home_void v ON v.unit_id = h.unit_id
  WHERE h.status = 'HELD' AND v.from_on < h.to_on AND h.from_on < v.free_on;
CREATE VIEW home_guard(tbl, col, key, to_value, why) AS
  SELECT f.tbl, f.col, f.id, f.to_value, CAST('the home held for it is out of use for some of those days' AS TEXT)
  FROM referral_next f
  WHERE f.to_value IN ('OFFERED', 'OFFER_ACCEPTED', 'ACCEPTED')
    AND EXISTS (SELECT 1 FROM offer_suspended s WHERE s.referral_id = f.id);

-- She lives there from the day on which somebody saw her arrive.
CREATE VIEW home_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT o.case_id, 'arrived ' || hex(o.id), 0, 'occupancy', o.id, 'status', 'ARRIVED'
  FROM occupancy o
  WHERE o.status IN ('PROVISIONAL', 'CONFIRMED') AND EXISTS (
    SELECT 1 FROM occupancy_event e WHERE e.case_id = o.case_id AND e.occupancy_id = o.id AND e.kind = 'ARRIVE');

-- Homes that nobody holds today, in the area of the partner that lets them, by bedrooms: a band, and no address.
CREATE VIEW area_room(area_id, area, bedrooms, band) AS
  SELECT a.id, a.code, b.bedrooms,
    (SELECT CASE count(*) WHEN 0 THEN '0' WHEN 1 THEN '1-2' WHEN 2 THEN '1-2' ELSE '3+' END
      FROM partner p CROSS JOIN unit u ON u.partner_id = p.id CROSS JOIN ru_now n
      WHERE p.area = a.code AND p.active = 1 AND u.bedrooms = b.bedrooms
        AND coalesce(u.online_from, '') <= date(n.ms / 1000, 'unixepoch')
        AND coalesce(u.online_to, '9999') >= date(n.ms / 1000, 'unixepoch')
        AND NOT EXISTS (SELECT 1 FROM home_void v WHERE v.unit_id = u.id
          AND v.from_on <= date(n.ms / 1000, 'unixepoch') AND v.free_on > date(n.ms / 1000, 'unixepoch'))
        AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.unit_id = u.id
          AND o.status IN ('PROVISIONAL', 'CONFIRMED', 'ARRIVED')
          AND o.arrive_on <= date(n.ms / 1000, 'unixepoch') AND o.depart_on > date(n.ms / 1000, 'unixepoch'))
        AND NOT EXISTS (SELECT 1 FROM unit_hold h WHERE h.unit_id = u.id AND h.status = 'HELD'
          AND h.from_on <= date(n.ms / 1000, 'unixepoch') AND h.to_on > date(n.ms / 1000, 'unixepoch')))
  FROM area a CROSS JOIN (SELECT 0 AS bedrooms UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) b
  WHERE EXISTS (SELECT 1 FROM partner p WHERE p.area = a.code AND p.active = 1);
CREATE INDEX area_capacity_area ON area_capacity(area, bedrooms);
-- Only where the band is another than the one on record; none on record says the same as '0'.
CREATE VIEW capacity_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT r.area_id, 'room ' || r.area || ' ' || r.bedrooms, 0, 'area_capacity', k.id, w.col,
    CASE w.col WHEN 'area' THEN r.area WHEN 'bedrooms' THEN r.bedrooms WHEN 'band' THEN r.band
      ELSE date(n.ms / 1000, 'unixepoch') END
  FROM area_room r
  LEFT JOIN area_capacity k ON k.area = r.area AND k.bedrooms = r.bedrooms
  CROSS JOIN (SELECT 'area' AS col UNION ALL SELECT 'bedrooms' UNION ALL SELECT 'band' UNION ALL SELECT 'as_at') w
  CROSS JOIN ru_now n
  WHERE coalesce(k.band, '0') <> r.band;

-- A partner whose contract ended works in that prison no longer. Which cases that leaves alone, `inreach_lapsed_case`
-- says; their in-reach is then who else works there, or nobody (012_attention.sql).
CREATE VIEW inreach_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT l.partner_id, 'in-reach ended ' || hex(l.coverage_id), 0, 'inreach_coverage', l.coverage_id, w.col,
    CASE w.col WHEN 'state' THEN 'ENDED' ELSE l.ended_on END
  FROM inreach_lapsed l
  CROSS JOIN inreach_coverage i ON i.id = l.coverage_id AND i.state = 'ACTIVE'
  CROSS JOIN (SELECT 'state' AS col UNION ALL SELECT 'to_on') w;
