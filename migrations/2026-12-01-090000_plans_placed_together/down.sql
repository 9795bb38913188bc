DROP FUNCTION submit_family_plans, ledger_lock_free;
