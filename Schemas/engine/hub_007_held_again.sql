-- What waits for a batch before it is told in every sync: which of it a device was told in the one that is under way.
CREATE INDEX hub_hold_told ON hub_hold(device) WHERE told = 1 AND schema_version IS NULL;
