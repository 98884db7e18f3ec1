-- A batch that was written for a newer schema waits for the hub's own upgrade: the version that it needs, and NULL for
-- one that waits for its predecessor alone.
ALTER TABLE hub_hold ADD COLUMN schema_version INTEGER;
