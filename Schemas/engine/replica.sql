-- The engine's own tables in a replica. Everything that starts with ru_ belongs to the engine: read, never write.

-- The change log's first stage: what the triggers write. No constraint and no index, so that an application's
-- conflict clause cannot lose a row and capture stays cheap. mask: -1 insert, -2 delete, -3 found by a scan after
-- triggers were missing, else one bit for each column group that changed, 0 when none did.
CREATE TABLE ru_journal(seq INTEGER PRIMARY KEY, tbl, key, mask, ms);

-- Every step of the columns whose steps may not be folded into one.
CREATE TABLE ru_values(seq INTEGER PRIMARY KEY, tbl, key, grp, ms, old, new);

-- Who this replica is and how far it has come: one row per fact.
CREATE TABLE ru_meta(name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

-- The scopes that this replica may hold. epoch is the position at which its grant opened; 0 before the hub said so.
CREATE TABLE ru_scope(
  id BLOB PRIMARY KEY,
  no INTEGER NOT NULL, -- unique; the clocks name it
  epoch INTEGER NOT NULL DEFAULT 0,
  read_mask INTEGER NOT NULL DEFAULT 0,
  write_mask INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- One packed clock for each row that the hub has decided on. ext: groups decided later, and open siblings; NULL for
-- most rows. open: the groups with siblings, NULL for most rows.
CREATE TABLE ru_clock(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  h INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  ext BLOB,
  open INTEGER,
  PRIMARY KEY(tbl, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX ru_clock_open ON ru_clock(open) WHERE open IS NOT NULL;

-- Ops that the hub has not judged yet. Their cells keep showing what was typed here.
CREATE TABLE ru_pending(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  batch INTEGER NOT NULL, -- ru_outbox.no
  idx INTEGER NOT NULL,
  groups INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  base INTEGER NOT NULL, -- the position that its author had seen of these cells
  kept BLOB, -- siblings that its author saw and left standing; NULL for most
  PRIMARY KEY(tbl, key, batch, idx)
) STRICT, WITHOUT ROWID;

-- Signed, hash-chained batches: the change log as it travels. state: 0 sealed, 1 may have left the device,
-- 2 judged by the hub.
CREATE TABLE ru_outbox(
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  first_sequence INTEGER NOT NULL,
  op_count INTEGER NOT NULL,
  base INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  header BLOB NOT NULL,
  ops BLOB NOT NULL,
  signature BLOB NOT NULL,
  sealed_ms INTEGER NOT NULL,
  receipt BLOB
) STRICT;
CREATE INDEX ru_outbox_unjudged ON ru_outbox(no) WHERE state < 2;

-- Signed checkpoints that batches in the outbox are based on: they go along as proof.
CREATE TABLE ru_checkpoint(
  base INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY(base, epoch)
) STRICT, WITHOUT ROWID;

-- Edits that came back, with the reason. state: 0 waits for a person, 1 sent again, 2 let go.
CREATE TABLE ru_returned(
  id INTEGER PRIMARY KEY,
  batch BLOB NOT NULL,
  idx INTEGER NOT NULL,
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  reason INTEGER NOT NULL,
  groups INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  UNIQUE(batch, idx)
) STRICT;

-- Rows to ask the hub for again.
CREATE TABLE ru_want(tbl INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY(tbl, key)) STRICT, WITHOUT ROWID;
