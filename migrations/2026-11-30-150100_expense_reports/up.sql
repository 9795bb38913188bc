-- Expense reports of funded projects, and what the portal spent on their vouchers.

CREATE TABLE expense_reports (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  number       smallint NOT NULL CHECK (number BETWEEN 1 AND 999),
  period_from  date NOT NULL,
  period_to    date NOT NULL,
  state        text NOT NULL CHECK (state IN ('draft','submitted','validated')),
  created_by   uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  submitted_by uuid,
  submitted_at timestamptz,
  validated_by uuid,
  validated_at timestamptz,
  version      bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, project_id, id),
  UNIQUE (project_id, number),
  CHECK (period_to >= period_from),
  CONSTRAINT expense_reports_four_eyes CHECK (validated_by <> submitted_by),
  CHECK ((submitted_by IS NULL) = (submitted_at IS NULL)),
  CHECK ((state = 'draft') = (submitted_by IS NULL)),
  CHECK ((state = 'validated') = (validated_by IS NOT NULL)),
  CHECK ((validated_by IS NULL) = (validated_at IS NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
CREATE INDEX expense_reports_of_territory ON expense_reports (territory_id, id);

CREATE TABLE expenses (
  id                uuid PRIMARY KEY,
  territory_id      uuid NOT NULL,
  project_id        uuid NOT NULL,
  expense_report_id uuid NOT NULL,
  organisation_id   uuid NOT NULL,
  cost_item         text NOT NULL CHECK (cost_item IN ('staff','coordination','goods','services','vouchers','general')),
  source            text NOT NULL CHECK (source IN ('grant','monetary','in_kind')),
  description       text NOT NULL CHECK (length(description) BETWEEN 1 AND 500),
  incurred_on       date NOT NULL,
  amount            numeric(14,2) NOT NULL CHECK (amount > 0),
  hours             numeric(7,2) CHECK (hours > 0),
  hourly_rate       numeric(14,2) CHECK (hourly_rate > 0),
  document_type     text CHECK (document_type IN ('invoice','receipt','payslip','timesheet','contract','other')),
  document_number   text CHECK (length(document_number) BETWEEN 1 AND 100),
  document_issuer   text CHECK (length(document_issuer) BETWEEN 1 AND 300),
  document_date     date,
  attachment_sha256 bytea CHECK (length(attachment_sha256) = 32),
  voucher_call_id   uuid,
  decision          text CHECK (decision IN ('accepted','reduced','refused')),
  accepted          numeric(14,2),
  decision_reason   text CHECK (length(decision_reason) BETWEEN 1 AND 1000),
  decided_by        uuid,
  decided_at        timestamptz,
  created_by        uuid,
  created_at        timestamptz NOT NULL DEFAULT now(),
  version           bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CONSTRAINT expenses_in_kind CHECK ((source = 'in_kind') = (hours IS NOT NULL) AND (hours IS NULL) = (hourly_rate IS NULL)),
  CONSTRAINT expenses_in_kind_is_work CHECK (source <> 'in_kind' OR cost_item IN ('staff','coordination')),
  CONSTRAINT expenses_hours_worth CHECK (hours IS NULL OR amount = round(hours * hourly_rate, 2)),
  CONSTRAINT expenses_document CHECK ((voucher_call_id IS NULL) = (document_type IS NOT NULL)
    AND (document_type IS NULL) = (document_number IS NULL) AND (document_type IS NULL) = (document_issuer IS NULL)
    AND (document_type IS NULL) = (document_date IS NULL) AND (document_type IS NOT NULL OR attachment_sha256 IS NULL)),
  CONSTRAINT expenses_by_the_portal CHECK ((voucher_call_id IS NULL) = (created_by IS NOT NULL)
    AND (voucher_call_id IS NULL OR (cost_item = 'vouchers' AND source IN ('grant','monetary')))),
  CONSTRAINT expenses_decided CHECK ((decision IS NULL) = (accepted IS NULL) AND (decision IS NULL) = (decided_by IS NULL)
    AND (decided_by IS NULL) = (decided_at IS NULL)
    AND coalesce(decision IN ('reduced','refused'), false) = (decision_reason IS NOT NULL)),
  CONSTRAINT expenses_accepted CHECK (CASE decision WHEN 'accepted' THEN accepted = amount
    WHEN 'reduced' THEN accepted > 0 AND accepted < amount WHEN 'refused' THEN accepted = 0 ELSE accepted IS NULL END),
  FOREIGN KEY (territory_id, project_id, expense_report_id) REFERENCES expense_reports (territory_id, project_id, id),
  FOREIGN KEY (project_id, organisation_id) REFERENCES project_partners (project_id, organisation_id),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id)
);
COMMENT ON COLUMN expenses.voucher_call_id IS 'set on the lines that the system makes of what a voucher call spent; nobody types those in';
COMMENT ON COLUMN expenses.description IS 'what was bought or done; not who';
CREATE INDEX expenses_of_report ON expenses (expense_report_id, id);
CREATE INDEX expenses_of_project ON expenses (project_id, id);
-- A document pays once, in whichever report of whichever project of the territory; one that was refused may be shown again.
CREATE UNIQUE INDEX expenses_one_document ON expenses
  (territory_id, lower(regexp_replace(document_issuer, '[^[:alnum:]]+', '', 'g')), upper(regexp_replace(document_number, '\s+', '', 'g')), document_date)
  WHERE document_type IS NOT NULL AND decision IS DISTINCT FROM 'refused';
CREATE UNIQUE INDEX expenses_one_attachment ON expenses (territory_id, attachment_sha256)
  WHERE attachment_sha256 IS NOT NULL AND decision IS DISTINCT FROM 'refused';
CREATE UNIQUE INDEX expenses_one_line_per_call ON expenses (expense_report_id, voucher_call_id, source) WHERE voucher_call_id IS NOT NULL;

-- What reports that are not validated yet claim of a cost item: what was accepted of it, or asked where nothing is decided.
CREATE FUNCTION cost_item_claimed(p_project uuid, p_item text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(coalesce(e.accepted, e.amount)), 0) FROM expenses e
    JOIN expense_reports r ON r.id = e.expense_report_id AND r.state = 'submitted'
   WHERE e.project_id = p_project AND e.cost_item = p_item
$$;

-- Files of expenses: payslips and receipts are personal data, so they are sealed.
CREATE TABLE expense_attachments (
  expense_id   uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  size         integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
  sealed       bytea NOT NULL,
  uploaded_by  uuid NOT NULL,
  uploaded_at  timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (territory_id, expense_id) REFERENCES expenses (territory_id, id) ON DELETE CASCADE
);
ALTER TABLE expense_attachments ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- While a report is a draft its expenses are written; once submitted they are only decided; once validated they stay.
CREATE FUNCTION guard_expense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_report uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.expense_report_id ELSE NEW.expense_report_id END;
  v_state  text;
BEGIN
  SELECT state INTO v_state FROM expense_reports WHERE id = v_report FOR SHARE;
  IF v_state = 'draft' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF v_state = 'submitted' AND TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) - ARRAY['decision','accepted','decision_reason','decided_by','decided_at','version']
       = to_jsonb(NEW) - ARRAY['decision','accepted','decision_reason','decided_by','decided_at','version'] THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'expenses of a % report cannot be changed', v_state
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'expenses_frozen', TABLE = 'expenses';
END $$;
CREATE TRIGGER expenses_guard BEFORE INSERT OR UPDATE OR DELETE ON expenses FOR EACH ROW EXECUTE FUNCTION guard_expense();

