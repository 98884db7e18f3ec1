-- Who may sign in at the console. Of the code only what checks it is kept, as for a device's.
CREATE TABLE hub_operator(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  name TEXT NOT NULL UNIQUE,
  verifier BLOB NOT NULL CHECK(length(verifier) = 32),
  added_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT, WITHOUT ROWID;
-- What came and went over the network from noon to noon: no device, no scope, no row.
CREATE TABLE hub_night(
  night INTEGER PRIMARY KEY, -- days from 1970 to the noon (UTC) at which it begins
  syncs INTEGER NOT NULL DEFAULT 0,
  bytes_up INTEGER NOT NULL DEFAULT 0,
  bytes_down INTEGER NOT NULL DEFAULT 0
) STRICT;
