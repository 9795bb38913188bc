-- Voucher calls, applications and rankings.
CREATE TABLE voucher_calls (
  id                   uuid PRIMARY KEY,
  territory_id         uuid NOT NULL,
  project_id           uuid NOT NULL,
  lead_organisation_id uuid NOT NULL,
  edition              integer NOT NULL CHECK (edition >= 1),
  title_it             text NOT NULL,
  title_en             text NOT NULL,
  state                text NOT NULL CHECK (state IN ('draft','open','closed','spending')),
  budget               numeric(14,2) NOT NULL CHECK (budget > 0),
  first_award_share    numeric(3,2) NOT NULL DEFAULT 1 CHECK (first_award_share > 0 AND first_award_share <= 1),
  value_per_child      numeric(14,2) NOT NULL CHECK (value_per_child > 0),
  household_cap        numeric(14,2) CHECK (household_cap >= value_per_child),
  minimum_age          smallint NOT NULL CHECK (minimum_age BETWEEN 0 AND 120),
  maximum_age          smallint NOT NULL CHECK (maximum_age BETWEEN 0 AND 120),
  criteria             jsonb NOT NULL CHECK (jsonb_typeof(criteria) = 'array'),
  tie_breaks           jsonb NOT NULL CHECK (jsonb_typeof(tie_breaks) = 'array'),
  spendable_categories text[],
  opens_at             timestamptz NOT NULL,
  closes_at            timestamptz NOT NULL,
  spend_by             date NOT NULL,
  version              bigint NOT NULL DEFAULT 1,
  created_at           timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, project_id, edition),
  CHECK (maximum_age >= minimum_age),
  CHECK (closes_at > opens_at),
  CHECK (spend_by > italian_day(closes_at)),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN voucher_calls.first_award_share IS 'share of the budget that the first approved ranking may award; the rest is kept for rolling';
CREATE INDEX voucher_calls_due ON voucher_calls (closes_at) WHERE state = 'open';

-- The terms that families applied under are never changed behind them.
CREATE FUNCTION refuse_change_of_open_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'voucher call % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER voucher_calls_frozen BEFORE UPDATE ON voucher_calls FOR EACH ROW
  WHEN (OLD.state <> 'draft' AND
        (OLD.project_id, OLD.lead_organisation_id, OLD.edition, OLD.budget, OLD.first_award_share, OLD.value_per_child,
         OLD.household_cap, OLD.minimum_age, OLD.maximum_age, OLD.criteria, OLD.tie_breaks, OLD.spendable_categories,
         OLD.opens_at, OLD.closes_at, OLD.spend_by)
        IS DISTINCT FROM
        (NEW.project_id, NEW.lead_organisation_id, NEW.edition, NEW.budget, NEW.first_award_share, NEW.value_per_child,
         NEW.household_cap, NEW.minimum_age, NEW.maximum_age, NEW.criteria, NEW.tie_breaks, NEW.spendable_categories,
         NEW.opens_at, NEW.closes_at, NEW.spend_by))
  EXECUTE FUNCTION refuse_change_of_open_call();

-- Employers whose people may apply; a call with no row here admits every employer of the network.
CREATE TABLE voucher_call_employers (
  territory_id    uuid NOT NULL,
  voucher_call_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  PRIMARY KEY (voucher_call_id, organisation_id),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);

-- Gapless protocol numbers: one counter per territory and year, moved in the transaction that submits.
CREATE TABLE protocol_counters (
  territory_id uuid NOT NULL REFERENCES territories,
  year         integer NOT NULL,
  last         integer NOT NULL CHECK (last >= 0),
  PRIMARY KEY (territory_id, year)
);

CREATE TABLE applications (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  voucher_call_id uuid NOT NULL,
  worker_id       uuid NOT NULL,
  employer_id     uuid NOT NULL,
  state           text NOT NULL CHECK (state IN ('draft','submitted','withdrawn','awarded','wait_listed','excluded')),
  protocol_number text CHECK (protocol_number ~ '^[0-9]{4}/[0-9]{6}$'),
  facts_sealed    bytea,
  submitted_at    timestamptz,
  version         bigint NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, protocol_number),
  CHECK (state = 'draft' OR state = 'withdrawn' OR (protocol_number IS NOT NULL AND submitted_at IS NOT NULL AND facts_sealed IS NOT NULL)),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id),
  FOREIGN KEY (territory_id, worker_id) REFERENCES workers (territory_id, id),
  FOREIGN KEY (territory_id, employer_id) REFERENCES organisations (territory_id, id)
);
CREATE UNIQUE INDEX applications_one_per_worker ON applications (voucher_call_id, worker_id) WHERE state <> 'withdrawn';
CREATE INDEX applications_of_worker ON applications (worker_id, id);
CREATE INDEX applications_of_call ON applications (voucher_call_id, id);
COMMENT ON COLUMN applications.facts_sealed IS 'the household as declared on submission; erased on withdrawal';

