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
  UNIQUE (territory_id, id),
  UNIQUE (family_plan_id, line),
  CONSTRAINT orders_amounts CHECK (unit_price > 0 AND quantity > 0 AND total = unit_price * quantity
                                   AND covered >= 0 AND family_share >= 0 AND total = covered + family_share
                                   AND (covered = 0 OR voucher_id IS NOT NULL)),
  CONSTRAINT orders_proposal CHECK ((state = 'proposed') = (proposed_session_id IS NOT NULL)),
  FOREIGN KEY (family_plan_id, line) REFERENCES family_plan_items (family_plan_id, line)
) WITH (fillfactor = 70);
COMMENT ON TABLE orders IS 'what the plan and its item say is copied here; they hold the foreign keys: checking them again would make every submission lock the same few rows';
COMMENT ON COLUMN orders.service_session_id IS 'the order holds one place of it, whatever the quantity: one child, one place';
COMMENT ON COLUMN orders.note_sealed IS 'copied from the item as it is: both are sealed for the same purpose';
COMMENT ON COLUMN orders.due_at IS 'when the system acts by itself: a request lapses, a delivery counts as accepted';
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
            WHEN v.project_id <> st.project_id THEN 'voucher_of_another_project'
            WHEN v.spendable_categories IS NOT NULL
             AND (SELECT c.code FROM service_categories c WHERE c.id = s.category_id) <> ALL (v.spendable_categories)
              THEN 'category_not_admitted' END AS voucher_rule
  FROM family_plan_items i
  JOIN family_plans p ON p.id = i.family_plan_id
  JOIN stores st ON st.id = p.store_id
  JOIN services s ON s.id = i.service_id
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
            WHEN q.covered < q.previewed_covered THEN 'covered_less_than_previewed' END AS drift
  FROM (
    SELECT c.*, b.available,
           row_number() OVER (PARTITION BY c.family_plan_id, c.service_session_id ORDER BY c.line) AS place,
           CASE WHEN c.voucher_id IS NULL THEN 0.00
                ELSE least(c.total, greatest(0.00, b.available + c.total
                       - sum(c.total) OVER (PARTITION BY c.family_plan_id, c.voucher_id ORDER BY c.line))) END AS covered
      FROM family_plan_checks c LEFT JOIN voucher_balances b ON b.voucher_id = c.voucher_id
  ) q;

