-- What the agency runs itself with its share of a plan's resources: system and cross-cutting actions with their money and
-- meetings.

CREATE TABLE actions (
  id                 uuid PRIMARY KEY,
  territory_id       uuid NOT NULL,
  plan_id            uuid NOT NULL,
  kind               text NOT NULL CHECK (kind IN ('system','cross_cutting')),
  state              text NOT NULL CHECK (state IN ('planned','running','concluded','cancelled')),
  title              text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  description        text NOT NULL CHECK (length(description) BETWEEN 1 AND 4000),
  intervention_types text[] NOT NULL CHECK (intervention_types <@ ARRAY['a','b','c','d','e','f'] AND cardinality(intervention_types) >= 1),
  budget             numeric(14,2) NOT NULL CHECK (budget > 0),
  pending            numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT actions_pending_not_negative CHECK (pending >= 0),
  paid               numeric(14,2) NOT NULL DEFAULT 0 CONSTRAINT actions_paid_not_negative CHECK (paid >= 0),
  version            bigint NOT NULL DEFAULT 1,
  created_by         uuid NOT NULL,
  created_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT actions_left_not_negative CHECK (pending + paid <= budget),
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, plan_id) REFERENCES plans (territory_id, id)
);
COMMENT ON COLUMN actions.pending IS 'payments recorded and not yet decided; kept by the triggers of action_payments, like paid';
CREATE INDEX actions_of_plan ON actions (plan_id, id);
CREATE INDEX actions_of_territory ON actions (territory_id, id);

-- What a plan keeps for its system actions, without what they have but for one of them. The plan's row is held until the
-- transaction ends: two actions cannot take the same money. An action that was cancelled keeps only what it paid.
CREATE FUNCTION hold_plan_for_actions(p_territory uuid, p_plan uuid, p_but uuid)
  RETURNS TABLE (from_year smallint, to_year smallint, available numeric) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM plans p WHERE p.territory_id = p_territory AND p.id = p_plan FOR NO KEY UPDATE;
  RETURN QUERY
    SELECT p.from_year, p.to_year, p.system_actions - coalesce(
             (SELECT sum(CASE a.state WHEN 'cancelled' THEN a.paid ELSE a.budget END) FROM actions a
               WHERE a.plan_id = p.id AND a.id IS DISTINCT FROM p_but), 0)
      FROM plans p WHERE p.territory_id = p_territory AND p.id = p_plan;
END $$;

CREATE FUNCTION check_action_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT available FROM hold_plan_for_actions(NEW.territory_id, NEW.plan_id, NEW.id)) < NEW.budget THEN
    RAISE EXCEPTION 'the budgets of the actions exceed what the plan keeps for them'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_system_actions_not_negative';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER actions_within_plan_when_made BEFORE INSERT ON actions
  FOR EACH ROW EXECUTE FUNCTION check_action_budget();
-- Only a rise looks at the plan: whoever raises a budget holds the plan before the action.
CREATE TRIGGER actions_within_plan_when_raised BEFORE UPDATE ON actions
  FOR EACH ROW WHEN (NEW.budget > OLD.budget) EXECUTE FUNCTION check_action_budget();

CREATE FUNCTION check_plan_covers_actions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.system_actions < (SELECT coalesce(sum(CASE state WHEN 'cancelled' THEN paid ELSE budget END), 0) FROM actions WHERE plan_id = NEW.id) THEN
    RAISE EXCEPTION 'the actions of the plan already have more'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_system_actions_not_negative';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER plans_cover_actions BEFORE UPDATE ON plans
  FOR EACH ROW WHEN (NEW.system_actions < OLD.system_actions) EXECUTE FUNCTION check_plan_covers_actions();

CREATE TABLE action_years (
  territory_id       uuid NOT NULL,
  action_id          uuid NOT NULL,
  year               smallint NOT NULL CHECK (year BETWEEN 2000 AND 2099),
  planned            numeric(14,2) NOT NULL CHECK (planned >= 0),
  expected_people    integer NOT NULL CHECK (expected_people >= 0),
  expected_companies integer NOT NULL CHECK (expected_companies >= 0),
  PRIMARY KEY (action_id, year),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id)
);

CREATE TABLE action_cofinancing_lines (
  territory_id    uuid NOT NULL,
  action_id       uuid NOT NULL,
  organisation_id uuid NOT NULL,
  monetary        numeric(14,2) NOT NULL CHECK (monetary >= 0),
  in_kind         numeric(14,2) NOT NULL CHECK (in_kind >= 0),
  PRIMARY KEY (action_id, organisation_id),
  CHECK (monetary + in_kind > 0),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);

-- The projects whose themes a cross-cutting action ties together.
CREATE TABLE action_projects (
  territory_id uuid NOT NULL,
  action_id    uuid NOT NULL,
  project_id   uuid NOT NULL,
  PRIMARY KEY (action_id, project_id),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);

