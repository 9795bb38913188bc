-- An order says what was ordered: the service's title, its provider's name and the time of its session, as they stood. A
-- provider that renames a service later does not rewrite what families have bought, and an order is read without asking
-- the catalogue. Sessions never change their time: a session accepted instead brings its own.
ALTER TABLE orders
  ADD COLUMN service_title_it text,
  ADD COLUMN service_title_en text,
  ADD COLUMN provider_name    text,
  ADD COLUMN starts_at        timestamptz,
  ADD COLUMN ends_at          timestamptz;
UPDATE orders o SET service_title_it = s.title_it, service_title_en = s.title_en, provider_name = p.name
  FROM services s JOIN organisations p ON p.id = s.provider_id WHERE s.id = o.service_id;
UPDATE orders o SET starts_at = ss.starts_at, ends_at = ss.ends_at
  FROM service_sessions ss WHERE ss.id = o.service_session_id;
ALTER TABLE orders
  ALTER COLUMN service_title_it SET NOT NULL,
  ALTER COLUMN service_title_en SET NOT NULL,
  ALTER COLUMN provider_name SET NOT NULL,
  ADD CONSTRAINT orders_session CHECK ((service_session_id IS NULL) = (starts_at IS NULL) AND (starts_at IS NULL) = (ends_at IS NULL));
COMMENT ON COLUMN orders.service_title_it IS 'as it stood when it was ordered';
COMMENT ON COLUMN orders.service_title_en IS 'as it stood when it was ordered';
COMMENT ON COLUMN orders.provider_name IS 'as it stood when it was ordered';
COMMENT ON COLUMN orders.starts_at IS 'of the session whose place it holds; null for a service without sessions';
DROP VIEW order_details;

CREATE OR REPLACE VIEW family_plan_checks AS
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

CREATE OR REPLACE VIEW family_plan_quotes AS
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

CREATE OR REPLACE FUNCTION move_order(
  p_order orders, p_to text, p_money text, p_places text, p_session_id uuid, p_note_sealed bytea,
  p_actor_id uuid, p_role text, p_reason text, p_reason_sealed bytea
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_given_up uuid[] := '{}';
  v_rule     text;
  v_starts   timestamptz;
  v_ends     timestamptz;
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
                WHEN ss.starts_at <= now() THEN 'session_past'
                WHEN v.spend_by < italian_day(ss.starts_at) THEN 'session_after_spend_by' END, ss.starts_at
      INTO v_rule, v_starts FROM service_sessions ss LEFT JOIN vouchers v ON v.id = p_order.voucher_id
     WHERE ss.id = p_session_id AND ss.territory_id = p_order.territory_id;
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

  IF p_places = 'swap' THEN
    SELECT ss.starts_at, ss.ends_at INTO v_starts, v_ends FROM service_sessions ss WHERE ss.id = p_order.proposed_session_id;
  END IF;
  SELECT * INTO v_store FROM stores WHERE id = p_order.store_id;
  UPDATE orders SET
    state = p_to, version = version + 1,
    service_session_id = CASE WHEN p_places = 'swap' THEN proposed_session_id ELSE service_session_id END,
    starts_at = CASE WHEN p_places = 'swap' THEN v_starts ELSE starts_at END,
    ends_at = CASE WHEN p_places = 'swap' THEN v_ends ELSE ends_at END,
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
