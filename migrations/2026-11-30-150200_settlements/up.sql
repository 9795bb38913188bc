-- How a grant changes and ends: variations, settlement, revocation.

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
  CONSTRAINT project_variations_vary CHECK (num_nonnulls(proposal, ends_on) > 0),
  FOREIGN KEY (territory_id, project_id) REFERENCES grants (territory_id, project_id),
  FOREIGN KEY (project_id, budget_number) REFERENCES executive_budgets (project_id, number)
);
COMMENT ON COLUMN project_variations.proposal IS 'the budget asked for, as it was sent; null: only the end changes';
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
