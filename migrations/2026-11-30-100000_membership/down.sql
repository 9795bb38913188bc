DROP TABLE notice_documents;
DROP TABLE notices;
DROP TABLE network_documents;
DROP TRIGGER memberships_move_on ON memberships;
DROP FUNCTION check_membership_change();
DROP INDEX memberships_of_organisation;
DROP INDEX memberships_live;
-- Only the last membership of an organisation fits the old table.
DELETE FROM memberships m WHERE EXISTS (
  SELECT FROM memberships later WHERE later.territory_id = m.territory_id AND later.organisation_id = m.organisation_id
    AND (later.requested_at, later.id) > (m.requested_at, m.id));
ALTER TABLE memberships
  DROP legal_name, DROP kind, DROP company_size, DROP vat_number, DROP municipality, DROP address, DROP contact_sealed,
  DROP statement_version, DROP statement_accepted_at, DROP requested_by, DROP decided_by, DROP ended_at, DROP ended_by,
  DROP reason, DROP version,
  ADD UNIQUE (territory_id, organisation_id);
ALTER TABLE organisations DROP address, DROP newcomer;
