-- The hub's own tables, in one file with the network's tables, which hold the values that are shown.

CREATE TABLE hub_meta(name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

-- The one counter: every verdict takes the next position, none is used twice.
CREATE TABLE hub_clock(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  position INTEGER NOT NULL
) STRICT;
INSERT INTO hub_clock VALUES(1, 0);

CREATE TABLE hub_partner(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  sub INTEGER NOT NULL UNIQUE, -- its subscription
  ended_ms INTEGER
) STRICT, WITHOUT ROWID;

-- A device, from the moment its one-time code is made. state: 0 code open, 1 enrolled, 2 revoked.
CREATE TABLE hub_device(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  no INTEGER NOT NULL UNIQUE,
  partner BLOB NOT NULL,
  sub INTEGER NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('office', 'field', 'hub')),
  state INTEGER NOT NULL DEFAULT 0,
  slot BLOB UNIQUE,
  code_key BLOB,
  code_expires_ms INTEGER,
  code_tries INTEGER NOT NULL DEFAULT 0,
  answer BLOB, -- what enrolment answered, so that a lost answer can be given again
  request_hash BLOB,
  revoked_at INTEGER,
  cursor INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 0, -- the hub's position when it last asked: what it may have been sent
  digest BLOB,
  digest_state TEXT NOT NULL DEFAULT 'none' CHECK(digest_state IN ('none', 'match', 'mismatch')),
  last_seen_ms INTEGER,
  skew_ms INTEGER,
  schema_version INTEGER,
  unsent INTEGER NOT NULL DEFAULT 0,
  ticket INTEGER NOT NULL DEFAULT 0, -- the highest presented
  clone_ms INTEGER, -- when a dead ticket was presented
  words TEXT, -- of its enrolment: both sides read them aloud
  lease_ms INTEGER, -- until when it is served unless it is seen before; NULL where devices have no lease
  written_off_ms INTEGER, -- since when nobody waits for it to purge any more
  audit_size INTEGER NOT NULL DEFAULT 0 -- how much of the audit log it last said that it knows
) STRICT, WITHOUT ROWID;

CREATE INDEX hub_device_partner ON hub_device(partner);
CREATE INDEX hub_device_sub ON hub_device(sub);