-- A report counts once every expense is decided; its accepted amounts use up the cost items.
CREATE FUNCTION guard_expense_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.state = 'draft' THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state = 'validated'
     OR (OLD.id, OLD.territory_id, OLD.project_id, OLD.number) IS DISTINCT FROM (NEW.id, NEW.territory_id, NEW.project_id, NEW.number) THEN
    RAISE EXCEPTION 'expense report % cannot be changed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state = 'validated' THEN
    IF EXISTS (SELECT FROM expenses WHERE expense_report_id = NEW.id AND decision IS NULL) THEN
      RAISE EXCEPTION 'expense report % has undecided expenses', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'expense_reports_decided', TABLE = 'expense_reports';
    END IF;
    UPDATE grant_cost_items i SET validated = i.validated + s.accepted
      FROM (SELECT cost_item, sum(accepted) AS accepted FROM expenses WHERE expense_report_id = NEW.id GROUP BY cost_item) s
     WHERE i.project_id = NEW.project_id AND i.item = s.cost_item;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER expense_reports_guard BEFORE UPDATE OR DELETE ON expense_reports
  FOR EACH ROW EXECUTE FUNCTION guard_expense_report();

-- What the portal spent on vouchers of a project, entry by entry of the ledger.
CREATE VIEW project_voucher_spendings AS
SELECT e.id AS ledger_entry_id, c.territory_id, c.project_id, c.id AS voucher_call_id, c.edition, e.voucher_id, e.order_id, e.amount,
       e.occurred_at
  FROM voucher_calls c
  JOIN voucher_balances b ON b.territory_id = c.territory_id AND b.voucher_call_id = c.id
  JOIN ledger_entries e ON e.voucher_id = b.voucher_id AND e.kind = 'spend';

-- What a project's voucher calls hand out: what each was funded with, less what has come back to it after its spend-by day.
CREATE FUNCTION vouchers_promised(p_territory uuid, p_project uuid) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(-b.funding - CASE WHEN c.spend_by < italian_day(now()) THEN b.budget ELSE 0 END), 0)
    FROM voucher_calls c JOIN call_balances b ON b.voucher_call_id = c.id
   WHERE c.territory_id = p_territory AND c.project_id = p_project
$$;

-- What item D of a project in force leaves to further voucher calls; null without an executive budget. Holds the item.
CREATE FUNCTION vouchers_left(p_territory uuid, p_project uuid) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_budget numeric;
BEGIN
  SELECT i.budget INTO v_budget FROM grant_cost_items i
   WHERE i.territory_id = p_territory AND i.project_id = p_project AND i.item = 'vouchers' FOR NO KEY UPDATE;
  RETURN v_budget - vouchers_promised(p_territory, p_project);