-- Money paid, and money that came back. Never changed: a wrong payment is reversed by an entry of its own.
CREATE TABLE action_payments (
  id            uuid PRIMARY KEY,
  territory_id  uuid NOT NULL,
  action_id     uuid NOT NULL,
  reverses      uuid,
  payee         text NOT NULL CHECK (length(payee) BETWEEN 1 AND 200),
  document      text NOT NULL CHECK (length(document) BETWEEN 1 AND 200),
  document_date date NOT NULL,
  paid_on       date NOT NULL,
  amount        numeric(14,2) NOT NULL CHECK (amount > 0),
  note          text CHECK (length(note) BETWEEN 1 AND 1000),
  recorded_by   uuid NOT NULL,
  recorded_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (action_id, id),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id),
  FOREIGN KEY (action_id, reverses) REFERENCES action_payments (action_id, id)
);
COMMENT ON COLUMN action_payments.reverses IS 'the payment that this entry takes back, whole or in part; null for a payment';
CREATE INDEX action_payments_reversals ON action_payments (reverses) WHERE reverses IS NOT NULL;
CREATE TRIGGER action_payments_append_only BEFORE UPDATE OR DELETE ON action_payments
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_payments_no_truncate BEFORE TRUNCATE ON action_payments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE action_payment_decisions (
  payment_id   uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  outcome      text NOT NULL CHECK (outcome IN ('approved','refused')),
  reason       text CHECK (length(reason) BETWEEN 1 AND 1000),
  decided_by   uuid NOT NULL,
  decided_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (outcome = 'approved' OR reason IS NOT NULL),
  FOREIGN KEY (territory_id, payment_id) REFERENCES action_payments (territory_id, id)
);
CREATE TRIGGER action_payment_decisions_append_only BEFORE UPDATE OR DELETE ON action_payment_decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_payment_decisions_no_truncate BEFORE TRUNCATE ON action_payment_decisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A recorded payment takes its amount of the budget at once. A reversal gives nothing back before it is approved, and
-- takes back no more than was paid.
CREATE FUNCTION take_action_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  taken_back numeric;
BEGIN
  UPDATE actions SET pending = pending + CASE WHEN NEW.reverses IS NULL THEN NEW.amount ELSE 0 END, version = version + 1
   WHERE id = NEW.action_id;
  IF NEW.reverses IS NOT NULL THEN
    SELECT coalesce(sum(p.amount), 0) INTO taken_back
      FROM action_payments p LEFT JOIN action_payment_decisions d ON d.payment_id = p.id
     WHERE p.reverses = NEW.reverses AND d.outcome IS DISTINCT FROM 'refused';
    IF NOT EXISTS (SELECT FROM action_payments p JOIN action_payment_decisions d ON d.payment_id = p.id
                    WHERE p.id = NEW.reverses AND p.reverses IS NULL AND d.outcome = 'approved' AND taken_back <= p.amount) THEN
      RAISE EXCEPTION 'only what was paid is taken back'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'action_payment_not_negative';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER action_payments_take_money AFTER INSERT ON action_payments
  FOR EACH ROW EXECUTE FUNCTION take_action_money();

CREATE FUNCTION settle_action_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  payment action_payments;
BEGIN
  SELECT * INTO STRICT payment FROM action_payments WHERE id = NEW.payment_id;
  IF payment.recorded_by = NEW.decided_by THEN
    RAISE EXCEPTION 'a payment is decided by another than who recorded it' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  UPDATE actions SET
         pending = pending - CASE WHEN payment.reverses IS NULL THEN payment.amount ELSE 0 END,
         paid = paid + CASE WHEN NEW.outcome = 'refused' THEN 0 WHEN payment.reverses IS NULL THEN payment.amount ELSE -payment.amount END,
         version = version + 1
   WHERE id = payment.action_id;
  RETURN NULL;
END $$;
CREATE TRIGGER action_payment_decisions_settle_money AFTER INSERT ON action_payment_decisions
  FOR EACH ROW EXECUTE FUNCTION settle_action_money();

CREATE TABLE action_meetings (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  action_id    uuid NOT NULL,
  state        text NOT NULL CHECK (state IN ('planned','held','cancelled')),
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  starts_at    timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL CHECK (ends_at > starts_at),
  place        text NOT NULL CHECK (length(place) BETWEEN 1 AND 300),
  people       integer CHECK (people BETWEEN 1 AND 100000),
  notes        text CHECK (length(notes) BETWEEN 1 AND 4000),
  version      bigint NOT NULL DEFAULT 1,
  created_by   uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  CHECK ((state = 'held') = (people IS NOT NULL)),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id)
);
CREATE INDEX action_meetings_of_action ON action_meetings (action_id, starts_at, id);

CREATE TABLE action_meeting_organisations (
  territory_id    uuid NOT NULL,
  meeting_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  PRIMARY KEY (meeting_id, organisation_id),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES action_meetings (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