-- Requests by the ticket that they showed, so that an old request that comes again is told from a second copy of the
-- device, which shows an old ticket with a request of its own.
CREATE TABLE hub_request(
  device BLOB NOT NULL,
  ticket INTEGER NOT NULL,
  id BLOB NOT NULL,
  PRIMARY KEY(device, ticket, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE hub_device_key(
  device BLOB NOT NULL,
  number INTEGER NOT NULL,
  signing BLOB NOT NULL,
  sealing BLOB NOT NULL,
  since_ms INTEGER NOT NULL,
  PRIMARY KEY(device, number)
) STRICT, WITHOUT ROWID;

-- Chains. A batch whose parent is known but is not the head begins a new branch.
CREATE TABLE hub_branch(
  no INTEGER PRIMARY KEY,
  device BLOB NOT NULL,
  parent INTEGER, -- the branch it grew from
  fork_sequence INTEGER,
  head BLOB NOT NULL, -- batch id
  last_sequence INTEGER NOT NULL,
  last_number INTEGER NOT NULL
) STRICT;
CREATE INDEX hub_branch_device ON hub_branch(device);

CREATE TABLE hub_batch(
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  device BLOB NOT NULL,
  branch INTEGER NOT NULL,
  parent BLOB NOT NULL,
  first_sequence INTEGER NOT NULL,
  op_count INTEGER NOT NULL,
  base INTEGER NOT NULL,
  issued_ms INTEGER, -- when the hub signed the base; NULL where nothing proves it
  first_position INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  header BLOB NOT NULL,
  ops BLOB NOT NULL,
  signature BLOB NOT NULL,
  receipt BLOB NOT NULL,
  receipt_position INTEGER NOT NULL,
  redacted INTEGER NOT NULL DEFAULT 0 -- 1 when an erasure took values out of ops, which the header's digest still covers
) STRICT;
CREATE INDEX hub_batch_receipt ON hub_batch(device, receipt_position);

-- Batches whose parent has not arrived.
CREATE TABLE hub_hold(
  id BLOB PRIMARY KEY,
  device BLOB NOT NULL,
  parent BLOB NOT NULL,
  op_count INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  header BLOB NOT NULL,
  ops BLOB NOT NULL,
  signature BLOB NOT NULL,
  proof BLOB, -- the signed checkpoint that came along for its base: its own, not its predecessor's
  redacted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_hold_parent ON hub_hold(parent);

-- One row for each op that stands or stood: a position names exactly one op. An op that became visible once more,
-- because a decision was taken back or its row revived, has a row for each time.
CREATE TABLE hub_op(
  h INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL, -- hub_batch.no
  idx INTEGER NOT NULL,
  branch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  base INTEGER NOT NULL,
  stamp INTEGER NOT NULL, -- effective time
  flags INTEGER NOT NULL,
  ctx BLOB, -- kept, supersedes, extras; NULL for most
  round INTEGER NOT NULL DEFAULT 0, -- of a state: how often its path had stepped back
  earlier INTEGER, -- where it stood in a life of the hub that was lost; NULL for most
  returned INTEGER -- the first position of the life in which it came back
) STRICT;

-- Scopes by a small number.
CREATE TABLE hub_scope(
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  maker BLOB -- the field device that opened it; NULL for most
) STRICT;
-- The same for the network's own views.
CREATE VIEW ru_opened(scope, device) AS SELECT id, maker FROM hub_scope WHERE maker IS NOT NULL;

-- The version digest of each class of each scope.
CREATE TABLE hub_digest(
  scope INTEGER NOT NULL,
  class INTEGER NOT NULL,
  high INTEGER NOT NULL,
  low INTEGER NOT NULL,
  live INTEGER NOT NULL,
  PRIMARY KEY(scope, class)
) STRICT, WITHOUT ROWID;

-- One packed clock for each row that ever was. life: 0 dead, 1 alive, 2 erased for ever.
CREATE TABLE hub_row(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  scope INTEGER NOT NULL,
  class INTEGER NOT NULL,
  life INTEGER NOT NULL,
  h INTEGER NOT NULL, -- of the row, and of every group without an exception
  changed INTEGER NOT NULL, -- the last position that touched it
  ext BLOB,
  classed INTEGER NOT NULL DEFAULT 0, -- the position at which its class last changed
  PRIMARY KEY(tbl, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_row_scope ON hub_row(scope, class);

-- Values of cells that have more than one sibling, all of them.
CREATE TABLE hub_sibling(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  grp INTEGER NOT NULL,
  h INTEGER NOT NULL,
  val BLOB NOT NULL,
  PRIMARY KEY(tbl, key, grp, h)
) STRICT, WITHOUT ROWID;

-- Values that later ones covered: what an old base saw, and what an operator may want back.
CREATE TABLE hub_history(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  grp INTEGER NOT NULL,
  h INTEGER NOT NULL,
  until INTEGER NOT NULL,
  val BLOB NOT NULL,
  PRIMARY KEY(tbl, key, grp, h)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_history_until ON hub_history(tbl, key, grp, until);

-- Grants over time: opened at one position, closed at another; a new one for every change of mask.
CREATE TABLE hub_grant(
  sub INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  opened INTEGER NOT NULL, -- its epoch
  closed INTEGER,
  read_mask INTEGER NOT NULL,
  write_mask INTEGER NOT NULL,
  relations TEXT NOT NULL,
  why TEXT NOT NULL,
  opened_ms INTEGER NOT NULL, -- the hub's time of both
  closed_ms INTEGER,
  held INTEGER NOT NULL DEFAULT 0, -- classes that count for what is written and are shown to nobody yet: the hub was restored
  PRIMARY KEY(sub, scope, opened)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_grant_open ON hub_grant(scope, sub) WHERE closed IS NULL;

-- A subscription: what one partner's devices follow, or one field device with a caseload. Number 0 is what everyone
-- follows.
CREATE TABLE hub_sub(
  no INTEGER PRIMARY KEY,
  partner BLOB,
  device BLOB, -- whose own it is; NULL where a partner's devices share it
  high INTEGER NOT NULL DEFAULT 0,
  low INTEGER NOT NULL DEFAULT 0,
  live INTEGER NOT NULL DEFAULT 0,
  floor INTEGER NOT NULL DEFAULT 0, -- references up to here may have gone from its feed: who is behind takes everything
  compacted INTEGER NOT NULL DEFAULT 0 -- up to here nothing is left in its feed that might go
) STRICT;
CREATE INDEX hub_sub_device ON hub_sub(partner) WHERE device IS NOT NULL;
INSERT INTO hub_sub(no, partner) VALUES(0, NULL);

-- References to what changed, one for each object of a subscription, moved to the end when it changes. Those to what a
-- device is only told to be gone are taken out once nobody needs them (docs/decisions/0057-a-feed-has-a-floor.md).
-- kind: 0 a row, 1 a scope (tbl 0, key the scope's id).
CREATE TABLE hub_feed(
  sub INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY(sub, kind, tbl, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_feed_position ON hub_feed(sub, position);

-- Edits that were not applied, none lost. state: 0 waits, 1 released or judged anew, 2 refused for good.
CREATE TABLE hub_quarantine(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  batch INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  position INTEGER NOT NULL,
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  scope INTEGER,
  groups INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  branch INTEGER NOT NULL, -- of the op, with its place on it: a later op of the same chain may take its place
  sequence INTEGER NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0, -- groups that a later op of the same chain wrote; all bits for a deletion
  displaced INTEGER NOT NULL DEFAULT 0, -- 1 when it had been accepted, and a deletion that had not seen it took the row
  waits_tbl INTEGER, -- the row that it waits for: it is judged again when that row comes
  waits_key BLOB,
  state INTEGER NOT NULL DEFAULT 0,
  outcome TEXT, -- what came of a release: accepted or obsolete
  decided_ms INTEGER,
  decided_by TEXT,
  decided_why TEXT,
  proposal INTEGER NOT NULL DEFAULT 0 -- 0 nobody has looked, 1 the owner of its scope was asked, 2 nobody is to be asked
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_quarantine_unasked ON hub_quarantine(position)
  WHERE state = 0 AND proposal = 0 AND reason IN (2, 3, 18); -- late, mask, proposal
CREATE INDEX hub_quarantine_row ON hub_quarantine(tbl, key) WHERE state = 0;
CREATE INDEX hub_quarantine_waits ON hub_quarantine(waits_tbl, waits_key) WHERE state = 0 AND waits_tbl IS NOT NULL;

-- Cells whose siblings wait for a person. closed is NULL while they do.
CREATE TABLE hub_conflict(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  grp INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL,
  closed INTEGER,
  closed_ms INTEGER,
  how TEXT CHECK(how IN ('decision', 'edit', 'deletion')), -- what closed it
  base BLOB -- the value that all of them started from, where known
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX hub_conflict_open ON hub_conflict(tbl, key, grp) WHERE closed IS NULL;
CREATE INDEX hub_conflict_scope ON hub_conflict(scope) WHERE closed IS NULL;
CREATE INDEX hub_conflict_cell ON hub_conflict(tbl, key, grp);

-- What operators decided about conflicts, and took back. position: of the hub's own op.
CREATE TABLE hub_decision(
  position INTEGER PRIMARY KEY,
  conflict BLOB NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('resolve', 'reopen')),
  at_ms INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  undone INTEGER -- the position of the op that took it back
) STRICT;
CREATE INDEX hub_decision_conflict ON hub_decision(conflict);

-- Edits of one row by two authors who had not seen each other's, which merged by themselves. For 90 days.
CREATE TABLE hub_parallel(
  position INTEGER NOT NULL,
  other INTEGER NOT NULL, -- the position of the op that was there first
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  groups INTEGER NOT NULL,
  other_groups INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(position, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_parallel_at ON hub_parallel(at_ms);

-- Rows that a natural key should tell apart and does not. One open line for each value; its rows are in hub_clash_row.
-- closed is NULL while it waits; how: gone (the rows differ again) or kept (a person said that both are right).
CREATE TABLE hub_clash(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  tbl INTEGER NOT NULL,
  name TEXT NOT NULL, -- of the natural key
  val BLOB NOT NULL,
  opened INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL,
  closed INTEGER,
  closed_ms INTEGER,
  how TEXT CHECK(how IN ('gone', 'kept')),
  reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_clash_value ON hub_clash(tbl, name, val);
CREATE TABLE hub_clash_row(
  -- The key's columns first: SQLite before 3.41 takes the others of such a table for NULL in its integrity check.
  clash BLOB NOT NULL,
  key BLOB NOT NULL,
  tbl INTEGER NOT NULL,
  PRIMARY KEY(clash, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_clash_row_key ON hub_clash_row(tbl, key);

-- Deliveries that are too large for one answer, for seven days or until a closing makes them void.
CREATE TABLE hub_delivery(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  device BLOB NOT NULL,
  sub INTEGER NOT NULL,
  from_position INTEGER NOT NULL,
  to_position INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_delivery_sub ON hub_delivery(sub);
CREATE INDEX hub_delivery_device ON hub_delivery(device);

-- Deliveries that are void, until their files are gone. Empty most of the time.
CREATE TABLE hub_void(id BLOB PRIMARY KEY CHECK(length(id) = 16)) STRICT, WITHOUT ROWID;

-- What a device last asked for in a file: the answer to a file may be made days later. A sync over the network does
-- away with it. want: the rows in doubt, each a table's number and an id.
CREATE TABLE hub_carried(
  device BLOB PRIMARY KEY,
  cursor INTEGER NOT NULL, -- 0 asks for everything
  want BLOB NOT NULL,
  created_ms INTEGER NOT NULL -- by the device's clock
) STRICT, WITHOUT ROWID;

-- What a device's subscription has lost and the device may hold: one row for each closing, and for a device that was
-- revoked one with scope 0 for all that it held. state: 0 the device has not yet said that it purged it, 1 it has,
-- 2 all of it came back before, 3 the device does not hold it, 4 nobody waits for it any more.
CREATE TABLE hub_purge(
  device BLOB NOT NULL,
  scope INTEGER NOT NULL,
  closed INTEGER NOT NULL, -- the position of the closing
  mask INTEGER NOT NULL, -- the classes that left
  owed_ms INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  done_ms INTEGER,
  gone INTEGER, -- rows, by the device's word
  clean INTEGER, -- 0 when there was something of others' in its file
  receipt BLOB, -- as the device signed it
  hidden INTEGER NOT NULL DEFAULT 0, -- single rows that were hidden while the grant stayed; the mask is theirs since
  decided_by TEXT, -- who wrote it off
  reason TEXT, -- and why
  PRIMARY KEY(device, scope, closed)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_purge_owed ON hub_purge(scope) WHERE state = 0;

-- What the hub has to see to itself (`docs/duties.md`), until it has. kind: 0 a subject of the network's `ru_duty`,
-- 1 a proposal that was answered or settled.
CREATE TABLE hub_due(
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  PRIMARY KEY(kind, id)
) STRICT, WITHOUT ROWID;

-- Duties that could not be done. They are tried again when something changes, endless ones only when the hub tends.
CREATE TABLE hub_stuck(
  subject BLOB NOT NULL,
  duty TEXT NOT NULL,
  why TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  endless INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(subject, duty)
) STRICT, WITHOUT ROWID;

-- What a network's rules may ask of the engine. A replica has the same views, empty.

-- An office device of the partner has acknowledged the row as it is.
CREATE VIEW ru_seen(tbl, key, partner) AS
  SELECT t.name, f.key, p.id
  FROM hub_partner p
  CROSS JOIN ru_table t
  CROSS JOIN hub_feed f ON f.sub IN (p.sub, 0) AND f.kind = 0 AND f.tbl = t.number
  WHERE EXISTS (
    SELECT 1 FROM hub_device d
    WHERE d.partner = p.id AND d.role = 'office' AND d.state = 1 AND d.clone_ms IS NULL AND d.cursor >= f.position);

CREATE VIEW ru_open_conflict(scope, tbl, key, col) AS
  SELECT s.id, t.name, c.key, k.name
  FROM hub_scope s
  CROSS JOIN hub_conflict c ON c.scope = s.no AND c.closed IS NULL
  CROSS JOIN ru_table t ON t.number = c.tbl
  CROSS JOIN ru_column k ON k.tbl = t.name AND k.grp = c.grp;

CREATE VIEW ru_device(id, partner, name, role, state, key_number, signing_key, sealing_key) AS
  SELECT d.id, d.partner, d.name, d.role,
    CASE WHEN d.state = 2 THEN 'revoked' WHEN d.clone_ms IS NOT NULL THEN 'suspended'
      WHEN d.state = 1 THEN 'enrolled' ELSE 'invited' END,
    k.number, k.signing, k.sealing
  FROM hub_device d LEFT JOIN hub_device_key k
    ON k.device = d.id AND k.number = (SELECT max(number) FROM hub_device_key WHERE device = d.id);

-- What was shown to whom: one line for each scope in each delivery, written before the delivery leaves. Rows of shared
-- scope are not in it. No code changes or deletes a line, but an erasure, which takes `detail` and `salt` out of it:
-- then `leaf` proves that there was a line and says nothing of it. docs/disclosure.md has the forms.
CREATE TABLE hub_disclosure(
  seq INTEGER PRIMARY KEY, -- from 1, without gaps
  at_ms INTEGER NOT NULL,
  device INTEGER NOT NULL, -- hub_device.no
  sub INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  opened INTEGER NOT NULL, -- of the grant
  position INTEGER NOT NULL, -- of the delivery's checkpoint
  rows INTEGER NOT NULL,
  detail BLOB, -- tables, keys and positions
  salt BLOB CHECK(length(salt) = 16),
  leaf BLOB NOT NULL CHECK(length(leaf) = 32) -- SHA-256(0x00, salt, canonical detail)
) STRICT;
CREATE INDEX hub_disclosure_scope ON hub_disclosure(scope);

-- Erasures of persons, asked for by one and confirmed by another. executed_ms is NULL until then.
CREATE TABLE hub_erasure(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  scopes BLOB NOT NULL, -- ids of 16 bytes, the person's case first
  touching BLOB NOT NULL, -- scopes that only name hers: their grants are looked at again
  code TEXT NOT NULL, -- why, as a code
  reason TEXT NOT NULL,
  requested_ms INTEGER NOT NULL,
  requested_by TEXT NOT NULL,
  executed_ms INTEGER,
  confirmed_by TEXT,
  position INTEGER, -- the last that it took: a device that agrees beyond it has nothing left of hers
  rows INTEGER NOT NULL DEFAULT 0,
  batches INTEGER NOT NULL DEFAULT 0, -- whose values were taken out
  scrubbed INTEGER NOT NULL DEFAULT 0 -- 1 once free pages and the write-ahead log were cleared after it
) STRICT, WITHOUT ROWID;
CREATE TABLE hub_erased_scope(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  erasure BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What forbids an erasure, until it is lifted.
CREATE TABLE hub_legal_hold(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  scope BLOB NOT NULL,
  reason TEXT NOT NULL,
  placed_ms INTEGER NOT NULL,
  placed_by TEXT NOT NULL,
  lifted_ms INTEGER,
  lifted_by TEXT,
  lifted_why TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_legal_hold_scope ON hub_legal_hold(scope) WHERE lifted_ms IS NULL;

-- The audit log (docs/audit.md): one leaf for everything that the hub decided, opened, closed or showed, and for what
-- its operators did, written in the same transaction. Nothing changes a line but an erasure, which takes what a leaf
-- says of the erased scope; the leaf itself stays.
CREATE TABLE hub_audit(
  i INTEGER PRIMARY KEY, -- from 0, without gaps
  kind INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  scope BLOB, -- what the leaf is about, where that can be erased
  salt BLOB CHECK(length(salt) = 16),
  detail BLOB,
  leaf BLOB NOT NULL CHECK(length(leaf) = 32), -- SHA-256(0x00, salt, detail)
  nodes BLOB -- the subtrees that the leaf completes, of two leaves first; NULL for every other leaf
) STRICT;
CREATE INDEX hub_audit_scope ON hub_audit(scope) WHERE scope IS NOT NULL;

-- Restoring from a backup (docs/restore.md).

-- The lives of the hub after the first: each began when a backup was put back.
CREATE TABLE hub_epoch(
  number INTEGER PRIMARY KEY,
  salt BLOB NOT NULL CHECK(length(salt) = 16),
  restored INTEGER NOT NULL, -- the last position of the backup
  began INTEGER NOT NULL, -- positions of this life are above it
  at_ms INTEGER NOT NULL,
  opened_ms INTEGER, -- until then it opens no scope to anybody
  opened_by TEXT,
  opened_why TEXT
) STRICT;

-- Receipts that devices showed of batches that had been judged in a life that was lost.
CREATE TABLE hub_recalled(
  batch BLOB PRIMARY KEY,
  device BLOB NOT NULL,
  receipt BLOB NOT NULL,
  first INTEGER NOT NULL, -- its positions then
  ops INTEGER NOT NULL,
  shown_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_recalled_first ON hub_recalled(first);

-- Values that replicas held of others, at positions that were lost. One goes when the batch comes that wrote it.
-- state: 0 waits, 1 an operator took it, 2 an operator let it go.
CREATE TABLE hub_salvage(
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  grp INTEGER NOT NULL,
  position INTEGER NOT NULL, -- the lost one
  scope BLOB NOT NULL,
  val BLOB NOT NULL,
  device BLOB NOT NULL, -- who showed it
  shown_ms INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  decided_by TEXT,
  decided_why TEXT,
  UNIQUE(tbl, key, grp, position)
) STRICT;

-- Classes of scopes that had been closed to a subscription at a position that was lost: they stay closed, whatever the
-- restored rows say, until what closed them has come back or an operator opens them.
CREATE TABLE hub_bar(
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  sub INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  mask INTEGER NOT NULL,
  closed INTEGER NOT NULL,
  UNIQUE(sub, scope, closed)
) STRICT;
CREATE INDEX hub_bar_scope ON hub_bar(scope);

-- Rows that had risen to a class at a position that was lost. They stay in the class that protects most.
CREATE TABLE hub_bar_row(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  closed INTEGER NOT NULL,
  PRIMARY KEY(tbl, key, closed)
) STRICT, WITHOUT ROWID;
