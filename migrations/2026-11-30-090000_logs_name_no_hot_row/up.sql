-- Every order, move and event of a territory was checked against the one row of its territory: writers of the whole
-- territory queued on that row's lock. The aggregate that a line tells of holds the key; the logs only repeat it.
ALTER TABLE transitions DROP CONSTRAINT transitions_territory_id_fkey;
ALTER TABLE outbox DROP CONSTRAINT outbox_territory_id_fkey;
COMMENT ON COLUMN transitions.territory_id IS 'of the aggregate, which holds the foreign key';
COMMENT ON COLUMN outbox.territory_id IS 'of the aggregate, which holds the foreign key';
