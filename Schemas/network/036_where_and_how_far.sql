-- Where staff are to be found, what the network helped to raise, and how far away prisons are.

ALTER TABLE staff_user ADD COLUMN based_in TEXT CHECK(length(based_in) <= 100);
ALTER TABLE funding_grant ADD COLUMN network_helped INTEGER CHECK(network_helped IN (0, 1));
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('staff_user', 'based_in', 7, 'lww', 'Based in', 'The town or office in which to find them', NULL),
  ('funding_grant', 'network_helped', 5, 'lww', 'The network helped',
    'Whether the network helped to raise it; empty where nobody knows', NULL);
UPDATE ru_column SET help = 'Such as Mon, Tue; kept as Monday 1, Tuesday 2, Wednesday 4 … Sunday 64, added'
  WHERE tbl = 'staff_user' AND name = 'working_days';

-- How far a prison is, one way: the mean of the journeys that were made there, whose distance is kept there and back.
-- A journey without one counts for what it cost. Nothing is measured on a map, and no place is kept for that.
CREATE VIEW prison_distance(partner_id, prison, journeys, distance_km, cost_pence) AS
  SELECT f.owner_partner_id, v.prison, count(*), CAST(round(avg(nullif(v.travel_metres, 0)) / 2000.0) AS INTEGER),
    sum(v.travel_cost_pence)
  FROM visit v CROSS JOIN case_file f ON f.id = v.case_id
  WHERE v.prison IS NOT NULL AND (v.travel_metres > 0 OR v.travel_cost_pence > 0)
  GROUP BY f.owner_partner_id, v.prison;
