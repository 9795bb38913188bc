-- What the lead owes each provider: statements of accepted orders, approved by a second person, then paid.
CREATE TABLE provider_statements (
  id                   uuid PRIMARY KEY,
  territory_id         uuid NOT NULL,
  store_id             uuid NOT NULL,
  lead_organisation_id uuid NOT NULL,
  provider_id          uuid NOT NULL,
  state                text NOT NULL CHECK (state IN ('submitted','approved','paid')),
  orders               integer NOT NULL CHECK (orders BETWEEN 1 AND 500),
  covered              numeric(14,2) NOT NULL CHECK (covered >= 0),
  family_share         numeric(14,2) NOT NULL CHECK (family_share >= 0),
  payment_reference    text CHECK (length(payment_reference) BETWEEN 1 AND 140),
  created_by           uuid NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  approved_by          uuid,
  approved_at          timestamptz,
  paid_at              timestamptz,
  version              bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CONSTRAINT provider_statements_four_eyes CHECK (approved_by <> created_by),
  CHECK ((state = 'submitted') = (approved_by IS NULL)),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK ((state = 'paid') = (payment_reference IS NOT NULL)),
  CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id),
  FOREIGN KEY (territory_id, provider_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN provider_statements.covered IS 'owed by the lead: what vouchers cover';
COMMENT ON COLUMN provider_statements.family_share IS 'for information: families pay their share to the provider themselves';
CREATE INDEX provider_statements_of_provider ON provider_statements (provider_id, id);
CREATE INDEX provider_statements_of_lead ON provider_statements (lead_organisation_id, id);

-- One line per order, with its amounts as they were when it was invoiced. An order that no voucher covers is listed
-- too, at zero: it ends as paid like the others, and the ledger knows nothing of it.
CREATE TABLE provider_statement_lines (
  territory_id          uuid NOT NULL,
  provider_statement_id uuid NOT NULL,
  order_id              uuid NOT NULL UNIQUE,
  voucher_id            uuid,
  total                 numeric(14,2) NOT NULL CHECK (total > 0),
  covered               numeric(14,2) NOT NULL CHECK (covered >= 0),
  family_share          numeric(14,2) NOT NULL CHECK (family_share >= 0),
  PRIMARY KEY (provider_statement_id, order_id),
  CHECK (total = covered + family_share),
  CHECK (covered = 0 OR voucher_id IS NOT NULL),
  FOREIGN KEY (territory_id, provider_statement_id) REFERENCES provider_statements (territory_id, id),
  FOREIGN KEY (territory_id, order_id) REFERENCES orders (territory_id, id),
  FOREIGN KEY (territory_id, voucher_id) REFERENCES vouchers (territory_id, id)
);
