-- What the lead owes each provider: statements of accepted orders, approved by a second person, then paid.
CREATE TABLE provider_statements (
  id                uuid PRIMARY KEY,
  territory_id      uuid NOT NULL,
  store_id          uuid NOT NULL,
  provider_id       uuid NOT NULL,
  state             text NOT NULL CHECK (state IN ('submitted','approved','paid')),
  total             numeric(14,2) NOT NULL CHECK (total >= 0),
  payment_reference text,
  created_by        uuid,
  created_at        timestamptz NOT NULL DEFAULT now(),
  approved_by       uuid,
  approved_at       timestamptz,
  paid_at           timestamptz,
  version           bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CHECK (approved_by IS NULL OR approved_by IS DISTINCT FROM created_by),
  CHECK ((state = 'paid') = (payment_reference IS NOT NULL)),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id),
  FOREIGN KEY (territory_id, provider_id) REFERENCES organisations (territory_id, id)
);
CREATE INDEX provider_statements_of_provider ON provider_statements (provider_id, id);
CREATE INDEX provider_statements_of_store ON provider_statements (store_id, id);

CREATE TABLE provider_statement_lines (
  territory_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  order_id     uuid NOT NULL UNIQUE,
  amount       numeric(14,2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (statement_id, order_id),
  FOREIGN KEY (territory_id, statement_id) REFERENCES provider_statements (territory_id, id),
  FOREIGN KEY (territory_id, order_id) REFERENCES orders (territory_id, id)
);
