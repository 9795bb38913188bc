-- Who of the network is in an alliance, and the network's composition as frozen twice a year.

-- An organisation is in an alliance while it is a partner (and has not left) of a project that was submitted and has not
-- fallen: neither a draft, nor inadmissible, not funded, declined, merged into another or revoked.
CREATE VIEW network_alliance_members AS
  SELECT DISTINCT partner.territory_id, partner.organisation_id
  FROM project_partners partner
  JOIN projects project ON project.territory_id = partner.territory_id AND project.id = partner.project_id
  WHERE partner.left_on IS NULL
    AND project.state IN ('submitted','integration_requested','admissible','scored','funded','accepted','signed','running',
                          'variation','settled','closed');

CREATE TABLE network_compositions (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  half         text NOT NULL CHECK (half ~ '^20[0-9]{2}-H[12]$'),
  taken_at     timestamptz NOT NULL,
  taken_by     uuid,
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, half)
);
CREATE TRIGGER network_compositions_append_only BEFORE UPDATE OR DELETE ON network_compositions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The members behind the numbers; the numbers are counted from them.
CREATE TABLE network_composition_members (
  territory_id    uuid NOT NULL,
  composition_id  uuid NOT NULL,
  organisation_id uuid NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('territorial_area_or_agency','employers_association','trade_union','public_body','education','nonprofit','company')),
  company_size    text CHECK (company_size IN ('micro','small','medium','large')),
  in_alliance     boolean NOT NULL,
  PRIMARY KEY (composition_id, organisation_id),
  CHECK (company_size IS NULL OR kind = 'company'),
  FOREIGN KEY (territory_id, composition_id) REFERENCES network_compositions (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
CREATE TRIGGER network_composition_members_append_only BEFORE UPDATE OR DELETE ON network_composition_members
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