-- Makes a move of an order whose row the caller has locked. Which moves exist, who makes them and what they do to money
-- (`keep`, `release`, `spend`) and places (`keep`, `release`, `propose`, `swap`) is told by the caller's table of moves.
-- Locks the voucher, then the sessions by id. Answers the rule that refuses a proposed session, or null.
CREATE FUNCTION move_order(
  p_order orders, p_to text, p_money text, p_places text, p_session_id uuid, p_note_sealed bytea,
  p_actor_id uuid, p_role text, p_reason text, p_reason_sealed bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_given_up uuid[] := '{}';
  v_rule     text;
  v_starts   timestamptz;
  v_store    stores;
BEGIN
  IF p_places IN ('release', 'swap') AND p_order.service_session_id IS NOT NULL THEN
    v_given_up := v_given_up || p_order.service_session_id;
  END IF;
  IF p_places = 'release' AND p_order.proposed_session_id IS NOT NULL THEN
    v_given_up := v_given_up || p_order.proposed_session_id;
  END IF;
  IF p_money <> 'keep' AND p_order.covered > 0 THEN
    PERFORM ledger_lock(p_order.territory_id, p_order.voucher_id);
  END IF;
  PERFORM pg_advisory_xact_lock(session_lock(x.id)) FROM (
    SELECT DISTINCT s.id FROM unnest(v_given_up || p_session_id) s(id) WHERE s.id IS NOT NULL ORDER BY s.id) x;

  IF p_places = 'propose' THEN
    SELECT CASE WHEN ss.service_id <> p_order.service_id THEN 'session_of_another_service'
                WHEN ss.id = p_order.service_session_id THEN 'session_already_booked'
                WHEN ss.state <> 'open' THEN 'session_cancelled'
                WHEN ss.starts_at <= now() THEN 'session_past' END, ss.starts_at
      INTO v_rule, v_starts FROM service_sessions ss WHERE ss.id = p_session_id AND ss.territory_id = p_order.territory_id;
    IF NOT FOUND THEN RETURN 'session_unknown'; END IF;
    IF v_rule IS NULL AND NOT take_places(p_session_id, 1) THEN v_rule := 'no_places_left'; END IF;
    IF v_rule IS NOT NULL THEN RETURN v_rule; END IF;
  END IF;

  IF p_money = 'release' AND p_order.covered > 0 THEN
    PERFORM ledger_release(p_order.territory_id, p_order.voucher_id, p_order.id, p_order.covered, p_actor_id, p_role, 'order ' || p_to);
  ELSIF p_money = 'spend' AND p_order.covered > 0 THEN
    PERFORM ledger_spend(p_order.territory_id, p_order.voucher_id, p_order.id, p_order.covered, p_actor_id, p_role, 'order ' || p_to);
  END IF;
  PERFORM release_places(s.id, 1) FROM unnest(v_given_up) s(id);

  SELECT * INTO v_store FROM stores WHERE id = p_order.store_id;
  UPDATE orders SET
    state = p_to, version = version + 1,
    service_session_id = CASE WHEN p_places = 'swap' THEN proposed_session_id ELSE service_session_id END,
    proposed_session_id = CASE WHEN p_places = 'propose' THEN p_session_id END,
    proposal_note_sealed = CASE WHEN p_places = 'propose' THEN p_note_sealed ELSE proposal_note_sealed END,
    due_at = CASE p_to WHEN 'proposed' THEN least(now() + make_interval(days => v_store.answer_days), v_starts)
                       WHEN 'delivered' THEN now() + make_interval(days => v_store.silent_acceptance_days) END
  WHERE id = p_order.id;
  INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role, reason, reason_sealed)
  VALUES (uuid_v7(), p_order.territory_id, 'order', p_order.id, p_order.state, p_to, p_actor_id, p_role, p_reason, p_reason_sealed);
  INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
  VALUES (uuid_v7(), p_order.territory_id, 'order.' || p_to, p_order.id,
          jsonb_build_object('store_id', p_order.store_id, 'provider_id', p_order.provider_id, 'family_plan_id', p_order.family_plan_id));
  RETURN NULL;
END $$;

-- A move asked for by the order's worker or by its provider, from one of the states that its role may move it from.
-- It is judged by the state found on arrival: of two moves at once one wins, and the other is not allowed, even where
-- it would be allowed from the state that the first one left.
-- Outcomes: `done`, `not_found`, `stale`, `not_allowed` (state: the present one), `too_late`, `refused` (rule).
CREATE FUNCTION request_order_move(
  p_territory_id uuid, p_order_id uuid, p_account_id uuid, p_provider_ids uuid[],
  p_worker_from text[], p_provider_from text[], p_to text, p_money text, p_places text, p_until_deadline boolean,
  p_session_id uuid, p_note_sealed bytea, p_reason_sealed bytea, p_versions bigint[],
  OUT outcome text, OUT state text, OUT rule text
) LANGUAGE plpgsql AS $$
DECLARE
  v_order orders;
  v_role  text;
  v_found bigint;
