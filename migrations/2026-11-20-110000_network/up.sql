-- Organisations of a territory and their membership in its network.
CREATE TABLE organisations (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
  kind         text NOT NULL CHECK (kind IN ('territorial_area_or_agency','employers_association','trade_union','public_body','education','nonprofit','company')),
  company_size text CHECK (company_size IN ('micro','small','medium','large')),
  tax_code     text NOT NULL CHECK (tax_code ~ '^([0-9]{11}|[A-Z0-9]{16})$'),
  vat_number   text CHECK (vat_number ~ '^[0-9]{11}$'),
  municipality text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, tax_code),
  CHECK (company_size IS NULL OR kind = 'company')
);
COMMENT ON COLUMN organisations.tax_code IS '11 digits, or 16 characters of a sole trader: then it is personal data';
CREATE INDEX organisations_by_name ON organisations (territory_id, name, id);

CREATE TABLE memberships (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL REFERENCES territories,
  organisation_id uuid NOT NULL,
  state           text NOT NULL CHECK (state IN ('requested','admitted','refused','withdrawn','excluded')),
  requested_at    timestamptz NOT NULL,
  decided_at      timestamptz,
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, organisation_id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id),
  CHECK ((state = 'requested') = (decided_at IS NULL))
);
