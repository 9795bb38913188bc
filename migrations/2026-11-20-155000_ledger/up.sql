-- Vouchers and the ledger that holds their money.
CREATE TABLE vouchers (
  id                  uuid PRIMARY KEY,
  territory_id        uuid NOT NULL,
  voucher_call_id     uuid NOT NULL,
  ranking_id          uuid NOT NULL,
  application_line_id uuid NOT NULL UNIQUE,
  worker_id           uuid NOT NULL,
  household_member_id uuid NOT NULL,
  lead_organisation_id uuid NOT NULL,
  project_id          uuid NOT NULL,
  spendable_categories text[],
  state               text NOT NULL CHECK (state IN ('active','expired','revoked')),
  value               numeric(14,2) NOT NULL CHECK (value > 0),
  spend_by            date NOT NULL,
  created_at          timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, voucher_call_id, id),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id),
  FOREIGN KEY (territory_id, ranking_id) REFERENCES rankings (territory_id, id),
  FOREIGN KEY (territory_id, application_line_id) REFERENCES application_lines (territory_id, id),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id),
  FOREIGN KEY (territory_id, household_member_id) REFERENCES household_members (territory_id, id),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
COMMENT ON COLUMN vouchers.spendable_categories IS 'codes of service categories, frozen from the call; null: all of the project''s store';
COMMENT ON COLUMN vouchers.spend_by IS 'last day of use; the day after, what is left returns to the call';
CREATE INDEX vouchers_of_worker ON vouchers (worker_id, id);
CREATE INDEX vouchers_of_lead ON vouchers (lead_organisation_id, id);
CREATE INDEX vouchers_active ON vouchers (spend_by) WHERE state = 'active';

-- Running balances: the accounts of each call and of each voucher, moved only by the entries' trigger.
-- Their checks are the last word on overspending.
CREATE TABLE call_balances (
  voucher_call_id      uuid PRIMARY KEY,
  territory_id         uuid NOT NULL,
  lead_organisation_id uuid NOT NULL,
  funding              numeric(14,2) NOT NULL DEFAULT 0 CHECK (funding <= 0),
  budget               numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT call_balances_budget_not_negative CHECK (budget >= 0),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id)
) WITH (fillfactor = 50);
COMMENT ON COLUMN call_balances.lead_organisation_id IS 'whose money it is: who may read the call''s statement';
COMMENT ON COLUMN call_balances.funding IS 'the outside world: minus what has been funded';
COMMENT ON COLUMN call_balances.budget IS 'funded and not awarded';

CREATE TABLE voucher_balances (
  voucher_id      uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  voucher_call_id uuid NOT NULL,
  available       numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_available_not_negative CHECK (available >= 0),
  held            numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_held_not_negative CHECK (held >= 0),
  spent           numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_spent_not_negative CHECK (spent >= 0),
  paid            numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_paid_not_negative CHECK (paid >= 0),
  UNIQUE (territory_id, voucher_call_id, voucher_id),
  FOREIGN KEY (territory_id, voucher_call_id, voucher_id) REFERENCES vouchers (territory_id, voucher_call_id, id)
) WITH (fillfactor = 70);