END $$;

-- No euro of item D is promised to two calls.
CREATE FUNCTION check_vouchers_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT vouchers_left(c.territory_id, c.project_id) FROM voucher_calls c WHERE c.id = NEW.voucher_call_id) < 0 THEN
    RAISE EXCEPTION 'voucher call % is funded beyond cost item D', NEW.voucher_call_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'call_balances_within_cost_item', TABLE = 'call_balances';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER call_balances_funded AFTER UPDATE OF funding ON call_balances
  FOR EACH ROW WHEN (NEW.funding < OLD.funding) EXECUTE FUNCTION check_vouchers_promised();

-- Whether item D of a project is filled by the portal: then nobody types expenses in on it.
CREATE FUNCTION is_filled_by_portal(p_territory uuid, p_project uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM voucher_calls WHERE territory_id = p_territory AND project_id = p_project AND state <> 'draft')
$$;

-- An entry of the ledger enters one report only, whole.
CREATE TABLE reported_spendings (
  ledger_entry_id   uuid PRIMARY KEY REFERENCES ledger_entries (id),
  territory_id      uuid NOT NULL,
  project_id        uuid NOT NULL,
  expense_report_id uuid NOT NULL,
  voucher_call_id   uuid NOT NULL,
  order_id          uuid NOT NULL,
  amount            numeric(14,2) NOT NULL CHECK (amount > 0),
  FOREIGN KEY (territory_id, project_id, expense_report_id) REFERENCES expense_reports (territory_id, project_id, id),
  FOREIGN KEY (territory_id, order_id) REFERENCES orders (territory_id, id)
);
CREATE INDEX reported_spendings_of_report ON reported_spendings (expense_report_id, voucher_call_id);
CREATE INDEX reported_spendings_of_project ON reported_spendings (project_id);
CREATE FUNCTION guard_reported_spending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR (SELECT state FROM expense_reports WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.expense_report_id ELSE NEW.expense_report_id END) <> 'draft' THEN
    RAISE EXCEPTION 'reported spendings of a report that is no draft cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reported_spendings_guard BEFORE INSERT OR UPDATE OR DELETE ON reported_spendings
  FOR EACH ROW EXECUTE FUNCTION guard_reported_spending();

-- Fills cost item D of a draft report anew from the ledger: every entry up to the end of its period that is in no other
-- report. The grant bears the first `p_from_grant` euro over all reports of the project, the lead's money the rest; of
-- one report the older calls come first. Callers hold the grant, so two reports never take the same entry.
CREATE FUNCTION take_voucher_spendings(p_report expense_reports, p_lead uuid, p_from_grant numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_left numeric;
BEGIN
  DELETE FROM reported_spendings WHERE expense_report_id = p_report.id;
  DELETE FROM expenses WHERE expense_report_id = p_report.id AND voucher_call_id IS NOT NULL;
  INSERT INTO reported_spendings (ledger_entry_id, territory_id, project_id, expense_report_id, voucher_call_id, order_id, amount)
  SELECT s.ledger_entry_id, s.territory_id, s.project_id, p_report.id, s.voucher_call_id, s.order_id, s.amount
    FROM project_voucher_spendings s
   WHERE s.territory_id = p_report.territory_id AND s.project_id = p_report.project_id
     AND italian_day(s.occurred_at) <= p_report.period_to
     AND NOT EXISTS (SELECT FROM reported_spendings r WHERE r.ledger_entry_id = s.ledger_entry_id);
  SELECT greatest(p_from_grant - coalesce(sum(coalesce(accepted, amount)), 0), 0) INTO v_left FROM expenses
   WHERE project_id = p_report.project_id AND voucher_call_id IS NOT NULL AND source = 'grant';
  INSERT INTO expenses (id, territory_id, project_id, expense_report_id, organisation_id, cost_item, source, description,
                        incurred_on, amount, voucher_call_id)
  SELECT uuid_v7(), p_report.territory_id, p_report.project_id, p_report.id, p_lead, 'vouchers', x.source,
         format('%s ordini di voucher, avviso n. %s', q.orders, q.edition), q.incurred_on, x.amount, q.voucher_call_id
    FROM (
      SELECT r.voucher_call_id, c.edition, count(*) AS orders, sum(r.amount) AS amount,
             max(italian_day(e.occurred_at)) AS incurred_on,
             greatest(v_left - coalesce(sum(sum(r.amount)) OVER (ORDER BY c.edition ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0) AS left_over
        FROM reported_spendings r
        JOIN voucher_calls c ON c.id = r.voucher_call_id
        JOIN ledger_entries e ON e.id = r.ledger_entry_id
       WHERE r.expense_report_id = p_report.id GROUP BY r.voucher_call_id, c.edition) q,
    LATERAL (VALUES ('grant', least(q.amount, q.left_over)), ('monetary', q.amount - least(q.amount, q.left_over))) x(source, amount)
   WHERE x.amount > 0;
END $$;
