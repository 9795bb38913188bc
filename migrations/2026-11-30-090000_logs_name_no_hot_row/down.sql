ALTER TABLE outbox ADD CONSTRAINT outbox_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES territories;
ALTER TABLE transitions ADD CONSTRAINT transitions_territory_id_fkey FOREIGN KEY (territory_id) REFERENCES territories;
COMMENT ON COLUMN outbox.territory_id IS NULL;
COMMENT ON COLUMN transitions.territory_id IS NULL;
