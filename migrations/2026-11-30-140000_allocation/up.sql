-- Allocation: how the budget of a call is shared out among its scored projects, with every step kept.

-- What is admissible of a request when it is less than the whole. The last number of a project counts.
CREATE TABLE admissible_amounts (
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  number       integer NOT NULL CHECK (number >= 1),
  amount       numeric(14,2) NOT NULL CHECK (amount >= 0),
  reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  set_by       uuid,
  set_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, number),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
CREATE TRIGGER admissible_amounts_append_only BEFORE UPDATE OR DELETE ON admissible_amounts
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER admissible_amounts_no_truncate BEFORE TRUNCATE ON admissible_amounts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE allocations (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  project_call_id uuid NOT NULL,
  number          integer NOT NULL CHECK (number >= 1),
  state           text NOT NULL CHECK (state IN ('computed','approved','discarded','superseded')),
  method          text NOT NULL CHECK (method IN ('bands','flat_percentage','ranked_in_full','proportional')),
  terms           jsonb NOT NULL,
  inputs_hash     bytea NOT NULL CHECK (length(inputs_hash) = 32),
  minimum_score   numeric(7,2) CHECK (minimum_score >= 0),
  budget          numeric(14,2) NOT NULL CHECK (budget > 0),
  requested       numeric(14,2) NOT NULL CHECK (requested >= 0),
  admissible      numeric(14,2) NOT NULL CHECK (admissible >= 0),
  base_amount     numeric(14,2) NOT NULL CHECK (base_amount >= 0),
  assigned        numeric(14,2) NOT NULL CHECK (assigned >= 0),
  residue         numeric(14,2) NOT NULL CHECK (residue >= 0),
  bands           jsonb NOT NULL,
  projects        integer NOT NULL CHECK (projects >= 1),
  funded          integer NOT NULL CHECK (funded BETWEEN 0 AND projects),
  computed_by     uuid,
  computed_at     timestamptz NOT NULL DEFAULT now(),
  approved_by     uuid,
  approved_at     timestamptz,
  act             text CHECK (length(act) BETWEEN 1 AND 200),
  act_date        date,
  version         bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (project_call_id, number),
  CONSTRAINT allocations_spend_the_budget CHECK (assigned + residue = budget),
  CONSTRAINT allocations_two_persons CHECK (approved_by <> computed_by),
  CONSTRAINT allocations_approved_by_act CHECK
    ((state IN ('approved','superseded')) = (approved_at IS NOT NULL) AND (approved_at IS NULL) = (act IS NULL)
     AND (act IS NULL) = (act_date IS NULL)),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id)
);
-- Two officers at once: one run waits for approval at a time, and one is in force.
CREATE UNIQUE INDEX allocations_one_computed ON allocations (project_call_id) WHERE state = 'computed';
CREATE UNIQUE INDEX allocations_one_approved ON allocations (project_call_id) WHERE state = 'approved';
COMMENT ON COLUMN allocations.terms IS 'the method with all it needs to be run again';
COMMENT ON COLUMN allocations.inputs_hash IS 'SHA-256 of budget, minimum score, terms and proposals: the same hash, the same allocation';
COMMENT ON COLUMN allocations.base_amount IS 'what the method gives, before the residue is placed';
COMMENT ON COLUMN allocations.residue IS 'what stays unassigned';
COMMENT ON COLUMN allocations.bands IS 'sums by band';

