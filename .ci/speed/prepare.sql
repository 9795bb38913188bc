-- Drafts of plans of one item each, each with a voucher of its own, spread over many sessions of one service: copies of a
-- voucher of the demo. Triggers and foreign keys are off while they are written.
SET session_replication_role = replica;
CREATE TEMP TABLE voucher AS
  SELECT v.*, w.account_id FROM vouchers v JOIN workers w ON w.id = v.worker_id JOIN accounts a ON a.id = w.account_id
   WHERE a.email = :'email' AND v.state = 'active' AND v.spendable_categories IS NULL LIMIT 1;
CREATE TEMP TABLE service AS
  SELECT s.*, p.name AS provider_name
    FROM services s JOIN stores st ON st.id = s.store_id JOIN voucher v ON v.project_id = st.project_id
    JOIN store_providers sp ON sp.store_id = s.store_id AND sp.organisation_id = s.provider_id AND sp.revoked_at IS NULL
    JOIN organisations p ON p.id = s.provider_id
   WHERE s.state = 'published' AND s.minimum_age <= 4 AND s.maximum_age >= 8 AND s.price <= 300 LIMIT 1;
CREATE TEMP TABLE session AS SELECT n, uuid_v7() AS id FROM generate_series(1, 5000) n;
INSERT INTO service_sessions (id, territory_id, service_id, starts_at, ends_at, capacity)
  SELECT session.id, service.territory_id, service.id, now() + interval '30 days', now() + interval '30 days 2 hours', 1000 FROM session, service;
CREATE TABLE measured_plans AS
  SELECT g.n, uuid_v7() AS plan_id, uuid_v7() AS voucher_id, uuid_v7() AS order_id, session.id AS session_id, v.account_id, v.territory_id,
         v.worker_id, v.household_member_id, v.voucher_call_id, s.id AS service_id, s.provider_id, s.store_id, s.price,
         s.title_it, s.title_en, s.provider_name
    FROM generate_series(1, :plans) g (n) JOIN session ON session.n = 1 + g.n % 5000, voucher v, service s;
ALTER TABLE measured_plans ADD PRIMARY KEY (n);
INSERT INTO vouchers
  SELECT p.voucher_id, v.territory_id, v.voucher_call_id, v.ranking_id, uuid_v7(), v.worker_id, v.household_member_id,
         v.lead_organisation_id, v.project_id, v.spendable_categories, v.state, v.value, v.spend_by, v.created_at
    FROM measured_plans p, voucher v;
INSERT INTO voucher_balances (voucher_id, territory_id, voucher_call_id, available)
  SELECT voucher_id, territory_id, voucher_call_id, 300 FROM measured_plans;
INSERT INTO family_plans (id, territory_id, worker_id, store_id, state)
  SELECT plan_id, territory_id, worker_id, store_id, 'draft' FROM measured_plans;
INSERT INTO family_plan_items (family_plan_id, line, territory_id, service_id, service_session_id, household_member_id, child_age,
                               voucher_id, quantity, previewed_price, previewed_covered)
  SELECT plan_id, 1, territory_id, service_id, session_id, household_member_id, 6, voucher_id, 1, price, price FROM measured_plans;
VACUUM ANALYZE;
