-- Who is eligible: employees pushed by employers, the workers who activated, their households.
-- Tax codes are sealed; `tax_code_index` is a keyed hash, per territory, good only for equality.
CREATE TABLE employees (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  employer_id     uuid NOT NULL,
  external_id     text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 64),
  tax_code_index  bytea NOT NULL CHECK (length(tax_code_index) = 16),
  tax_code_sealed bytea NOT NULL,
  given_name      text NOT NULL,
  family_name     text NOT NULL,
  email           text,
  employed_from   date NOT NULL,
  employed_to     date,
  contract_type   text NOT NULL CHECK (contract_type IN ('permanent','fixed_term','apprenticeship','temporary_agency','collaboration','other')),
  shift_worker    boolean NOT NULL,
  workplace       text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CHECK (employed_to IS NULL OR employed_to >= employed_from),
  FOREIGN KEY (territory_id, employer_id) REFERENCES organisations (territory_id, id)
);
CREATE UNIQUE INDEX employees_external_id ON employees (employer_id, external_id);
CREATE UNIQUE INDEX employees_tax_code ON employees (tax_code_index, employer_id);

-- External ids met by a full push: what is not here when it ends is no longer employed.
CREATE TABLE import_presences (
  job_id      uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
  external_id text NOT NULL,
  PRIMARY KEY (job_id, external_id)
);

CREATE TABLE activation_codes (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  employee_id  uuid NOT NULL REFERENCES employees,
  code_hash    bytea NOT NULL UNIQUE CHECK (length(code_hash) = 16),
  created_by   uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  revoked_at   timestamptz
);
-- A new code revokes the one before it.
CREATE UNIQUE INDEX activation_codes_live ON activation_codes (employee_id)
  WHERE used_at IS NULL AND revoked_at IS NULL;

CREATE TABLE workers (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  account_id      uuid NOT NULL UNIQUE,
  tax_code_index  bytea NOT NULL CHECK (length(tax_code_index) = 16),
  tax_code_sealed bytea NOT NULL,
  given_name      text NOT NULL,
  family_name     text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, tax_code_index),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id)
);

-- Facts about the family (parents, shifts, ISEE) and about each child are sealed whole.
CREATE TABLE households (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  worker_id    uuid NOT NULL UNIQUE,
  facts_sealed bytea NOT NULL,
  version      bigint NOT NULL DEFAULT 1,
  updated_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id)
);

CREATE TABLE household_members (
  id             uuid PRIMARY KEY,
  territory_id   uuid NOT NULL,
  household_id   uuid NOT NULL,
  person_sealed  bytea NOT NULL,
  tax_code_index bytea CHECK (length(tax_code_index) = 16),
  version        bigint NOT NULL DEFAULT 1,
  created_at     timestamptz NOT NULL DEFAULT now(),
  removed_at     timestamptz,
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, household_id) REFERENCES households (territory_id, id)
);
CREATE INDEX household_members_household ON household_members (household_id, id);
CREATE UNIQUE INDEX household_members_tax_code ON household_members (household_id, tax_code_index)
  WHERE removed_at IS NULL;
