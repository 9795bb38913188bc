DROP FUNCTION write_family_plan_items;
DROP VIEW family_plan_lines, family_plan_quotes, family_plan_checks;
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_territory_id_order_id_fkey;
DROP TABLE orders, family_plan_items, family_plans;
DROP DOMAIN order_state;
