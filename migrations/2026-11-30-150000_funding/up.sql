-- After the award: acceptance, executive budget, agreement, tranches and payments, expense reports, shifts, variations,
-- settlement. What is money or an act is never rewritten: rows move forward by their states, or new ones are added.
--
-- Lock order: the grant, then its report, then its expenses; the project's own row last. Everything that moves money,
-- changes a budget or moves the project locks the grant first, so two officers at once queue there.

-- The file of an accepted grant. Its sums are moved by triggers; their checks are the last word on paying too much.
CREATE TABLE grants (
  project_id          uuid PRIMARY KEY,
  territory_id        uuid NOT NULL,
  assigned            numeric(14,2) NOT NULL CHECK (assigned > 0),
  coordination_limit  numeric(5,4) NOT NULL CHECK (coordination_limit BETWEEN 0 AND 1),
  cofinancing_minimum numeric(5,4) NOT NULL CHECK (cofinancing_minimum BETWEEN 0 AND 1),
  shift_threshold     numeric(5,4) NOT NULL CHECK (shift_threshold BETWEEN 0 AND 1),
  cup                 text CHECK (cup ~ '^[A-Z][0-9A-Z]{2}[A-Z][0-9]{11}$'),
  ordered             numeric(14,2) NOT NULL DEFAULT 0,
  paid                numeric(14,2) NOT NULL DEFAULT 0,
  admissible          numeric(14,2) CHECK (admissible BETWEEN 0 AND assigned),
  recovered           numeric(14,2) NOT NULL DEFAULT 0,
  accepted_by         uuid NOT NULL,
  accepted_at         timestamptz NOT NULL DEFAULT now(),
  signed_at           timestamptz,
  revoked_at          timestamptz,
  version             bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, project_id),
  CONSTRAINT grants_paid_within_assigned CHECK (ordered BETWEEN 0 AND assigned AND paid BETWEEN 0 AND ordered),
  CONSTRAINT grants_recovered_within_paid CHECK (recovered BETWEEN 0 AND paid - coalesce(admissible, paid)
                                                 OR recovered = 0),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
-- A CUP is of one project.
CREATE UNIQUE INDEX grants_one_cup ON grants (territory_id, cup) WHERE cup IS NOT NULL;
COMMENT ON TABLE grants IS 'limits are copied from the call when the grant is accepted';
COMMENT ON COLUMN grants.ordered IS 'payments that were not cancelled';
COMMENT ON COLUMN grants.admissible IS 'what the alliance is due in the end, from the settlement or the revocation; null before';
COMMENT ON COLUMN grants.recovered IS 'given back by the lead';

-- Each budget that was in force, whole. The last one is in force now.
CREATE TABLE executive_budgets (
  territory_id        uuid NOT NULL,
  project_id          uuid NOT NULL,
  number              integer NOT NULL CHECK (number BETWEEN 1 AND 10000),
  reason              text NOT NULL CHECK (reason IN ('executive','free_shift','approved_shift','variation')),
  cost_staff          numeric(14,2) NOT NULL CHECK (cost_staff >= 0),
  cost_coordination   numeric(14,2) NOT NULL CHECK (cost_coordination >= 0),
  cost_goods          numeric(14,2) NOT NULL CHECK (cost_goods >= 0),
  cost_services       numeric(14,2) NOT NULL CHECK (cost_services >= 0),
  cost_vouchers       numeric(14,2) NOT NULL CHECK (cost_vouchers >= 0),
  cost_general        numeric(14,2) NOT NULL CHECK (cost_general >= 0),
  assigned            numeric(14,2) NOT NULL CHECK (assigned > 0),
  cofinancing         numeric(14,2) NOT NULL CHECK (cofinancing >= 0),
  vouchers_from_grant numeric(14,2) NOT NULL CHECK (vouchers_from_grant BETWEEN 0 AND assigned),
  note                text CHECK (length(note) BETWEEN 1 AND 4000),
  recorded_by         uuid NOT NULL,
  recorded_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, number),
  CONSTRAINT executive_budgets_add_up
    CHECK (cost_staff + cost_goods + cost_services + cost_vouchers + cost_general = assigned + cofinancing),
  CONSTRAINT executive_budgets_coordination CHECK (cost_coordination <= cost_staff),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