BEGIN
  SELECT o.version INTO v_found FROM orders o WHERE o.id = p_order_id;
  SELECT o.* INTO v_order FROM orders o JOIN workers w ON w.id = o.worker_id
   WHERE o.id = p_order_id AND o.territory_id = p_territory_id
     AND ((w.account_id = p_account_id AND p_worker_from <> '{}') OR (o.provider_id = ANY (p_provider_ids) AND p_provider_from <> '{}'))
     FOR NO KEY UPDATE OF o;
  IF NOT FOUND THEN outcome := 'not_found'; RETURN; END IF;
  v_role := CASE WHEN p_provider_from <> '{}' AND v_order.provider_id = ANY (p_provider_ids) THEN 'provider' ELSE 'worker' END;
  state := v_order.state;
  IF v_order.version <> ALL (p_versions) THEN outcome := 'stale'; RETURN; END IF;
  IF v_order.version <> v_found OR v_order.state <> ALL (CASE v_role WHEN 'worker' THEN p_worker_from ELSE p_provider_from END) THEN
    outcome := 'not_allowed';
    RETURN;
  END IF;
  IF v_role = 'worker' AND p_until_deadline AND EXISTS (
    SELECT FROM service_sessions ss JOIN stores st ON st.id = v_order.store_id
     WHERE ss.id = v_order.service_session_id AND now() > ss.starts_at - make_interval(hours => st.free_cancellation_hours)) THEN
    outcome := 'too_late';
    RETURN;
  END IF;
  rule := move_order(v_order, p_to, p_money, p_places, p_session_id, p_note_sealed, p_account_id, v_role, NULL, p_reason_sealed);
  outcome := CASE WHEN rule IS NULL THEN 'done' ELSE 'refused' END;
END $$;

-- Moves the orders whose time has come, a batch at a time; orders that someone is moving are left for the next round.
-- Vouchers are locked by id, then sessions by id, for the whole batch: the same order as everywhere.
CREATE FUNCTION move_due_orders(
  p_now timestamptz, p_limit integer, p_from text[], p_to text, p_money text, p_places text, p_reason text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_due   orders[];
  v_order orders;
BEGIN
  SELECT array_agg(o ORDER BY o.id) INTO v_due FROM (
    SELECT d.* FROM orders d WHERE d.due_at <= p_now AND d.state = ANY (p_from)
     ORDER BY d.due_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED) o;
  IF v_due IS NULL THEN RETURN 0; END IF;
  PERFORM ledger_lock(x.territory_id, x.voucher_id) FROM (
    SELECT DISTINCT o.territory_id, o.voucher_id FROM unnest(v_due) o WHERE o.covered > 0 ORDER BY o.voucher_id) x;
  PERFORM pg_advisory_xact_lock(session_lock(x.id)) FROM (
    SELECT DISTINCT s.id FROM unnest(v_due) o, unnest(ARRAY[o.service_session_id, o.proposed_session_id]) s(id)
     WHERE s.id IS NOT NULL ORDER BY s.id) x;
  FOREACH v_order IN ARRAY v_due LOOP
    PERFORM move_order(v_order, p_to, p_money, p_places, NULL, NULL, NULL, 'system', p_reason, NULL);
  END LOOP;
  RETURN cardinality(v_due);
END $$;

-- An order with what is needed to show it: its readers' keys, the names it refers to, the child's name still sealed.
CREATE VIEW order_details AS
SELECT o.id, o.territory_id, o.store_id, o.family_plan_id, o.line, o.provider_id, o.worker_id, o.household_member_id, o.child_age,
       o.service_id, o.service_session_id, o.voucher_id, o.quantity, o.unit_price, o.total, o.covered, o.family_share,
       o.state::text AS state, o.note_sealed, o.proposed_session_id, o.proposal_note_sealed, o.version, o.placed_at, o.due_at,
       s.title_it AS service_title_it, s.title_en AS service_title_en, p.name AS provider_name, ss.starts_at, ss.ends_at,
       w.account_id, w.given_name AS worker_given_name, w.family_name AS worker_family_name,
       m.person_sealed, st.lead_organisation_id
  FROM orders o
  JOIN services s ON s.id = o.service_id
  JOIN organisations p ON p.id = o.provider_id
  JOIN workers w ON w.id = o.worker_id
  JOIN household_members m ON m.id = o.household_member_id
  JOIN stores st ON st.id = o.store_id
  LEFT JOIN service_sessions ss ON ss.id = o.service_session_id;

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
