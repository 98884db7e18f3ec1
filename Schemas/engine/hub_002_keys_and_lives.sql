-- The device's word that these keys took the place of the ones before; NULL for its first.
ALTER TABLE hub_device_key ADD COLUMN succession BLOB;
-- Since others took theirs: the last batch that they may have signed.
ALTER TABLE hub_device_key ADD COLUMN last_batch INTEGER;
ALTER TABLE hub_device_key ADD COLUMN replaced_ms INTEGER;

-- The life that it follows; NULL in lives that began before this step.
ALTER TABLE hub_epoch ADD COLUMN parent_number INTEGER;
ALTER TABLE hub_epoch ADD COLUMN parent_salt BLOB CHECK(length(parent_salt) = 16);

-- Lives of which this file knows nothing: a device showed what the hub had signed in them.
CREATE TABLE hub_lost_epoch(
  number INTEGER NOT NULL,
  salt BLOB NOT NULL CHECK(length(salt) = 16),
  followed_by INTEGER NOT NULL REFERENCES hub_epoch(number),
  kept INTEGER NOT NULL, -- the last position of it that is still known
  PRIMARY KEY(number, salt)
) STRICT, WITHOUT ROWID;
