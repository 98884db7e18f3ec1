-- When the hub took what a column shows now: by its own clock, of the batch that brought it, or of the person who had it
-- applied. A network's rules may ask for it where no device's clock may count.
CREATE INDEX hub_quarantine_op ON hub_quarantine(batch, idx);
CREATE VIEW ru_taken(tbl, key, col, ms) AS
  SELECT t.name, r.key, c.name, max(b.received_ms, coalesce(
    (SELECT max(q.decided_ms) FROM hub_quarantine q WHERE q.batch = o.batch AND q.idx = o.idx AND q.state = 1), 0))
  FROM ru_table t
  CROSS JOIN ru_column c ON c.tbl = t.name
  CROSS JOIN hub_row r ON r.tbl = t.number AND r.life = 1
  CROSS JOIN hub_op o ON o.h = coalesce(
    (SELECT max(x.until) FROM hub_history x WHERE x.tbl = r.tbl AND x.key = r.key AND x.grp = c.grp), r.h)
  CROSS JOIN hub_batch b ON b.no = o.batch;
