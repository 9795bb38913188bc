-- Locks the money of vouchers that nobody else has locked, until the end of the transaction, and tells which: never waits.
CREATE FUNCTION ledger_lock_free(p_vouchers uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
  RETURN ARRAY(SELECT voucher_id FROM voucher_balances WHERE voucher_id = ANY (p_vouchers) FOR NO KEY UPDATE SKIP LOCKED);
END $$;

-- Submits plans in one set of statements, however many they are: each becomes orders that hold money and places for all
-- its items, or none of it does. What cannot be placed is known before anything is written, so that no plan undoes another's.
-- The arrays tell of each plan: its territory, the account that submits it, its number, the versions that the caller has
-- seen (an array as text; null for any), the most that the family is ready to add, its idempotency key and request.
-- Outcomes: `done` and `replayed` (body), `key_reused`, `not_draft`, `stale` (the versions are not the plan's), `refused`
-- (line, rule). A plan without an outcome was not touched: the account has no such plan or, unless `p_wait`, somebody else
-- is at work on the plan, one of its vouchers or sessions, or a plan before it here wants the same.
-- A body is stored for a repeated request: it holds the notes as the orders do, sealed (in base64).
-- With `p_wait` locks are waited for, in this order: the plan, its vouchers by id, its sessions by id. Without it none of
-- these is waited for, and no other lock (an idempotency key that somebody is using) for more than a tenth of a second, so
-- that a family in trouble delays no other. Every figure is read under the locks.
-- Its statements are planned once, by index: PostgreSQL would think about them for longer than it takes to run them, and
-- what it plans while tables are empty must still be good when they are full.
CREATE FUNCTION submit_family_plans(
  p_territories uuid[], p_accounts uuid[], p_family_plans uuid[], p_versions text[], p_expected_shares numeric[],
  p_keys text[], p_request_hashes bytea[], p_wait boolean
) RETURNS TABLE (family_plan_id uuid, outcome text, refused_line smallint, rule text, body text)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_plans    uuid[];
  v_vouchers uuid[];
  v_sessions uuid[];
  v_now      timestamptz;
BEGIN
  IF p_wait THEN
    PERFORM FROM family_plans p WHERE p.id = ANY (p_family_plans) AND p.territory_id = ANY (p_territories) FOR NO KEY UPDATE;
  ELSE
    PERFORM set_config('lock_timeout', '100', true);
  END IF;
  v_plans := ARRAY(
    SELECT p.id FROM unnest(p_family_plans, p_territories, p_accounts) a (id, territory_id, account_id)
      JOIN family_plans p ON p.id = a.id AND p.territory_id = a.territory_id
      JOIN workers w ON w.id = p.worker_id AND w.account_id = a.account_id
       FOR NO KEY UPDATE OF p SKIP LOCKED);
  SELECT array_agg(DISTINCT i.voucher_id) FILTER (WHERE i.voucher_id IS NOT NULL),
         array_agg(DISTINCT i.service_session_id) FILTER (WHERE i.service_session_id IS NOT NULL)
    INTO v_vouchers, v_sessions FROM family_plan_items i WHERE i.family_plan_id = ANY (v_plans);
  IF p_wait THEN
    PERFORM ledger_lock(p_territories[1], v.id) FROM unnest(v_vouchers) v (id);
    PERFORM pg_advisory_xact_lock(session_lock(s.id)) FROM unnest(v_sessions) s (id);
  END IF;
  v_vouchers := ledger_lock_free(v_vouchers);
  v_sessions := ARRAY(SELECT s.id FROM unnest(v_sessions) s (id) WHERE pg_try_advisory_xact_lock(session_lock(s.id)));
  v_now := clock_timestamp();

  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT p.id AS family_plan_id, p.territory_id, p.store_id, p.version, p.created_at, a.account_id, a.expected_share, a.key,
           a.request_hash, k.response_body,
           CASE WHEN k.operation = 'submit_family_plan' AND k.request_hash = a.request_hash THEN 'replayed'
                WHEN k.key IS NOT NULL THEN 'key_reused'
                WHEN p.state <> 'draft' THEN 'not_draft'
                WHEN p.version <> ALL (a.versions::bigint[]) THEN 'stale' END AS outcome
      FROM unnest(p_family_plans, p_accounts, p_versions, p_expected_shares, p_keys, p_request_hashes)
             a (family_plan_id, account_id, versions, expected_share, key, request_hash)
      JOIN family_plans p ON p.id = a.family_plan_id
      LEFT JOIN idempotency_keys k ON k.subject_id = a.account_id AND k.key = a.key
     WHERE p.id = ANY (v_plans)
  ), quotes AS MATERIALIZED (
    SELECT * FROM family_plan_quotes WHERE family_plan_id = ANY (v_plans)
  ), quoted AS (
    SELECT q.*, a.territory_id, a.store_id, a.account_id,
           coalesce(q.rule, CASE WHEN a.expected_share IS NULL THEN q.drift
                                 WHEN sum(q.family_share) OVER (PARTITION BY q.family_plan_id ORDER BY q.line) > a.expected_share
                                   THEN 'share_above_expected' END) AS refusal,
           first_value(q.family_plan_id) OVER (PARTITION BY q.voucher_id ORDER BY q.family_plan_id) AS voucher_goes_to,
           row_number() OVER (PARTITION BY q.service_session_id ORDER BY q.family_plan_id, q.line) AS place_among_all
      FROM asked a JOIN quotes q ON q.family_plan_id = a.family_plan_id
     WHERE a.outcome IS NULL
  ), judged AS (
    SELECT *, bool_or(refusal IS NOT NULL) OVER plan AS refused,
           bool_or((voucher_id IS NOT NULL AND (voucher_id <> ALL (v_vouchers) OR voucher_goes_to <> family_plan_id))
                   OR (service_session_id IS NOT NULL AND (service_session_id <> ALL (v_sessions)
                       OR place_among_all > place AND place_among_all > places_left))) OVER plan AS contended
      FROM quoted WINDOW plan AS (PARTITION BY family_plan_id)
  ), lines AS MATERIALIZED (
    SELECT *, uuid_v7() AS order_id FROM judged WHERE NOT refused AND NOT contended
  ), taken AS (
    UPDATE service_sessions s SET places_taken = s.places_taken + t.places
      FROM (SELECT service_session_id AS id, count(*)::integer AS places FROM lines GROUP BY service_session_id) t
     WHERE s.id = t.id
  ), placed AS (
    INSERT INTO orders (id, territory_id, store_id, family_plan_id, line, provider_id, worker_id, household_member_id, child_age,
                        service_id, service_session_id, voucher_id, quantity, unit_price, total, covered, family_share,
                        state, note_sealed, due_at, service_title_it, service_title_en, provider_name, starts_at, ends_at)
    SELECT order_id, territory_id, store_id, family_plan_id, line, provider_id, worker_id, household_member_id, child_age,
           service_id, service_session_id, voucher_id, quantity, unit_price, total, covered, family_share,
           'requested', note_sealed, least(now() + make_interval(days => answer_days), starts_at),
           service_title_it, service_title_en, provider_name, starts_at, ends_at
      FROM lines
  ), held AS (
    INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, debit_account,
                                amount, actor_id, actor_role, reason)
    SELECT l.territory_id, b.voucher_call_id, l.voucher_id, l.order_id, 'hold', 'available', 'held',
           l.covered, l.account_id, 'worker', 'order placed'
      FROM lines l JOIN voucher_balances b ON b.voucher_id = l.voucher_id WHERE l.covered > 0
  ), recorded AS (
    INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, to_state, actor_id, actor_role)
    SELECT uuid_v7(), territory_id, 'order', order_id, 'requested', account_id, 'worker' FROM lines
  ), announced AS (
    INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
    SELECT uuid_v7(), territory_id, 'order.requested', order_id,
           jsonb_build_object('store_id', store_id, 'provider_id', provider_id, 'family_plan_id', family_plan_id)
      FROM lines
  ), written AS MATERIALIZED (
    SELECT family_plan_id, json_agg(json_build_object(
             'line', line, 'provider_id', provider_id, 'service_id', service_id, 'service_session_id', service_session_id,
             'household_member_id', household_member_id, 'voucher_id', voucher_id, 'quantity', quantity,
             'note_sealed', replace(encode(note_sealed, 'base64'), E'\n', ''), 'unit_price', unit_price::text, 'covered', covered::text,
             'available', left_over::text, 'order_id', order_id) ORDER BY line) AS lines
      FROM lines GROUP BY family_plan_id
  ), answers AS MATERIALIZED (
    SELECT a.family_plan_id, a.account_id, a.key, a.request_hash,
           json_build_object('id', a.family_plan_id, 'store_id', a.store_id, 'version', a.version + 1, 'created_at', a.created_at,
                             'submitted_at', v_now, 'lines', w.lines)::text AS body
      FROM asked a JOIN written w ON w.family_plan_id = a.family_plan_id
  ), remembered AS (
    INSERT INTO idempotency_keys (subject_id, key, operation, request_hash, response_status, response_body)
    SELECT account_id, key, 'submit_family_plan', request_hash, 200, body FROM answers WHERE key IS NOT NULL
  ), submitted AS (
    UPDATE family_plans p SET state = 'submitted', submitted_at = v_now, version = p.version + 1
      FROM answers a WHERE p.id = a.family_plan_id
  )
  SELECT a.family_plan_id, 'done', NULL::smallint, NULL, a.body FROM answers a
  UNION ALL
  (SELECT DISTINCT ON (j.family_plan_id) j.family_plan_id, 'refused', j.line, j.refusal, NULL
     FROM judged j WHERE NOT j.contended AND j.refusal IS NOT NULL ORDER BY j.family_plan_id, j.line)
  UNION ALL
  SELECT a.family_plan_id, a.outcome, NULL, NULL, a.response_body FROM asked a WHERE a.outcome IS NOT NULL;
END $$;
