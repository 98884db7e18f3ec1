-- The hub's position when the device joined: what it writes before it has been sent anything is judged by the grants of
-- then. NULL for devices that joined before this step.
ALTER TABLE hub_device ADD COLUMN enrolled_at INTEGER;

-- Whether the device was told that its batch is held here, so that it need not send it again.
ALTER TABLE hub_hold ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hub_hold_untold ON hub_hold(device) WHERE told = 0;
