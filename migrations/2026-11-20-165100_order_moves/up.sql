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
      INTO v_rule, v_starts FROM service_sessions ss LEFT JOIN vouchers v ON v.id = p_order.voucher_id AND p_order.covered > 0
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