CREATE TABLE application_lines (
  id                  uuid PRIMARY KEY,
  territory_id        uuid NOT NULL,
  application_id      uuid NOT NULL,
  voucher_call_id     uuid NOT NULL,
  line                smallint NOT NULL CHECK (line >= 1),
  household_member_id uuid NOT NULL,
  child_index         bytea,
  facts_sealed        bytea,
  UNIQUE (territory_id, id),
  UNIQUE (application_id, line),
  UNIQUE (application_id, household_member_id),
  FOREIGN KEY (territory_id, application_id) REFERENCES applications (territory_id, id),
  FOREIGN KEY (territory_id, household_member_id) REFERENCES household_members (territory_id, id)
);
-- One child, one voucher of a call, whichever parent applies. Set on submission, cleared on withdrawal.
CREATE UNIQUE INDEX application_lines_one_per_child ON application_lines (voucher_call_id, child_index) WHERE child_index IS NOT NULL;

CREATE TABLE rankings (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  voucher_call_id uuid NOT NULL,
  number          integer NOT NULL CHECK (number >= 1),
  state           text NOT NULL CHECK (state IN ('computed','final','superseded')),
  inputs_hash     bytea NOT NULL,
  rules           jsonb NOT NULL,
  lines           integer NOT NULL CHECK (lines >= 0),
  awarded         integer NOT NULL CHECK (awarded >= 0),
  wait_listed     integer NOT NULL CHECK (wait_listed >= 0),
  excluded        integer NOT NULL CHECK (excluded >= 0),
  available       numeric(14,2) NOT NULL CHECK (available >= 0),
  awarded_amount  numeric(14,2) NOT NULL CHECK (awarded_amount >= 0),
  version         bigint NOT NULL DEFAULT 1,
  computed_by     uuid,
  computed_at     timestamptz NOT NULL DEFAULT now(),
  approved_by     uuid,
  approved_at     timestamptz,
  UNIQUE (territory_id, id),
  UNIQUE (voucher_call_id, number),
  CHECK (approved_by IS DISTINCT FROM computed_by OR approved_by IS NULL),
  CHECK (state <> 'final' OR approved_at IS NOT NULL),
  CHECK (lines = awarded + wait_listed + excluded),
  CONSTRAINT rankings_within_budget CHECK (awarded_amount <= available),
  FOREIGN KEY (territory_id, voucher_call_id) REFERENCES voucher_calls (territory_id, id)
);
CREATE UNIQUE INDEX rankings_one_final ON rankings (voucher_call_id) WHERE state = 'final';
COMMENT ON COLUMN rankings.available IS 'EUR that this ranking may award: the budget times the share of the first award';

CREATE TABLE ranking_rows (
  territory_id        uuid NOT NULL,
  ranking_id          uuid NOT NULL,
  position            integer NOT NULL CHECK (position >= 1),
  application_line_id uuid NOT NULL,
  protocol_number     text NOT NULL,
  line                smallint NOT NULL,
  points              integer NOT NULL,
  explanation_sealed  bytea NOT NULL,
  outcome             text NOT NULL CHECK (outcome IN ('awarded','wait_listed','excluded')),
  outcome_code        text NOT NULL,
  waiting_position    integer CHECK (waiting_position >= 1),
  amount              numeric(14,2) NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (ranking_id, position),
  UNIQUE (ranking_id, application_line_id),
  CHECK ((outcome = 'wait_listed') = (waiting_position IS NOT NULL)),
  CHECK ((outcome = 'awarded') = (amount > 0)),
  FOREIGN KEY (territory_id, ranking_id) REFERENCES rankings (territory_id, id),
  FOREIGN KEY (territory_id, application_line_id) REFERENCES application_lines (territory_id, id)
);
COMMENT ON COLUMN ranking_rows.explanation_sealed IS 'points per criterion and tie-break values: they tell health and means, so they are sealed';
CREATE TRIGGER ranking_rows_append_only BEFORE UPDATE OR DELETE ON ranking_rows
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ranking_rows_no_truncate BEFORE TRUNCATE ON ranking_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
