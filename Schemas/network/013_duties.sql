-- What the hub does by itself (docs/duties.md): the duties of every part of the network, in one view.
CREATE VIEW ru_duty(subject, duty, step, tbl, key, col, value) AS
  SELECT subject, duty, step, tbl, key, col, value FROM device_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM referral_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM attention_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM contact_duty  -- 022_children.sql
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM home_duty     -- 026_worked_out.sql
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM capacity_duty
  UNION ALL SELECT subject, duty, step, tbl, key, col, value FROM inreach_duty;

-- What moves in a case may be what a referral of it waits for; what moves in a partner's homes may be the room that
-- there is in its area.
CREATE VIEW ru_duty_reach(scope, subject) AS
  SELECT case_id, id FROM referral
  UNION ALL SELECT p.id, a.id FROM partner p CROSS JOIN area a ON a.code = p.area;

-- Tables whose rows move no grant and give the hub something to do all the same.
CREATE VIEW ru_duty_table(tbl) AS
  VALUES ('visit'), ('custody_episode'), ('case_file'), ('referral_signature'), ('unit_hold'), ('occupancy'),
    ('referral_event'), ('enquiry'), ('risk_flag'), ('contact_restriction'), ('address'),
    ('contact_plan'), ('contact_session'), ('occupancy_event'), ('unit'), ('void_period'), ('contract_period');
