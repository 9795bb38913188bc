\set k :k + 1
\set n :first + :client_id * 1000 + :k
SELECT * FROM measured_plans WHERE n = :n \gset
BEGIN;
SELECT available FROM voucher_balances WHERE voucher_id = :voucher_id FOR UPDATE;
UPDATE service_sessions SET places_taken = places_taken + 1 WHERE id = :session_id AND places_taken < capacity;
INSERT INTO orders (id, territory_id, store_id, family_plan_id, line, provider_id, worker_id, household_member_id, child_age, service_id, service_session_id, voucher_id, quantity, unit_price, total, covered, family_share, state, service_title_it, service_title_en, provider_name, starts_at, ends_at) VALUES (:order_id, :territory_id, :store_id, :plan_id, 1, :provider_id, :worker_id, :household_member_id, 6, :service_id, :session_id, :voucher_id, 1, :price, :price, :price, 0, 'requested', :title_it, :title_en, :provider_name, now(), now());
INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, debit_account, amount, actor_id, actor_role, reason) VALUES (:territory_id, :voucher_call_id, :voucher_id, :order_id, 'hold', 'available', 'held', :price, :account_id, 'worker', 'order placed');
INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) VALUES (uuid_v7(), :territory_id, 'order.requested', :order_id, jsonb_build_object('family_plan_id', :plan_id::uuid));
UPDATE family_plans SET state = 'submitted', submitted_at = now(), version = version + 1 WHERE id = :plan_id;
COMMIT;