-- Double entry: every entry moves one amount from the account it credits to the account it debits,
-- so an unbalanced entry cannot be written. Call accounts: `funding` (outside money), `budget` (not awarded).
-- Voucher accounts: `available`, `held`, `spent`, `paid`. The database gives the ids, while the balance row
-- is locked: the order of ids is the order of the moves.
CREATE TABLE ledger_entries (
  id              uuid PRIMARY KEY DEFAULT uuid_v7(),
  territory_id    uuid NOT NULL,
  voucher_call_id uuid NOT NULL,
  voucher_id      uuid,
  order_id        uuid,
  kind            text NOT NULL,
  credit_account  text NOT NULL,
  debit_account   text NOT NULL,
  amount          numeric(14,2) NOT NULL CHECK (amount > 0),
  actor_id        uuid,
  actor_role      text NOT NULL,
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  occurred_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ledger_entries_kind CHECK ((kind, credit_account, debit_account) IN (
    ('fund',    'funding',   'budget'),
    ('award',   'budget',    'available'),
    ('hold',    'available', 'held'),
    ('release', 'held',      'available'),
    ('spend',   'held',      'spent'),
    ('pay',     'spent',     'paid'),
    ('return',  'available', 'budget'))),
  CONSTRAINT ledger_entries_voucher CHECK ((kind = 'fund') = (voucher_id IS NULL)),
  CONSTRAINT ledger_entries_order CHECK ((kind IN ('hold','release','spend','pay')) = (order_id IS NOT NULL)),
  FOREIGN KEY (territory_id, voucher_call_id, voucher_id) REFERENCES voucher_balances (territory_id, voucher_call_id, voucher_id)
);
COMMENT ON COLUMN ledger_entries.actor_id IS 'account or API client; null when the system acts by itself';
CREATE INDEX ledger_entries_of_voucher ON ledger_entries (voucher_id, id) WHERE voucher_id IS NOT NULL;
CREATE INDEX ledger_entries_of_order ON ledger_entries (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ledger_entries_of_call ON ledger_entries (voucher_call_id, kind, amount) WHERE kind IN ('fund','award','return');

-- What an order holds, or owes its provider, is its own: no order may use up another's.
CREATE FUNCTION check_order_path(entry ledger_entries) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  left_over numeric;
BEGIN
  SELECT coalesce(sum(CASE WHEN e.debit_account = entry.credit_account THEN e.amount
                           WHEN e.credit_account = entry.credit_account THEN -e.amount END), 0)
    INTO left_over FROM ledger_entries e
   WHERE e.order_id = entry.order_id AND e.voucher_id = entry.voucher_id;
  IF left_over < 0 THEN
    RAISE EXCEPTION 'order % does not have % in %', entry.order_id, entry.amount, entry.credit_account
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_order_not_negative', TABLE = 'ledger_entries';
  END IF;
END $$;

CREATE FUNCTION apply_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  to_budget numeric := CASE NEW.kind WHEN 'fund' THEN NEW.amount WHEN 'return' THEN NEW.amount WHEN 'award' THEN -NEW.amount END;
BEGIN
  CASE NEW.kind
    WHEN 'hold' THEN
      UPDATE voucher_balances SET available = available - NEW.amount, held = held + NEW.amount WHERE voucher_id = NEW.voucher_id;
    WHEN 'release' THEN
      UPDATE voucher_balances SET held = held - NEW.amount, available = available + NEW.amount WHERE voucher_id = NEW.voucher_id;
    WHEN 'spend' THEN
      UPDATE voucher_balances SET held = held - NEW.amount, spent = spent + NEW.amount WHERE voucher_id = NEW.voucher_id;
    WHEN 'pay' THEN
      UPDATE voucher_balances SET spent = spent - NEW.amount, paid = paid + NEW.amount WHERE voucher_id = NEW.voucher_id;
    WHEN 'award' THEN
      UPDATE voucher_balances SET available = available + NEW.amount WHERE voucher_id = NEW.voucher_id;
    WHEN 'return' THEN
      UPDATE voucher_balances SET available = available - NEW.amount WHERE voucher_id = NEW.voucher_id;
    WHEN 'fund' THEN
      NULL;
  END CASE;
  IF to_budget IS NOT NULL THEN
    UPDATE call_balances SET
      budget  = budget + to_budget,
      funding = funding - CASE NEW.kind WHEN 'fund' THEN NEW.amount ELSE 0 END
    WHERE voucher_call_id = NEW.voucher_call_id AND territory_id = NEW.territory_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'call % has no balance row', NEW.voucher_call_id USING ERRCODE = 'foreign_key_violation';
    END IF;
  ELSIF NEW.kind <> 'hold' THEN
    PERFORM check_order_path(NEW);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_apply AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION apply_ledger_entry();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The moves of an order, for callers inside the database and out of it. Each locks the voucher's balance row first
-- (a no-op when the caller has locked it), writes its entry and lets the trigger move the balances.
-- Errors: check_violation on a constraint named *_not_negative when the money is not there;
-- no_data_found when the territory has no such voucher.

-- Locks a voucher's money until the end of the transaction and tells what is available; null when the territory has
-- no such voucher. Several vouchers are locked in the order of their ids; after the plan or the orders that name them,
-- before sessions.
CREATE FUNCTION ledger_lock(p_territory uuid, p_voucher uuid) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_available numeric;
BEGIN
  SELECT available INTO v_available FROM voucher_balances
   WHERE voucher_id = p_voucher AND territory_id = p_territory FOR NO KEY UPDATE;
  RETURN v_available;
END $$;

-- Reserves money for an order that is placed.
CREATE FUNCTION ledger_hold(p_territory uuid, p_voucher uuid, p_order uuid, p_amount numeric,
                            p_actor uuid, p_role text, p_reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, debit_account,
                              amount, actor_id, actor_role, reason)
  SELECT territory_id, voucher_call_id, voucher_id, p_order, 'hold', 'available', 'held', p_amount, p_actor, p_role, p_reason
    FROM voucher_balances WHERE voucher_id = p_voucher AND territory_id = p_territory FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no voucher %', p_voucher USING ERRCODE = 'no_data_found'; END IF;
END $$;

-- Turns held money into money owed to the provider, once the family has accepted.
CREATE FUNCTION ledger_spend(p_territory uuid, p_voucher uuid, p_order uuid, p_amount numeric,
                             p_actor uuid, p_role text, p_reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, debit_account,
                              amount, actor_id, actor_role, reason)
  SELECT territory_id, voucher_call_id, voucher_id, p_order, 'spend', 'held', 'spent', p_amount, p_actor, p_role, p_reason
    FROM voucher_balances WHERE voucher_id = p_voucher AND territory_id = p_territory FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no voucher %', p_voucher USING ERRCODE = 'no_data_found'; END IF;
END $$;

-- Frees held money when an order is rejected, lapses or is cancelled; if the voucher has ended meanwhile, the money
-- goes on to the call in the same breath.
CREATE FUNCTION ledger_release(p_territory uuid, p_voucher uuid, p_order uuid, p_amount numeric,
                               p_actor uuid, p_role text, p_reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, debit_account,
                              amount, actor_id, actor_role, reason)
  SELECT territory_id, voucher_call_id, voucher_id, p_order, 'release', 'held', 'available', p_amount, p_actor, p_role, p_reason
    FROM voucher_balances WHERE voucher_id = p_voucher AND territory_id = p_territory FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no voucher %', p_voucher USING ERRCODE = 'no_data_found'; END IF;
  INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, kind, credit_account, debit_account,
                              amount, actor_role, reason)
  SELECT territory_id, voucher_call_id, id, 'return', 'available', 'budget', p_amount, 'system', 'released after the voucher ended'
    FROM vouchers WHERE id = p_voucher AND territory_id = p_territory AND state <> 'active';
END $$;