-- A project in a run: what it was computed from, frozen, and each step to what it was assigned.
CREATE TABLE allocation_rows (
  territory_id         uuid NOT NULL,
  allocation_id        uuid NOT NULL,
  position             integer NOT NULL CHECK (position >= 1),
  project_id           uuid NOT NULL,
  lead_organisation_id uuid NOT NULL,
  reference            text NOT NULL,
  submitted_at         timestamptz NOT NULL,
  total_cost           numeric(14,2) NOT NULL CHECK (total_cost >= 0),
  score                numeric(7,2) NOT NULL CHECK (score >= 0),
  requested            numeric(14,2) NOT NULL CHECK (requested >= 0),
  admissible           numeric(14,2) NOT NULL CHECK (admissible >= 0),
  admissible_reason    text,
  band                 smallint CHECK (band >= 1),
  percentage           numeric(5,4) CHECK (percentage BETWEEN 0 AND 1),
  base_amount          numeric(14,2) NOT NULL CHECK (base_amount >= 0),
  residue_share        numeric(14,2) NOT NULL CHECK (residue_share >= 0),
  assigned             numeric(14,2) NOT NULL,
  outcome              text NOT NULL CHECK (outcome IN
                         ('funded','below_minimum_score','below_lowest_band','budget_exhausted','nothing_due')),
  basis                jsonb NOT NULL,
  residue_portion      jsonb,
  PRIMARY KEY (allocation_id, position),
  UNIQUE (allocation_id, project_id),
  CHECK (assigned = base_amount + residue_share),
  CHECK ((outcome = 'funded') = (assigned > 0)),
  CONSTRAINT allocation_rows_within_admissible CHECK (assigned <= admissible AND admissible <= requested),
  FOREIGN KEY (territory_id, allocation_id) REFERENCES allocations (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id)
);
CREATE INDEX allocation_rows_of_project ON allocation_rows (project_id, allocation_id);
CREATE TRIGGER allocation_rows_append_only BEFORE UPDATE OR DELETE ON allocation_rows
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_rows_no_truncate BEFORE TRUNCATE ON allocation_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A run is what was computed: only its state moves on. It is approved with the rows that make its sum.
CREATE FUNCTION guard_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moves CONSTANT text[] := ARRAY['state','approved_by','approved_at','act','act_date','version'];
  listed numeric;
BEGIN
  IF to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
    RAISE EXCEPTION 'a computed allocation cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state = 'approved' AND OLD.state <> 'approved' THEN
    SELECT sum(assigned) INTO listed FROM allocation_rows WHERE allocation_id = NEW.id;
    IF listed IS DISTINCT FROM NEW.assigned THEN
      RAISE EXCEPTION 'the rows of allocation % come to %, not to %', NEW.id, listed, NEW.assigned
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER allocations_guard BEFORE UPDATE ON allocations FOR EACH ROW EXECUTE FUNCTION guard_allocation();
-- A further allocation may assign more than the one before, which the plan may have promised to another call meanwhile.
CREATE FUNCTION check_awarded_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_plan_covers_calls(c.territory_id, c.plan_id) FROM project_calls c WHERE c.id = NEW.project_call_id;
  RETURN NULL;
END $$;
CREATE TRIGGER allocations_within_plan AFTER UPDATE ON allocations
  FOR EACH ROW WHEN (OLD.state <> 'approved' AND NEW.state = 'approved') EXECUTE FUNCTION check_awarded_call();
CREATE TRIGGER allocations_stay BEFORE DELETE ON allocations FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A run's table as one reads it: with the names of projects and leads.
CREATE VIEW allocation_table AS
  SELECT r.*, p.title, p.state AS project_state, o.name AS lead_name
  FROM allocation_rows r
  JOIN projects p ON p.id = r.project_id
  JOIN organisations o ON o.id = r.lead_organisation_id;

-- What each project is admissible for, where that was set: the last word.
CREATE VIEW present_admissible_amounts AS
  SELECT DISTINCT ON (a.project_id) a.*, p.project_call_id, p.reference, p.title, p.requested_grant
  FROM admissible_amounts a
  JOIN projects p ON p.id = a.project_id
  ORDER BY a.project_id, a.number DESC;

-- Who got how much, by which act.
CREATE VIEW awards AS
  SELECT t.territory_id, a.project_call_id, t.allocation_id, t.position, t.project_id, t.reference, t.title,
    t.lead_organisation_id, t.lead_name, t.score, t.band, t.percentage, t.requested, t.assigned, a.act, a.act_date,
    a.approved_at, t.project_state
  FROM allocation_table t
  JOIN allocations a ON a.id = t.allocation_id
  WHERE a.state = 'approved' AND t.outcome = 'funded';
