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
  CHECK ((state = 'submitted') = (submitted_at IS NOT NULL)),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id)
) WITH (fillfactor = 80);
CREATE INDEX family_plans_of_worker ON family_plans (worker_id, id);

CREATE TABLE family_plan_items (
  family_plan_id      uuid NOT NULL,
  line                smallint NOT NULL CHECK (line BETWEEN 1 AND 50),
  territory_id        uuid NOT NULL,
  service_id          uuid NOT NULL,
  service_session_id  uuid,
  household_member_id uuid NOT NULL,
  child_age           smallint NOT NULL CHECK (child_age >= 0),
  voucher_id          uuid,
  quantity            integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  note_sealed         bytea,
  previewed_price     numeric(14,2),
  previewed_covered   numeric(14,2),
  PRIMARY KEY (family_plan_id, line),
  FOREIGN KEY (territory_id, family_plan_id) REFERENCES family_plans (territory_id, id),
  FOREIGN KEY (territory_id, service_id) REFERENCES services (territory_id, id),
  FOREIGN KEY (territory_id, service_session_id) REFERENCES service_sessions (territory_id, id),
  FOREIGN KEY (territory_id, household_member_id) REFERENCES household_members (territory_id, id),
  FOREIGN KEY (territory_id, voucher_id) REFERENCES vouchers (territory_id, id)
);
COMMENT ON COLUMN family_plan_items.child_age IS 'whole years on the day of service, or on the day of writing for a service without sessions; the birth date itself is sealed';
COMMENT ON COLUMN family_plan_items.note_sealed IS 'a note may tell of the child''s health';
COMMENT ON COLUMN family_plan_items.previewed_price IS 'unit price the family was shown: it never pays more without a new look';
COMMENT ON COLUMN family_plan_items.previewed_covered IS 'share of the voucher the family was shown';

CREATE DOMAIN order_state AS text CHECK (VALUE IN
  ('requested','proposed','confirmed','in_service','delivered','accepted','invoiced','paid','rejected','lapsed','cancelled'));

