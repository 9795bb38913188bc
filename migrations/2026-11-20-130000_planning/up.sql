-- Funded projects: the link between the plan cycle and the voucher portal.
CREATE TABLE projects (
  id                   uuid PRIMARY KEY,
  territory_id         uuid NOT NULL REFERENCES territories,
  reference            text NOT NULL CHECK (length(reference) BETWEEN 1 AND 40),
  title                text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  lead_organisation_id uuid NOT NULL,
  starts_on            date NOT NULL,
  ends_on              date NOT NULL CHECK (ends_on >= starts_on),
  created_at           timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, reference),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id)
);

CREATE TABLE project_partners (
  territory_id    uuid NOT NULL,
  project_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  role            text NOT NULL CHECK (role IN ('lead','institutional','implementing','network')),
  PRIMARY KEY (project_id, organisation_id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
-- One lead for each project.
CREATE UNIQUE INDEX project_partners_lead ON project_partners (project_id) WHERE role = 'lead';
CREATE INDEX project_partners_of_organisation ON project_partners (territory_id, organisation_id);