COMMENT ON COLUMN executive_budgets.cost_staff IS 'cost item A, of which cost_coordination; B goods, C services, D vouchers, E general';
COMMENT ON COLUMN executive_budgets.vouchers_from_grant IS 'part of item D that the grant bears, first; the lead''s money bears the rest';
CREATE TRIGGER executive_budgets_append_only BEFORE UPDATE OR DELETE ON executive_budgets
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE executive_cofinancing (
  territory_id    uuid NOT NULL,
  project_id      uuid NOT NULL,
  number          integer NOT NULL,
  organisation_id uuid NOT NULL,
  monetary        numeric(14,2) NOT NULL CHECK (monetary >= 0),
  in_kind         numeric(14,2) NOT NULL CHECK (in_kind >= 0),
  PRIMARY KEY (project_id, number, organisation_id),
  CHECK (monetary + in_kind > 0),
  FOREIGN KEY (project_id, number) REFERENCES executive_budgets (project_id, number),
  FOREIGN KEY (project_id, organisation_id) REFERENCES project_partners (project_id, organisation_id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
CREATE TRIGGER executive_cofinancing_append_only BEFORE UPDATE OR DELETE ON executive_cofinancing
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The co-financing of a budget is the sum of its partners' lines.
CREATE FUNCTION check_executive_cofinancing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT cofinancing FROM executive_budgets b WHERE b.project_id = NEW.project_id AND b.number = NEW.number) IS DISTINCT FROM
     (SELECT coalesce(sum(monetary + in_kind), 0) FROM executive_cofinancing c
       WHERE c.project_id = NEW.project_id AND c.number = NEW.number) THEN
    RAISE EXCEPTION 'co-financing of budget % of project % is not the sum of its lines', NEW.number, NEW.project_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'executive_budgets_cofinancing_adds_up', TABLE = 'executive_budgets';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER executive_budgets_cofinancing AFTER INSERT ON executive_budgets
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_executive_cofinancing();
CREATE CONSTRAINT TRIGGER executive_cofinancing_sum AFTER INSERT ON executive_cofinancing
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_executive_cofinancing();

-- What each cost item has, and how much of it validated reports have used: never more than it has.
CREATE TABLE grant_cost_items (
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  item         text NOT NULL CHECK (item IN ('staff','coordination','goods','services','vouchers','general')),
  budget       numeric(14,2) NOT NULL CHECK (budget >= 0),
  validated    numeric(14,2) NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, item),
  CONSTRAINT grant_cost_items_within_budget CHECK (validated BETWEEN 0 AND budget),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
COMMENT ON COLUMN grant_cost_items.item IS 'coordination is not part of staff here, so that items add up';

-- A shift takes from an item only what it has not spent, and what no submitted report claims of it.
CREATE FUNCTION apply_executive_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reason IN ('free_shift','approved_shift') AND EXISTS (
       SELECT FROM grant_cost_items i
         JOIN (VALUES ('staff', NEW.cost_staff - NEW.cost_coordination), ('coordination', NEW.cost_coordination),
                      ('goods', NEW.cost_goods), ('services', NEW.cost_services), ('vouchers', NEW.cost_vouchers),
                      ('general', NEW.cost_general)) n (item, budget) ON n.item = i.item
        WHERE i.project_id = NEW.project_id AND n.budget < i.budget
          AND n.budget < i.validated + cost_item_claimed(i.project_id, i.item)) THEN
    RAISE EXCEPTION 'budget % of project % takes from an item what is claimed of it', NEW.number, NEW.project_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'executive_budgets_hold_claims', TABLE = 'executive_budgets';
  END IF;
  INSERT INTO grant_cost_items (territory_id, project_id, item, budget)
  VALUES (NEW.territory_id, NEW.project_id, 'staff', NEW.cost_staff - NEW.cost_coordination),
         (NEW.territory_id, NEW.project_id, 'coordination', NEW.cost_coordination),
         (NEW.territory_id, NEW.project_id, 'goods', NEW.cost_goods),
         (NEW.territory_id, NEW.project_id, 'services', NEW.cost_services),
         (NEW.territory_id, NEW.project_id, 'vouchers', NEW.cost_vouchers),
         (NEW.territory_id, NEW.project_id, 'general', NEW.cost_general)
  ON CONFLICT (project_id, item) DO UPDATE SET budget = excluded.budget;
  RETURN NULL;
END $$;
CREATE TRIGGER executive_budgets_apply AFTER INSERT ON executive_budgets
  FOR EACH ROW EXECUTE FUNCTION apply_executive_budget();

CREATE TABLE budget_shifts (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  project_id      uuid NOT NULL,
  from_item       text NOT NULL CHECK (from_item IN ('staff','coordination','goods','services','vouchers','general')),
  to_item         text NOT NULL CHECK (to_item IN ('staff','coordination','goods','services','vouchers','general')),
  amount          numeric(14,2) NOT NULL CHECK (amount > 0),
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  free_amount     numeric(14,2) NOT NULL CHECK (free_amount >= 0),
  freely_given    numeric(14,2) NOT NULL CHECK (freely_given >= 0),
  state           text NOT NULL CHECK (state IN ('free','requested','approved','refused')),
  budget_number   integer,
  requested_by    uuid NOT NULL,
  requested_at    timestamptz NOT NULL DEFAULT now(),
  decided_by      uuid,
  decided_at      timestamptz,
  decision_reason text CHECK (length(decision_reason) BETWEEN 1 AND 1000),
  version         bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CHECK (from_item <> to_item),
  CONSTRAINT budget_shifts_four_eyes CHECK (decided_by <> requested_by),
  CONSTRAINT budget_shifts_free CHECK (state <> 'free' OR freely_given + amount <= free_amount),
  CHECK ((state IN ('approved','refused')) = (decided_by IS NOT NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((state = 'refused') = (decision_reason IS NOT NULL)),
  CHECK ((state IN ('free','approved')) = (budget_number IS NOT NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id),
  FOREIGN KEY (project_id, budget_number) REFERENCES executive_budgets (project_id, number)
);
COMMENT ON COLUMN budget_shifts.free_amount IS 'what the giving item may give without approval, on the last approved budget';
COMMENT ON COLUMN budget_shifts.freely_given IS 'what it had given without approval since that budget, before this shift';
COMMENT ON COLUMN budget_shifts.budget_number IS 'the budget that the shift made';
CREATE INDEX budget_shifts_of_project ON budget_shifts (project_id, id);

CREATE TABLE agreements (
  id               uuid PRIMARY KEY,
  territory_id     uuid NOT NULL,
  project_id       uuid NOT NULL,
  number           integer NOT NULL CHECK (number BETWEEN 1 AND 1000),
  act              text NOT NULL CHECK (length(act) BETWEEN 1 AND 200),
  act_date         date NOT NULL,
  budget_number    integer NOT NULL,
  document         bytea NOT NULL,
  document_sha256  bytea NOT NULL CHECK (length(document_sha256) = 32),
  created_by       uuid NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  lead_signed_on   date,
  lead_signed_by   uuid,
  agency_signed_on date,
  agency_signed_by uuid,
  version          bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (project_id, number),
  CHECK ((lead_signed_on IS NULL) = (lead_signed_by IS NULL)),
  CHECK ((agency_signed_on IS NULL) = (agency_signed_by IS NULL)),
  CONSTRAINT agreements_two_parties CHECK (lead_signed_by <> agency_signed_by),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id),
  FOREIGN KEY (project_id, budget_number) REFERENCES executive_budgets (project_id, number)
);
COMMENT ON COLUMN agreements.document IS 'the PDF as generated: what was signed is kept as it was';
COMMENT ON COLUMN agreements.act IS 'act of the agency that approves the agreement';

CREATE FUNCTION guard_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (OLD.id, OLD.territory_id, OLD.project_id, OLD.number, OLD.act, OLD.act_date, OLD.budget_number, OLD.document, OLD.document_sha256)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.project_id, NEW.number, NEW.act, NEW.act_date, NEW.budget_number, NEW.document, NEW.document_sha256)
     OR (OLD.lead_signed_on IS NOT NULL AND (OLD.lead_signed_on, OLD.lead_signed_by) IS DISTINCT FROM (NEW.lead_signed_on, NEW.lead_signed_by))
     OR (OLD.agency_signed_on IS NOT NULL AND (OLD.agency_signed_on, OLD.agency_signed_by) IS DISTINCT FROM (NEW.agency_signed_on, NEW.agency_signed_by))
  THEN
    RAISE EXCEPTION 'agreement % is append-only but for its signatures', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_guard BEFORE UPDATE OR DELETE ON agreements FOR EACH ROW EXECUTE FUNCTION guard_agreement();

CREATE TABLE grant_tranches (
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  number       smallint NOT NULL CHECK (number BETWEEN 1 AND 20),
  kind         text NOT NULL CHECK (kind IN ('advance','interim','balance')),
  share        numeric(5,4) CHECK (share > 0 AND share <= 1),
  amount       numeric(14,2) NOT NULL CHECK (amount > 0),
  ordered      numeric(14,2) NOT NULL DEFAULT 0,
  due_on       date,
  PRIMARY KEY (project_id, number),
  CONSTRAINT grant_tranches_within_amount CHECK (ordered BETWEEN 0 AND amount),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
COMMENT ON COLUMN grant_tranches.share IS 'share of the grant that the amount was made from, where it was';

-- The tranches of a grant never exceed it, at the end of any transaction.
CREATE FUNCTION check_tranches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_assigned numeric;
BEGIN
  SELECT assigned INTO v_assigned FROM grants WHERE project_id = NEW.project_id FOR NO KEY UPDATE;
  IF (SELECT sum(amount) FROM grant_tranches WHERE project_id = NEW.project_id) > v_assigned THEN
    RAISE EXCEPTION 'tranches of project % exceed its grant', NEW.project_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_tranches_within_grant', TABLE = 'grant_tranches';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER grant_tranches_sum AFTER INSERT OR UPDATE ON grant_tranches
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_tranches();

CREATE TABLE grant_payments (
  id                uuid PRIMARY KEY,
  territory_id      uuid NOT NULL,
  project_id        uuid NOT NULL,
  tranche_number    smallint NOT NULL,
  amount            numeric(14,2) NOT NULL CHECK (amount > 0),
  state             text NOT NULL CHECK (state IN ('requested','approved','paid','cancelled')),
  validated         numeric(14,2) NOT NULL CHECK (validated >= 0),
  act               text NOT NULL CHECK (length(act) BETWEEN 1 AND 200),
  act_date          date NOT NULL,
  created_by        uuid NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  approved_by       uuid,
  approved_at       timestamptz,
  payment_reference text CHECK (length(payment_reference) BETWEEN 1 AND 140),
  paid_on           date,
  paid_by           uuid,
  cancelled_at      timestamptz,
  version           bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CONSTRAINT grant_payments_four_eyes CHECK (approved_by <> created_by),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK (state NOT IN ('approved','paid') OR approved_by IS NOT NULL),
  CHECK (state <> 'requested' OR approved_by IS NULL),
  CHECK ((state = 'paid') = (paid_on IS NOT NULL)),
  CHECK ((state = 'paid') = (paid_by IS NOT NULL)),
  CHECK ((state = 'paid') = (payment_reference IS NOT NULL)),
  CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id),
  FOREIGN KEY (project_id, tranche_number) REFERENCES grant_tranches (project_id, number)
);
COMMENT ON COLUMN grant_payments.act IS 'act that orders the payment';
COMMENT ON COLUMN grant_payments.validated IS 'validated expenses charged to the grant when the payment was asked for';
CREATE INDEX grant_payments_of_project ON grant_payments (project_id, id);
CREATE INDEX grant_payments_of_territory ON grant_payments (territory_id, id);

-- No payment before the agreement is signed, none after a revocation, none beyond what a settlement admits.
CREATE FUNCTION guard_grant_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_grant grants;
  v_rule  text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO v_grant FROM grants WHERE project_id = NEW.project_id FOR NO KEY UPDATE;
    v_rule := CASE WHEN NEW.state <> 'requested' THEN 'grant_payments_begin_requested'
                   WHEN v_grant.signed_at IS NULL THEN 'grant_payments_after_agreement'
                   WHEN v_grant.revoked_at IS NOT NULL THEN 'grant_payments_not_revoked'
                   WHEN v_grant.ordered + NEW.amount > v_grant.admissible THEN 'grant_payments_within_admissible' END;
    IF v_rule IS NOT NULL THEN
      RAISE EXCEPTION 'payment of project % is not due', NEW.project_id
        USING ERRCODE = 'check_violation', CONSTRAINT = v_rule, TABLE = 'grant_payments';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE'
     OR OLD.state IN ('paid','cancelled')
     OR (OLD.id, OLD.territory_id, OLD.project_id, OLD.tranche_number, OLD.amount, OLD.validated, OLD.act, OLD.act_date, OLD.created_by)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.project_id, NEW.tranche_number, NEW.amount, NEW.validated, NEW.act, NEW.act_date, NEW.created_by)
     OR (OLD.approved_by IS NOT NULL AND OLD.approved_by IS DISTINCT FROM NEW.approved_by)
  THEN
    RAISE EXCEPTION 'payment % cannot be rewritten', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grant_payments_guard BEFORE INSERT OR UPDATE OR DELETE ON grant_payments
  FOR EACH ROW EXECUTE FUNCTION guard_grant_payment();

CREATE FUNCTION apply_grant_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_ordered numeric := CASE WHEN TG_OP = 'INSERT' THEN NEW.amount
                            WHEN NEW.state = 'cancelled' AND OLD.state <> 'cancelled' THEN -NEW.amount ELSE 0 END;
  v_paid    numeric := CASE WHEN TG_OP = 'UPDATE' AND NEW.state = 'paid' AND OLD.state <> 'paid' THEN NEW.amount ELSE 0 END;
BEGIN
  UPDATE grants SET ordered = ordered + v_ordered, paid = paid + v_paid, version = version + 1 WHERE project_id = NEW.project_id;
  UPDATE grant_tranches SET ordered = ordered + v_ordered WHERE project_id = NEW.project_id AND number = NEW.tranche_number;
  RETURN NULL;
END $$;
CREATE TRIGGER grant_payments_apply AFTER INSERT OR UPDATE ON grant_payments
  FOR EACH ROW EXECUTE FUNCTION apply_grant_payment();

-- What the lead gave back.
CREATE TABLE grant_recoveries (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  amount       numeric(14,2) NOT NULL CHECK (amount > 0),
  received_on  date NOT NULL,
  reference    text NOT NULL CHECK (length(reference) BETWEEN 1 AND 140),
  recorded_by  uuid NOT NULL,
  recorded_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (project_id, reference),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
CREATE TRIGGER grant_recoveries_append_only BEFORE UPDATE OR DELETE ON grant_recoveries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION apply_grant_recovery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE grants SET recovered = recovered + NEW.amount, version = version + 1 WHERE project_id = NEW.project_id;
  RETURN NULL;
END $$;
CREATE TRIGGER grant_recoveries_apply AFTER INSERT ON grant_recoveries
  FOR EACH ROW EXECUTE FUNCTION apply_grant_recovery();

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
     AND (s.occurred_at AT TIME ZONE 'UTC')::date <= p_report.period_to
     AND NOT EXISTS (SELECT FROM reported_spendings r WHERE r.ledger_entry_id = s.ledger_entry_id);
  SELECT greatest(p_from_grant - coalesce(sum(coalesce(accepted, amount)), 0), 0) INTO v_left FROM expenses
   WHERE project_id = p_report.project_id AND voucher_call_id IS NOT NULL AND source = 'grant';
  INSERT INTO expenses (id, territory_id, project_id, expense_report_id, organisation_id, cost_item, source, description,
                        incurred_on, amount, voucher_call_id)
  SELECT uuid_v7(), p_report.territory_id, p_report.project_id, p_report.id, p_lead, 'vouchers', x.source,
         format('%s ordini di voucher, avviso n. %s', q.orders, q.edition), q.incurred_on, x.amount, q.voucher_call_id
    FROM (
      SELECT r.voucher_call_id, c.edition, count(*) AS orders, sum(r.amount) AS amount,
             max((e.occurred_at AT TIME ZONE 'UTC')::date) AS incurred_on,
             greatest(v_left - coalesce(sum(sum(r.amount)) OVER (ORDER BY c.edition ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0) AS left_over
        FROM reported_spendings r
        JOIN voucher_calls c ON c.id = r.voucher_call_id
        JOIN ledger_entries e ON e.id = r.ledger_entry_id
       WHERE r.expense_report_id = p_report.id GROUP BY r.voucher_call_id, c.edition) q,
    LATERAL (VALUES ('grant', least(q.amount, q.left_over)), ('monetary', q.amount - least(q.amount, q.left_over))) x(source, amount)
   WHERE x.amount > 0;
END $$;

CREATE TABLE project_variations (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  project_id      uuid NOT NULL,
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
  proposal        jsonb,
  ends_on         date,
  state           text NOT NULL CHECK (state IN ('requested','approved','refused')),
  budget_number   integer,
  requested_by    uuid NOT NULL,
  requested_at    timestamptz NOT NULL DEFAULT now(),
  act             text CHECK (length(act) BETWEEN 1 AND 200),
  act_date        date,
  decided_by      uuid,
  decided_at      timestamptz,
  decision_reason text CHECK (length(decision_reason) BETWEEN 1 AND 1000),
  version         bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CONSTRAINT project_variations_four_eyes CHECK (decided_by <> requested_by),
  CHECK ((state = 'requested') = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((state = 'approved') = (act IS NOT NULL) AND (act IS NULL) = (act_date IS NULL)),
  CHECK ((state = 'refused') = (decision_reason IS NOT NULL)),
  CHECK (budget_number IS NULL OR (state = 'approved' AND proposal IS NOT NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id),
  FOREIGN KEY (project_id, budget_number) REFERENCES executive_budgets (project_id, number)
);
COMMENT ON COLUMN project_variations.proposal IS 'the budget asked for, as it was sent; null: only the dates or the content change';
CREATE INDEX project_variations_of_project ON project_variations (project_id, id);
CREATE UNIQUE INDEX project_variations_one_open ON project_variations (project_id) WHERE state = 'requested';

CREATE TABLE grant_settlements (
  id             uuid PRIMARY KEY,
  territory_id   uuid NOT NULL,
  project_id     uuid NOT NULL,
  number         integer NOT NULL CHECK (number BETWEEN 1 AND 1000),
  state          text NOT NULL CHECK (state IN ('computed','approved','superseded')),
  assigned       numeric(14,2) NOT NULL,
  grant_expenses numeric(14,2) NOT NULL CHECK (grant_expenses >= 0),
  monetary       numeric(14,2) NOT NULL CHECK (monetary >= 0),
  in_kind        numeric(14,2) NOT NULL CHECK (in_kind >= 0),
  within_share   numeric(14,2) CHECK (within_share >= 0),
  admissible     numeric(14,2) NOT NULL CHECK (admissible >= 0),
  paid           numeric(14,2) NOT NULL CHECK (paid >= 0),
  to_pay         numeric(14,2) NOT NULL CHECK (to_pay >= 0),
  give_back      numeric(14,2) NOT NULL CHECK (give_back >= 0),
  computed_by    uuid NOT NULL,
  computed_at    timestamptz NOT NULL DEFAULT now(),
  act            text CHECK (length(act) BETWEEN 1 AND 200),
  act_date       date,
  approved_by    uuid,
  approved_at    timestamptz,
  version        bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (project_id, number),
  CONSTRAINT grant_settlements_four_eyes CHECK (approved_by <> computed_by),
  CONSTRAINT grant_settlements_limits CHECK (admissible <= assigned AND admissible <= grant_expenses
                                             AND admissible <= coalesce(within_share, admissible)),
  CONSTRAINT grant_settlements_balance CHECK (paid + to_pay - give_back = admissible AND (to_pay = 0 OR give_back = 0)),
  CHECK ((state = 'approved') = (approved_by IS NOT NULL)),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (act IS NULL) AND (act IS NULL) = (act_date IS NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
CREATE UNIQUE INDEX grant_settlements_one_in_force ON grant_settlements (project_id) WHERE state IN ('computed','approved');

CREATE TABLE grant_revocations (
  project_id   uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  act          text NOT NULL CHECK (length(act) BETWEEN 1 AND 200),
  act_date     date NOT NULL,
  paid         numeric(14,2) NOT NULL CHECK (paid >= 0),
  left_to_lead numeric(14,2) NOT NULL,
  revoked_by   uuid NOT NULL,
  revoked_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (left_to_lead BETWEEN 0 AND paid),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id)
);
COMMENT ON COLUMN grant_revocations.left_to_lead IS 'part of what was paid that the lead keeps; it gives back the rest';
CREATE TRIGGER grant_revocations_append_only BEFORE UPDATE OR DELETE ON grant_revocations
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
