-- What a person has to look at when a home goes out of use after all was agreed; and in-reach that reaches the women in
-- a prison with the change itself.

ALTER TABLE occupancy ADD COLUMN flag TEXT CHECK(flag IN ('HOME_OUT_OF_USE'));
ALTER TABLE unit_hold ADD COLUMN flag TEXT CHECK(flag IN ('HOME_OUT_OF_USE'));
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('occupancy', 'flag', 2, 'hub-only', 'Look at this',
    'The home is out of use on some of these days: shorten the void, or find the family another home', NULL),
  ('unit_hold', 'flag', 2, 'hub-only', 'Look at this',
    'The home is out of use on some of these days: shorten the void, or hold another home', NULL);

-- Stays that a void gets in the way of. Before she comes a home needs its days of turnaround; while she lives there
-- only the void's own days count.
CREATE VIEW stay_out_of_use(occupancy_id, void_id) AS
  SELECT o.id, v.id FROM occupancy o CROSS JOIN home_void v ON v.unit_id = o.unit_id
  WHERE v.from_on < o.depart_on AND CASE o.status
    WHEN 'PROVISIONAL' THEN o.arrive_on < v.free_on
    WHEN 'CONFIRMED' THEN o.arrive_on < v.free_on
    WHEN 'ARRIVED' THEN o.arrive_on <= v.to_on END;

-- An offer that she has not accepted yet waits (026_worked_out.sql). Once it is agreed nothing is stopped, for she may
-- be on her way: both sides see the flag, and a person decides.
CREATE VIEW home_review_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT o.case_id, 'home out of use ' || hex(o.id), 0, 'occupancy', o.id, 'flag', 'HOME_OUT_OF_USE'
  FROM occupancy o
  WHERE o.flag IS NULL AND EXISTS (SELECT 1 FROM stay_out_of_use s WHERE s.occupancy_id = o.id)
UNION ALL
  SELECT o.case_id, 'home in use ' || hex(o.id), 0, 'occupancy', o.id, 'flag', NULL
  FROM occupancy o
  WHERE o.flag IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stay_out_of_use s WHERE s.occupancy_id = o.id)
UNION ALL
  SELECT h.referral_id, 'hold out of use ' || hex(h.id), 0, 'unit_hold', h.id, 'flag', 'HOME_OUT_OF_USE'
  FROM unit_hold h
  WHERE h.flag IS NULL AND EXISTS (SELECT 1 FROM offer_suspended s WHERE s.referral_id = h.referral_id AND s.hold_id = h.id)
UNION ALL
  SELECT h.referral_id, 'hold in use ' || hex(h.id), 0, 'unit_hold', h.id, 'flag', NULL
  FROM unit_hold h
  WHERE h.flag IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM offer_suspended s WHERE s.referral_id = h.referral_id AND s.hold_id = h.id);

DROP VIEW ru_duty;
CREATE VIEW ru_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT subject, duty, step, tbl, key, col, value FROM device_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM referral_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM attention_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM contact_duty     -- 022_children.sql
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM home_duty        -- 026_worked_out.sql
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM capacity_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM inreach_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM home_review_duty;

-- Besides: what moves in a partner's homes may get in the way of whoever was promised them.
DROP VIEW ru_duty_reach;
CREATE VIEW ru_duty_reach(scope, subject) AS
  SELECT case_id, id FROM referral
  UNION ALL SELECT p.id, a.id FROM partner p CROSS JOIN area a ON a.code = p.area
  UNION ALL SELECT u.partner_id, o.case_id FROM unit u CROSS JOIN occupancy o ON o.unit_id = u.id
    WHERE o.status IN ('PROVISIONAL', 'CONFIRMED', 'ARRIVED')
  UNION ALL SELECT u.partner_id, h.referral_id FROM unit u CROSS JOIN unit_hold h ON h.unit_id = u.id
    WHERE h.status = 'HELD';

-- Of the rows that all share, who works in which prison concerns the women there.
CREATE VIEW ru_duty_shared(subject) AS
  SELECT d.subject FROM attention_duty d WHERE d.tbl = 'custody_episode' AND d.col = 'inreach_partner_id';

DROP VIEW ru_duty_table;
CREATE VIEW ru_duty_table(tbl) AS
  VALUES ('visit'), ('custody_episode'), ('case_file'), ('referral_signature'), ('unit_hold'), ('occupancy'),
    ('referral_event'), ('enquiry'), ('risk_flag'), ('contact_restriction'), ('address'),
    ('contact_plan'), ('contact_session'), ('occupancy_event'), ('unit'), ('void_period'), ('contract_period'),
    ('inreach_coverage');
