-- The engine's own tables in a replica. Everything that starts with ru_ belongs to the engine: read, never write.

-- The change log's first stage: what the triggers write. No constraint and no index, so that an application's
-- conflict clause cannot lose a row and capture stays cheap. mask: -1 insert, -2 delete, -3 found by a scan after
-- triggers were missing, below -3 a row whose values were not the hub's (-3 minus the mask), else one bit for each column group that changed, 0 when none did.
CREATE TABLE ru_journal(seq INTEGER PRIMARY KEY, tbl, key, mask, ms);

-- Every step of the columns whose steps may not be folded into one. grp: 64 more where a counter's row was deleted.
CREATE TABLE ru_values(seq INTEGER PRIMARY KEY, tbl, key, grp, ms, old, new);

-- Who this replica is and how far it has come: one row per fact.
CREATE TABLE ru_meta(name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

-- The scopes that this replica may hold. epoch is the position at which its grant opened; 0 before the hub said so.
-- The masks are of classes that may be read, and written.
CREATE TABLE ru_scope(
  id BLOB PRIMARY KEY,
  no INTEGER NOT NULL, -- unique; the clocks name it
  epoch INTEGER NOT NULL DEFAULT 0,
  read_mask INTEGER NOT NULL DEFAULT 0,
  write_mask INTEGER -- NULL: the same as read_mask
) STRICT, WITHOUT ROWID;

-- One clock for each row that the hub has decided on. key: the table's number, one byte below 255 (else 255 and two
-- bytes), then the row's id. clock: the row's scope (ru_scope.no) and the position that decided it, as varints; for few
-- rows also what was decided later, or stands open. Every row has one, so it is narrow.
CREATE TABLE ru_clock(key BLOB PRIMARY KEY, clock BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- The rows with open siblings, and which of their groups have them: what waits for a person, and a little more.
CREATE TABLE ru_open(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  groups INTEGER NOT NULL,
  PRIMARY KEY(tbl, key)
) STRICT, WITHOUT ROWID;

-- The byte that each pair of hexadecimal digits spells, for the readable views: unhex() needs SQLite 3.41.
CREATE TABLE ru_hex(t TEXT PRIMARY KEY COLLATE NOCASE, b BLOB NOT NULL) STRICT, WITHOUT ROWID;
WITH RECURSIVE digit(n, d) AS (
  SELECT 0, '0' UNION ALL SELECT n + 1, substr('0123456789abcdef', n + 2, 1) FROM digit WHERE n < 15
)
INSERT INTO ru_hex(t, b)
SELECT high.d || low.d, substr(
  x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
  high.n * 16 + low.n + 1, 1)
FROM digit AS high, digit AS low;

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
  delta INTEGER, -- what an increment adds; NULL for other ops
  PRIMARY KEY(tbl, key, batch, idx)
) STRICT, WITHOUT ROWID;

-- Signed, hash-chained batches: the change log as it travels. state: 0 sealed, 1 may have left the device,
-- 2 judged by the hub. Once a row of a batch has left, ops is what may still be read: the ops of rows that left are
-- there without their values. safe: 1 a backup of the hub holds it, 2 and so its values, its header and its signature
-- have gone from here; what is left is the log.
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
  receipt BLOB,
  sealed BLOB, -- the ops as they were signed, readable by the hub alone; NULL while ops is whole
  position INTEGER, -- of its first op, as the receipt says
  safe INTEGER NOT NULL DEFAULT 0,
  taken BLOB -- the salt of the hub's epoch in which a file of receipts said that the hub has it: in that epoch it need
  -- not go again; NULL for most
) STRICT;
CREATE INDEX ru_outbox_unjudged ON ru_outbox(no) WHERE state < 2;
CREATE INDEX ru_outbox_unsafe ON ru_outbox(position) WHERE state = 2 AND safe = 0;
CREATE INDEX ru_outbox_safe ON ru_outbox(no) WHERE safe = 1;

-- Signed checkpoints that batches in the outbox are based on: they go along as proof, once more should the hub be
-- restored from a backup that does not hold the batch.
CREATE TABLE ru_checkpoint(
  base INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY(base, epoch)
) STRICT, WITHOUT ROWID;

-- Edits that came back, with the reason. state: 0 waits for a person, 1 sent again, 2 let go, 3 released by the hub,
-- 4 refused for good.
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

-- Rows to ask the hub for again. suspect: 1 where what the table shows may be nobody's edit and is to be kept as one.
CREATE TABLE ru_want(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  suspect INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(tbl, key)
) STRICT, WITHOUT ROWID;

-- What only the hub can answer: here the same views, empty, so that a network's own views may name them anywhere.
CREATE VIEW ru_seen(tbl, key, partner) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE VIEW ru_open_conflict(scope, tbl, key, col) AS SELECT NULL, NULL, NULL, NULL WHERE 0;
CREATE VIEW ru_device(id, partner, name, role, state, key_number, signing_key, sealing_key) AS
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE 0;
CREATE VIEW ru_opened(scope, device) AS SELECT NULL, NULL WHERE 0;

-- What has left and may still have traces in the file, until it was vacuumed; then what the hub must be told of that.
-- scope: zeros for single rows, of which the hub is not told.
CREATE TABLE ru_purge(
  scope BLOB NOT NULL,
  position INTEGER NOT NULL, -- of the delivery that took it away
  epoch INTEGER NOT NULL, -- of the grant that ended
  gone INTEGER NOT NULL, -- how many rows
  receipt BLOB, -- signed once the file is clean; NULL while the purge is owed
  PRIMARY KEY(scope, position)
) STRICT, WITHOUT ROWID;

-- What this replica knows of the hub's audit log (docs/audit.md), for each life of the hub: the newest head that was
-- proved to begin with the one before. A head that contradicts it is never put in its place; it is kept beside it.
CREATE TABLE ru_audit(
  epoch INTEGER NOT NULL,
  salt BLOB NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  checked_ms INTEGER NOT NULL, -- when it was last proved, by this device's clock
  refused BLOB, -- the signed checkpoint that contradicts it: together they prove that the hub told two histories
  refused_ms INTEGER,
  PRIMARY KEY(epoch, salt)
) STRICT, WITHOUT ROWID;