-- An order says what was ordered: the service's title, its provider's name and the time of its session, as they stood. A
-- provider that renames a service later does not rewrite what families have bought, and an order is read without asking
-- the catalogue. Sessions never change their time: a session accepted instead brings its own.
CREATE TABLE orders (
  id                   uuid PRIMARY KEY,
  territory_id         uuid NOT NULL,
  store_id             uuid NOT NULL,
  family_plan_id       uuid NOT NULL,
  line                 smallint NOT NULL,
  provider_id          uuid NOT NULL,
  worker_id            uuid NOT NULL,
  household_member_id  uuid NOT NULL,
  child_age            smallint NOT NULL,
  service_id           uuid NOT NULL,
  service_session_id   uuid,
  voucher_id           uuid,
  quantity             integer NOT NULL,
  unit_price           numeric(14,2) NOT NULL,
  total                numeric(14,2) NOT NULL,
  covered              numeric(14,2) NOT NULL,
  family_share         numeric(14,2) NOT NULL,
  state                order_state NOT NULL,
  note_sealed          bytea,
  proposed_session_id  uuid,
  proposal_note_sealed bytea,
  version              bigint NOT NULL DEFAULT 1,
  placed_at            timestamptz NOT NULL DEFAULT now(),
  due_at               timestamptz,
  service_title_it     text NOT NULL,
  service_title_en     text NOT NULL,
  provider_name        text NOT NULL,
  starts_at            timestamptz,
  ends_at              timestamptz,
  UNIQUE (territory_id, id),
  UNIQUE (family_plan_id, line),
  CONSTRAINT orders_amounts CHECK (unit_price > 0 AND quantity > 0 AND total = unit_price * quantity
                                   AND covered >= 0 AND family_share >= 0 AND total = covered + family_share
                                   AND (covered = 0 OR voucher_id IS NOT NULL)),
  CONSTRAINT orders_proposal CHECK ((state = 'proposed') = (proposed_session_id IS NOT NULL)),
  CONSTRAINT orders_session CHECK ((service_session_id IS NULL) = (starts_at IS NULL) AND (starts_at IS NULL) = (ends_at IS NULL)),
  FOREIGN KEY (family_plan_id, line) REFERENCES family_plan_items (family_plan_id, line)
) WITH (fillfactor = 70);
COMMENT ON TABLE orders IS 'what the plan and its item say is copied here; they hold the foreign keys: checking them again would make every submission lock the same few rows';
COMMENT ON COLUMN orders.service_session_id IS 'the order holds one place of it, whatever the quantity: one child, one place';
COMMENT ON COLUMN orders.note_sealed IS 'copied from the item as it is: both are sealed for the same purpose';
COMMENT ON COLUMN orders.due_at IS 'when the system acts by itself: a request lapses, a delivery counts as accepted';
COMMENT ON COLUMN orders.service_title_it IS 'as it stood when it was ordered';
COMMENT ON COLUMN orders.service_title_en IS 'as it stood when it was ordered';
COMMENT ON COLUMN orders.provider_name IS 'as it stood when it was ordered';
COMMENT ON COLUMN orders.starts_at IS 'of the session whose place it holds; null for a service without sessions';
CREATE INDEX orders_of_worker ON orders (worker_id, id);
CREATE INDEX orders_of_provider ON orders (provider_id, id);
CREATE INDEX orders_of_store ON orders (store_id, id);
CREATE INDEX orders_due ON orders (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE ledger_entries ADD FOREIGN KEY (territory_id, order_id) REFERENCES orders (territory_id, id);

-- Each item of a plan with today's facts and the rules that would refuse it by itself.
CREATE VIEW family_plan_checks AS
SELECT i.family_plan_id, i.line, i.service_id, i.service_session_id, i.household_member_id, i.child_age, i.voucher_id,
       i.quantity, i.note_sealed, i.previewed_price, i.previewed_covered,
       p.store_id, p.worker_id, st.answer_days, s.provider_id, s.price AS unit_price, s.price * i.quantity AS total,
       ss.starts_at, ss.capacity - ss.places_taken AS places_left,
       CASE WHEN s.store_id <> p.store_id THEN 'service_of_another_store'
            WHEN s.state <> 'published' THEN 'service_not_published'
            WHEN sp.revoked_at IS NOT NULL THEN 'provider_not_accredited'
            WHEN i.child_age NOT BETWEEN s.minimum_age AND s.maximum_age THEN 'age_not_admitted'
            WHEN i.service_session_id IS NULL AND EXISTS (SELECT FROM service_sessions x WHERE x.service_id = i.service_id)
              THEN 'session_required'
            WHEN ss.service_id <> i.service_id THEN 'session_of_another_service'
            WHEN ss.state <> 'open' THEN 'session_cancelled'
            WHEN ss.starts_at <= now() THEN 'session_past'
            WHEN s.price * i.quantity > 9999999999.99 THEN 'total_too_large' END AS service_rule,
       CASE WHEN v.worker_id <> p.worker_id THEN 'voucher_of_another_family'
            WHEN v.household_member_id <> i.household_member_id THEN 'voucher_of_another_child'
            WHEN v.state <> 'active' OR v.spend_by < italian_day(now()) THEN 'voucher_expired'
            WHEN v.spend_by < italian_day(ss.starts_at) THEN 'session_after_spend_by'
            WHEN v.project_id <> st.project_id THEN 'voucher_of_another_project'
            WHEN v.spendable_categories IS NOT NULL
             AND (SELECT c.code FROM service_categories c WHERE c.id = s.category_id) <> ALL (v.spendable_categories)
              THEN 'category_not_admitted' END AS voucher_rule,
       s.title_it AS service_title_it, s.title_en AS service_title_en, po.name AS provider_name, ss.ends_at
  FROM family_plan_items i
  JOIN family_plans p ON p.id = i.family_plan_id
  JOIN stores st ON st.id = p.store_id
  JOIN services s ON s.id = i.service_id
  JOIN organisations po ON po.id = s.provider_id
  JOIN store_providers sp ON sp.store_id = s.store_id AND sp.organisation_id = s.provider_id
  LEFT JOIN service_sessions ss ON ss.id = i.service_session_id
  LEFT JOIN vouchers v ON v.id = i.voucher_id;

-- The preview of a plan. A voucher covers the items that name it, in the order of their lines, until it is used up; an
-- item takes one place of its session. `drift` tells that the family would now pay more than it was shown.
CREATE VIEW family_plan_quotes AS
SELECT q.family_plan_id, q.line, q.provider_id, q.service_id, q.service_session_id, q.household_member_id, q.voucher_id, q.quantity,
       q.note_sealed, q.unit_price, q.total, q.covered, q.total - q.covered AS family_share, q.available,
       coalesce(q.service_rule, q.voucher_rule, CASE WHEN q.place > q.places_left THEN 'no_places_left' END) AS rule,
       CASE WHEN q.unit_price > q.previewed_price THEN 'price_changed'
            WHEN q.covered < q.previewed_covered THEN 'covered_less_than_previewed' END AS drift,
       greatest(0.00, q.available - q.asked) AS left_over, q.place, q.places_left, q.worker_id, q.child_age, q.answer_days,
       q.service_title_it, q.service_title_en, q.provider_name, q.starts_at, q.ends_at
  FROM (
    SELECT x.*, CASE WHEN x.voucher_id IS NULL THEN 0.00
                     ELSE least(x.total, greatest(0.00, x.available + x.total - x.asked)) END AS covered
      FROM (
        SELECT c.*, b.available,
               row_number() OVER (PARTITION BY c.family_plan_id, c.service_session_id ORDER BY c.line) AS place,
               sum(c.total) OVER (PARTITION BY c.family_plan_id, c.voucher_id ORDER BY c.line) AS asked
          FROM family_plan_checks c LEFT JOIN voucher_balances b ON b.voucher_id = c.voucher_id
      ) x
  ) q;

-- The lines of a plan as its family sees them: quoted while it is a draft, its orders afterwards.
CREATE VIEW family_plan_lines AS
SELECT q.family_plan_id, q.line, q.provider_id, q.service_id, q.service_session_id, q.household_member_id, q.voucher_id, q.quantity,
       q.note_sealed, q.unit_price, q.covered, q.available, NULL::uuid AS order_id, array_remove(ARRAY[q.rule, q.drift], NULL) AS warnings
  FROM family_plan_quotes q JOIN family_plans p ON p.id = q.family_plan_id AND p.state = 'draft'
UNION ALL
SELECT o.family_plan_id, o.line, o.provider_id, o.service_id, o.service_session_id, o.household_member_id, o.voucher_id, o.quantity,
       o.note_sealed, o.unit_price, o.covered, b.available, o.id, '{}'
  FROM orders o LEFT JOIN voucher_balances b ON b.voucher_id = o.voucher_id;

-- Replaces the items of a draft and remembers what the family is shown. Answers the lines whose voucher is not the
-- family's; then nothing is written.
CREATE FUNCTION write_family_plan_items(p_family_plan_id uuid, p_items jsonb) RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
  v_plan    family_plans;
  v_unknown smallint[];
BEGIN
  SELECT * INTO v_plan FROM family_plans WHERE id = p_family_plan_id;
  SELECT array_agg(x.line ORDER BY x.line) INTO v_unknown FROM jsonb_to_recordset(p_items) AS x(line smallint, voucher_id uuid)
   WHERE x.voucher_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM vouchers v WHERE v.id = x.voucher_id AND v.worker_id = v_plan.worker_id);
  IF v_unknown IS NOT NULL THEN RETURN v_unknown; END IF;
  DELETE FROM family_plan_items WHERE family_plan_id = p_family_plan_id;
  INSERT INTO family_plan_items (family_plan_id, line, territory_id, service_id, service_session_id, household_member_id, child_age,
                                 voucher_id, quantity, note_sealed)
  SELECT p_family_plan_id, x.line, v_plan.territory_id, x.service_id, x.service_session_id, x.household_member_id, x.child_age,
         x.voucher_id, x.quantity, decode(x.note_sealed, 'base64')
    FROM jsonb_to_recordset(p_items) AS x(line smallint, service_id uuid, service_session_id uuid, household_member_id uuid,
                                          child_age smallint, voucher_id uuid, quantity integer, note_sealed text);
  UPDATE family_plan_items i SET previewed_price = q.unit_price, previewed_covered = q.covered
    FROM family_plan_quotes q WHERE q.family_plan_id = p_family_plan_id AND i.family_plan_id = q.family_plan_id AND i.line = q.line;
  RETURN '{}';
END $$;
