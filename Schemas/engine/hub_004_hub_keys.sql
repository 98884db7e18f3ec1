-- The hub's own keys: their public halves, and when others took their place. The private halves are never in here.
CREATE TABLE hub_key(
  number INTEGER PRIMARY KEY,
  keys BLOB NOT NULL,
  succession BLOB, -- the hub's word by which they took the place of the ones before; NULL for its first
  since_ms INTEGER NOT NULL,
  replaced_ms INTEGER,
  destroyed_ms INTEGER
) STRICT;

-- Which of the hub's keys a device was told of, and what it did with them. Keys are destroyed when every device that was
-- told of them has shown later ones and had nothing then that a backup of the hub does not hold by now.
CREATE TABLE hub_key_use(
  device BLOB NOT NULL,
  number INTEGER NOT NULL,
  given_ms INTEGER NOT NULL,
  shown_ms INTEGER, -- when it first sealed something to them
  settled_at INTEGER, -- the hub's position when the device first sealed to them and everything it had written was here
  written_off_ms INTEGER, -- nobody waits any more for what it may have sealed to them
  written_off_by TEXT,
  written_off_why TEXT,
  PRIMARY KEY(device, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_key_use_number ON hub_key_use(number);

-- Until now there was one pair.
INSERT INTO hub_key_use(device, number, given_ms, shown_ms) SELECT id, 1, 0, 0 FROM hub_device WHERE state IN (1, 2);
