-- After the award: acceptance, executive budget and its shifts, agreement, tranches and payments; reports and settlement
-- follow. What is money or an act is never rewritten: rows move forward by their states, or new ones are added.
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

-- A shift takes from an item only what it has not spent, and what no submitted report claims of it; no budget takes from
-- item D what voucher calls hand out.
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
  PERFORM vouchers_left(NEW.territory_id, NEW.project_id);
  IF NEW.cost_vouchers < vouchers_promised(NEW.territory_id, NEW.project_id) THEN
    RAISE EXCEPTION 'budget % of project % takes from item D what voucher calls hand out', NEW.number, NEW.project_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'executive_budgets_hold_vouchers', TABLE = 'executive_budgets';
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
  terms            jsonb NOT NULL,
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
COMMENT ON COLUMN agreements.terms IS 'the CUP and the tranches that the document prints';
COMMENT ON COLUMN agreements.act IS 'act of the agency that approves the agreement';

CREATE FUNCTION guard_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (OLD.id, OLD.territory_id, OLD.project_id, OLD.number, OLD.act, OLD.act_date, OLD.budget_number, OLD.document, OLD.document_sha256)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.project_id, NEW.number, NEW.act, NEW.act_date, NEW.budget_number, NEW.document, NEW.document_sha256)
     OR OLD.terms IS DISTINCT FROM NEW.terms
     OR (OLD.lead_signed_on IS NOT NULL AND (OLD.lead_signed_on, OLD.lead_signed_by) IS DISTINCT FROM (NEW.lead_signed_on, NEW.lead_signed_by))
     OR (OLD.agency_signed_on IS NOT NULL AND (OLD.agency_signed_on, OLD.agency_signed_by) IS DISTINCT FROM (NEW.agency_signed_on, NEW.agency_signed_by))
  THEN
    RAISE EXCEPTION 'agreement % is append-only but for its signatures', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  -- Nobody signs what the grant no longer says.
  IF (OLD.lead_signed_on, OLD.agency_signed_on) IS DISTINCT FROM (NEW.lead_signed_on, NEW.agency_signed_on)
     AND NEW.terms IS DISTINCT FROM grant_terms(NEW.project_id) THEN
    RAISE EXCEPTION 'the CUP or the tranches changed after agreement %', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'agreements_terms_stand', TABLE = 'agreements';
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

-- What an agreement prints of a grant, besides the budget.
CREATE FUNCTION grant_terms(p_project uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('cup', g.cup, 'tranches', (
    SELECT jsonb_agg(jsonb_build_array(t.number, t.kind, t.amount, t.due_on) ORDER BY t.number)
      FROM grant_tranches t WHERE t.project_id = g.project_id))
  FROM grants g WHERE g.project_id = p_project
$$;

CREATE FUNCTION keep_agreement_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.terms := grant_terms(NEW.project_id);
  RETURN NEW;
END $$;
CREATE TRIGGER agreements_terms BEFORE INSERT ON agreements FOR EACH ROW EXECUTE FUNCTION keep_agreement_terms();

-- From the first signature on, what the agreement prints of the grant stays; the tranches may change with a variation.
CREATE FUNCTION guard_agreed_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_project uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
BEGIN
  IF EXISTS (SELECT FROM agreements WHERE project_id = v_project AND (lead_signed_on IS NOT NULL OR agency_signed_on IS NOT NULL))
     AND (TG_TABLE_NAME = 'grants' OR NOT EXISTS (SELECT FROM projects WHERE id = v_project AND state = 'variation')) THEN
    RAISE EXCEPTION 'the agreement on project % bears a signature', v_project
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER grants_cup_agreed BEFORE UPDATE ON grants
  FOR EACH ROW WHEN (OLD.cup IS DISTINCT FROM NEW.cup) EXECUTE FUNCTION guard_agreed_terms();
CREATE TRIGGER grant_tranches_agreed BEFORE INSERT OR DELETE ON grant_tranches
  FOR EACH ROW EXECUTE FUNCTION guard_agreed_terms();
CREATE TRIGGER grant_tranches_agreed_as_they_are BEFORE UPDATE ON grant_tranches
  FOR EACH ROW WHEN ((OLD.project_id, OLD.number, OLD.kind, OLD.amount, OLD.due_on)
                     IS DISTINCT FROM (NEW.project_id, NEW.number, NEW.kind, NEW.amount, NEW.due_on))
  EXECUTE FUNCTION guard_agreed_terms();

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
  -- On no day was more given back than paid.
  IF EXISTS (SELECT FROM grant_recoveries r WHERE r.project_id = NEW.project_id AND r.received_on >= NEW.received_on
       AND (SELECT sum(b.amount) FROM grant_recoveries b WHERE b.project_id = r.project_id AND b.received_on <= r.received_on)
         > coalesce((SELECT sum(p.amount) FROM grant_payments p
                      WHERE p.project_id = r.project_id AND p.state = 'paid' AND p.paid_on <= r.received_on), 0)) THEN
    RAISE EXCEPTION 'project % gave back what was not paid yet', NEW.project_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_recoveries_after_payments', TABLE = 'grant_recoveries';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER grant_recoveries_apply AFTER INSERT ON grant_recoveries
  FOR EACH ROW EXECUTE FUNCTION apply_grant_recovery();
