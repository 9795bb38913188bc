-- Family plans and orders.
CREATE TABLE family_plans (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  worker_id    uuid NOT NULL,
  store_id     uuid NOT NULL,
  state        text NOT NULL CHECK (state IN ('draft','submitted')),
  version      bigint NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  submitted_at timestamptz,
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id)
);
CREATE INDEX family_plans_of_worker ON family_plans (worker_id, id);

CREATE TABLE family_plan_items (
  id                  uuid PRIMARY KEY,
  territory_id        uuid NOT NULL,
  family_plan_id      uuid NOT NULL,
  line                smallint NOT NULL CHECK (line >= 1),
  service_id          uuid NOT NULL,
  service_session_id  uuid,
  household_member_id uuid NOT NULL,
  voucher_id          uuid,
  quantity            integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  note                text,
  UNIQUE (family_plan_id, line),
  FOREIGN KEY (territory_id, family_plan_id) REFERENCES family_plans (territory_id, id),
  FOREIGN KEY (territory_id, service_id) REFERENCES services (territory_id, id),
  FOREIGN KEY (territory_id, service_session_id) REFERENCES service_sessions (territory_id, id),
  FOREIGN KEY (territory_id, household_member_id) REFERENCES household_members (territory_id, id),
  FOREIGN KEY (territory_id, voucher_id) REFERENCES vouchers (territory_id, id)
);

CREATE TABLE orders (
  id                  uuid PRIMARY KEY,
  territory_id        uuid NOT NULL,
  store_id            uuid NOT NULL,
  family_plan_id      uuid NOT NULL,
  line                smallint NOT NULL,
  provider_id         uuid NOT NULL,
  worker_id           uuid NOT NULL,
  household_member_id uuid NOT NULL,
  service_id          uuid NOT NULL,
  service_session_id  uuid,
  voucher_id          uuid,
  quantity            integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  unit_price          numeric(14,2) NOT NULL CHECK (unit_price > 0),
  total               numeric(14,2) NOT NULL CHECK (total > 0),
  covered             numeric(14,2) NOT NULL CHECK (covered >= 0),
  family_share        numeric(14,2) NOT NULL CHECK (family_share >= 0),
  state               text NOT NULL CHECK (state IN ('requested','proposed','confirmed','in_service','delivered','accepted','invoiced','paid','rejected','lapsed','cancelled')),
  note                text,
  proposed_session_id uuid,
  proposal_note       text,
  version             bigint NOT NULL DEFAULT 1,
  placed_at           timestamptz NOT NULL DEFAULT now(),
  due_at              timestamptz,
  UNIQUE (territory_id, id),
  UNIQUE (family_plan_id, line),
  CONSTRAINT orders_total CHECK (total = unit_price * quantity),
  CONSTRAINT orders_shares CHECK (total = covered + family_share),
  CHECK (covered = 0 OR voucher_id IS NOT NULL),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id),
  FOREIGN KEY (territory_id, family_plan_id) REFERENCES family_plans (territory_id, id),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id),
  FOREIGN KEY (territory_id, service_id) REFERENCES services (territory_id, id),
  FOREIGN KEY (territory_id, service_session_id) REFERENCES service_sessions (territory_id, id),
  FOREIGN KEY (territory_id, voucher_id) REFERENCES vouchers (territory_id, id)
) WITH (fillfactor = 80);
COMMENT ON COLUMN orders.due_at IS 'when the system acts by itself: a request lapses, a delivery counts as accepted';
CREATE INDEX orders_of_worker ON orders (worker_id, id);
CREATE INDEX orders_of_provider ON orders (provider_id, id);
CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE ledger_entries ADD FOREIGN KEY (territory_id, order_id) REFERENCES orders (territory_id, id);
