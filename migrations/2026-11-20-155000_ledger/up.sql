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
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id),
  FOREIGN KEY (territory_id, ranking_id) REFERENCES rankings (territory_id, id),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id),
  FOREIGN KEY (territory_id, household_member_id) REFERENCES household_members (territory_id, id)
);
COMMENT ON COLUMN vouchers.spendable_categories IS 'codes of service categories, frozen from the call; null: all of the project''s store';
CREATE INDEX vouchers_of_worker ON vouchers (worker_id, id);
CREATE INDEX vouchers_of_call ON vouchers (voucher_call_id, id);

-- Double entry: every entry moves one amount from the account it credits to the account it debits,
-- so an unbalanced entry cannot be written. Call accounts: `funding` (outside money), `budget` (not awarded).
-- Voucher accounts: `available`, `held`, `spent`, `paid`.
CREATE TABLE ledger_entries (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  voucher_call_id uuid NOT NULL,
  voucher_id      uuid,
  order_id        uuid,
  kind            text NOT NULL,
  credit_account  text NOT NULL,
  debit_account   text NOT NULL,
  amount          numeric(14,2) NOT NULL CHECK (amount > 0),
  actor_id        uuid,
  reason          text NOT NULL,
  occurred_at     timestamptz NOT NULL DEFAULT now(),
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
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id),
  FOREIGN KEY (territory_id, voucher_id) REFERENCES vouchers (territory_id, id)
);
CREATE INDEX ledger_entries_voucher_history ON ledger_entries (voucher_id, id) WHERE voucher_id IS NOT NULL;
CREATE INDEX ledger_entries_call_history ON ledger_entries (voucher_call_id, id);

-- Running balances, moved only by the trigger below; the checks are the last word on overspending.
CREATE TABLE call_balances (
  voucher_call_id uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  funding         numeric(14,2) NOT NULL DEFAULT 0 CHECK (funding <= 0),
  budget          numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT call_balances_budget_not_negative CHECK (budget >= 0),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id)
);
CREATE TABLE voucher_balances (
  voucher_id   uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  available    numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_available_not_negative CHECK (available >= 0),
  held         numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_held_not_negative CHECK (held >= 0),
  spent        numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT voucher_balances_spent_not_negative CHECK (spent >= 0),
  paid         numeric(14,2) NOT NULL DEFAULT 0 CHECK (paid >= 0),
  FOREIGN KEY (territory_id, voucher_id) REFERENCES vouchers (territory_id, id)
) WITH (fillfactor = 70);

CREATE FUNCTION apply_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credit_account = 'funding' OR NEW.credit_account = 'budget' OR NEW.debit_account = 'budget' THEN
    UPDATE call_balances SET
      funding = funding - CASE WHEN NEW.credit_account = 'funding' THEN NEW.amount ELSE 0 END,
      budget  = budget  - CASE WHEN NEW.credit_account = 'budget' THEN NEW.amount ELSE 0 END
                        + CASE WHEN NEW.debit_account = 'budget' THEN NEW.amount ELSE 0 END
    WHERE voucher_call_id = NEW.voucher_call_id;
    IF NOT FOUND THEN RAISE EXCEPTION 'no balance row for call %', NEW.voucher_call_id; END IF;
  END IF;
  IF NEW.voucher_id IS NOT NULL THEN
    UPDATE voucher_balances SET
      available = available + CASE WHEN NEW.debit_account = 'available' THEN NEW.amount WHEN NEW.credit_account = 'available' THEN -NEW.amount ELSE 0 END,
      held      = held      + CASE WHEN NEW.debit_account = 'held'      THEN NEW.amount WHEN NEW.credit_account = 'held'      THEN -NEW.amount ELSE 0 END,
      spent     = spent     + CASE WHEN NEW.debit_account = 'spent'     THEN NEW.amount WHEN NEW.credit_account = 'spent'     THEN -NEW.amount ELSE 0 END,
      paid      = paid      + CASE WHEN NEW.debit_account = 'paid'      THEN NEW.amount ELSE 0 END
    WHERE voucher_id = NEW.voucher_id;
    IF NOT FOUND THEN RAISE EXCEPTION 'no balance row for voucher %', NEW.voucher_id; END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_apply AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION apply_ledger_entry();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
