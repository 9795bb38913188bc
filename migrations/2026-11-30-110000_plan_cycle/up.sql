-- The plan cycle: the multi-year plan, its calls for projects, and the projects that local alliances propose.

CREATE TABLE planning_settings (
  territory_id         uuid PRIMARY KEY REFERENCES territories,
  lead_kinds           text NOT NULL DEFAULT 'public_or_nonprofit' CHECK (lead_kinds IN ('public_or_nonprofit','public_only')),
  system_actions_share numeric(5,4) NOT NULL DEFAULT 0.20 CHECK (system_actions_share BETWEEN 0 AND 1),
  version              bigint NOT NULL DEFAULT 1
);
COMMENT ON COLUMN planning_settings.lead_kinds IS 'who may lead an alliance; a call copies it when it opens';
COMMENT ON COLUMN planning_settings.system_actions_share IS 'share of a plan''s resources that the agency keeps for its own actions';

CREATE TABLE plans (
  id                    uuid PRIMARY KEY,
  territory_id          uuid NOT NULL REFERENCES territories,
  title                 text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  from_year             smallint NOT NULL CHECK (from_year BETWEEN 2000 AND 2099),
  to_year               smallint NOT NULL CHECK (to_year BETWEEN 2000 AND 2099),
  resources             numeric(14,2) NOT NULL CHECK (resources > 0),
  local_alliances       numeric(14,2) NOT NULL CHECK (local_alliances >= 0),
  system_actions        numeric(14,2) NOT NULL CHECK (system_actions >= 0),
  address_document_act  text NOT NULL CHECK (length(address_document_act) BETWEEN 1 AND 200),
  address_document_date date NOT NULL,
  expected_people       integer NOT NULL CHECK (expected_people >= 0),
  expected_companies    integer NOT NULL CHECK (expected_companies >= 0),
  version               bigint NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, from_year, to_year),
  CHECK (to_year >= from_year),
  CONSTRAINT plans_resources_add_up CHECK (resources = local_alliances + system_actions)
);

-- The agency keeps its share of the resources, to the cent, rounded half up. A plan whose money stays as it is keeps the
-- share that it was made with.
CREATE FUNCTION check_plan_share() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  share numeric := coalesce((SELECT system_actions_share FROM planning_settings WHERE territory_id = NEW.territory_id), 0.20);
BEGIN
  IF NEW.system_actions <> round(NEW.resources * share, 2) THEN
    RAISE EXCEPTION 'system actions are not % of the resources', share
      USING ERRCODE = 'check_violation', CONSTRAINT = 'plans_system_actions_share';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER plans_keep_share_when_made BEFORE INSERT ON plans
  FOR EACH ROW EXECUTE FUNCTION check_plan_share();
CREATE TRIGGER plans_keep_share_when_changed BEFORE UPDATE ON plans
  FOR EACH ROW WHEN ((OLD.resources, OLD.system_actions) IS DISTINCT FROM (NEW.resources, NEW.system_actions))
  EXECUTE FUNCTION check_plan_share();

CREATE TABLE project_calls (
  id                    uuid PRIMARY KEY,
  territory_id          uuid NOT NULL,
  plan_id               uuid NOT NULL,
  number                smallint NOT NULL CHECK (number BETWEEN 1 AND 999),
  title                 text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  state                 text NOT NULL CHECK (state IN ('draft','open','closed','evaluating','awarded','archived','cancelled')),
  address_document_act  text NOT NULL CHECK (length(address_document_act) BETWEEN 1 AND 200),
  address_document_date date NOT NULL,
  budget                numeric(14,2) NOT NULL CHECK (budget > 0),
  opens_at              timestamptz NOT NULL,
  closes_at             timestamptz NOT NULL,
  intervention_types    text[] NOT NULL CHECK (intervention_types <@ ARRAY['a','b','c','d','e','f'] AND cardinality(intervention_types) >= 1),
  lead_kinds            text NOT NULL CHECK (lead_kinds IN ('public_or_nonprofit','public_only')),
  coordination_limit    numeric(5,4) NOT NULL DEFAULT 0.15 CHECK (coordination_limit BETWEEN 0 AND 1),
  cofinancing_minimum   numeric(5,4) NOT NULL DEFAULT 0.30 CHECK (cofinancing_minimum BETWEEN 0 AND 1),
  shift_threshold       numeric(5,4) NOT NULL DEFAULT 0.10 CHECK (shift_threshold BETWEEN 0 AND 1),
  maximum_grant         numeric(14,2) CHECK (maximum_grant > 0),
  minimum_score         numeric(7,2) CHECK (minimum_score >= 0),
  last_reference        smallint NOT NULL DEFAULT 0 CHECK (last_reference >= 0),
  version               bigint NOT NULL DEFAULT 1,
  created_by            uuid,
  created_at            timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (territory_id, number),
  CHECK (closes_at > opens_at),
  FOREIGN KEY (territory_id, plan_id) REFERENCES plans (territory_id, id)
);
COMMENT ON COLUMN project_calls.closes_at IS 'as extended; what was first set is in project_call_extensions';
COMMENT ON COLUMN project_calls.coordination_limit IS 'share of the total that coordination, monitoring and reporting may take';
COMMENT ON COLUMN project_calls.cofinancing_minimum IS 'share of the total, truncated to the cent, that co-financing must reach';
COMMENT ON COLUMN project_calls.shift_threshold IS 'share of a cost item that may be shifted to another without approval';
COMMENT ON COLUMN project_calls.last_reference IS 'the last project of the call is <number>.<last_reference>';
CREATE INDEX project_calls_of_plan ON project_calls (plan_id, id);

-- What a plan has promised to the calls that were opened: what each has assigned or, before its award, its whole budget. The
-- language lets it name allocations, which come later.
CREATE FUNCTION plan_promised(p_territory uuid, p_plan uuid) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT coalesce(sum(coalesce((SELECT a.assigned FROM allocations a WHERE a.project_call_id = c.id AND a.state = 'approved'),
                                       c.budget)), 0.00)
            FROM project_calls c WHERE c.territory_id = p_territory AND c.plan_id = p_plan AND c.state NOT IN ('draft','cancelled'));
END $$;
-- No euro of a plan is promised twice. The plan's row is held, after the call's, until the transaction ends: two calls cannot
-- be opened on the same money.
CREATE FUNCTION check_plan_covers_calls(p_territory uuid, p_plan uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_available numeric;
BEGIN
  SELECT local_alliances INTO v_available FROM plans WHERE territory_id = p_territory AND id = p_plan FOR NO KEY UPDATE;
  IF plan_promised(p_territory, p_plan) > v_available THEN
    RAISE EXCEPTION 'plan % promises more than its % for local alliances', p_plan, v_available
      USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_local_alliances_not_negative';
  END IF;
END $$;
CREATE FUNCTION check_opened_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_plan_covers_calls(NEW.territory_id, NEW.plan_id);
  RETURN NULL;
END $$;
CREATE TRIGGER project_calls_within_plan AFTER UPDATE ON project_calls
  FOR EACH ROW WHEN (OLD.state IN ('draft','cancelled') AND NEW.state NOT IN ('draft','cancelled'))
  EXECUTE FUNCTION check_opened_call();
CREATE FUNCTION check_lowered_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_plan_covers_calls(NEW.territory_id, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER plans_cover_calls AFTER UPDATE ON plans
  FOR EACH ROW WHEN (NEW.local_alliances < OLD.local_alliances) EXECUTE FUNCTION check_lowered_plan();

CREATE TABLE evaluation_criteria (
  territory_id    uuid NOT NULL,
  project_call_id uuid NOT NULL,
  position        smallint NOT NULL CHECK (position BETWEEN 1 AND 30),
  code            text NOT NULL CHECK (code ~ '^[a-z0-9]+(_[a-z0-9]+)*$' AND length(code) BETWEEN 2 AND 60),
  title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  maximum         numeric(7,2) NOT NULL CHECK (maximum > 0),
  PRIMARY KEY (project_call_id, code),
  UNIQUE (project_call_id, position),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id)
);

CREATE TABLE project_call_extensions (
  id                 uuid PRIMARY KEY,
  territory_id       uuid NOT NULL,
  project_call_id    uuid NOT NULL,
  act                text NOT NULL CHECK (length(act) BETWEEN 1 AND 200),
  act_date           date NOT NULL,
  previous_closes_at timestamptz NOT NULL,
  closes_at          timestamptz NOT NULL,
  extended_by        uuid NOT NULL,
  extended_at        timestamptz NOT NULL DEFAULT now(),
  CHECK (closes_at > previous_closes_at),
  UNIQUE (project_call_id, act),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id)
);
CREATE TRIGGER project_call_extensions_append_only BEFORE UPDATE OR DELETE ON project_call_extensions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A project, from the first draft of its alliance to its closing.
ALTER TABLE projects
  ADD project_call_id    uuid,
  ADD alliance           text CHECK (length(alliance) BETWEEN 1 AND 300),
  ADD state              text NOT NULL DEFAULT 'running' CHECK (state IN
        ('draft','submitted','integration_requested','admissible','inadmissible','scored','funded','not_funded','accepted',
         'declined','signed','running','variation','settled','closed','merged','revoked')),
  ADD open_alliance      boolean NOT NULL DEFAULT false,
  ADD summary            text CHECK (length(summary) BETWEEN 1 AND 4000),
  ADD intervention_types text[] NOT NULL DEFAULT '{}' CHECK (intervention_types <@ ARRAY['a','b','c','d','e','f']),
  ADD whp_link           boolean NOT NULL DEFAULT false,
  ADD zone_plan_link     boolean NOT NULL DEFAULT false,
  ADD cost_staff         numeric(14,2) NOT NULL DEFAULT 0 CHECK (cost_staff >= 0),
  ADD cost_coordination  numeric(14,2) NOT NULL DEFAULT 0 CHECK (cost_coordination >= 0),
  ADD cost_goods         numeric(14,2) NOT NULL DEFAULT 0 CHECK (cost_goods >= 0),
  ADD cost_services      numeric(14,2) NOT NULL DEFAULT 0 CHECK (cost_services >= 0),
  ADD cost_vouchers      numeric(14,2) NOT NULL DEFAULT 0 CHECK (cost_vouchers >= 0),
  ADD cost_general       numeric(14,2) NOT NULL DEFAULT 0 CHECK (cost_general >= 0),
  ADD requested_grant    numeric(14,2) NOT NULL DEFAULT 0 CHECK (requested_grant >= 0),
  ADD merged_into        uuid,
  ADD submitted_at       timestamptz,
  ADD created_by         uuid,
  ADD version            bigint NOT NULL DEFAULT 1,
  ADD CONSTRAINT projects_of_call FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id),
  ADD CONSTRAINT projects_merged_into FOREIGN KEY (territory_id, merged_into) REFERENCES projects (territory_id, id),
  ADD CONSTRAINT projects_merged CHECK ((state = 'merged') = (merged_into IS NOT NULL) AND merged_into <> id),
  ADD CONSTRAINT projects_submitted CHECK (state IN ('draft','running') OR submitted_at IS NOT NULL);
ALTER TABLE projects ALTER state DROP DEFAULT;
COMMENT ON COLUMN projects.cost_staff IS 'cost item A, of which cost_coordination; B goods, C services, D vouchers, E general';
COMMENT ON COLUMN projects.state IS 'a project without a call was entered as already running';
CREATE INDEX projects_of_call ON projects (project_call_id, id);
CREATE INDEX projects_of_lead ON projects (lead_organisation_id, id);

-- Mandates of partners: from when, until when, in whose place. A partner that left stays on record.
ALTER TABLE project_partners
  ADD mandate_on date,
  ADD joined_on  date,
  ADD left_on    date,
  ADD substitutes uuid,
  ADD leave_reason text CHECK (length(leave_reason) BETWEEN 1 AND 1000),
  ADD CONSTRAINT project_partners_left CHECK (left_on >= joined_on),
  ADD CONSTRAINT project_partners_substitutes FOREIGN KEY (project_id, substitutes) REFERENCES project_partners (project_id, organisation_id);
COMMENT ON COLUMN project_partners.mandate_on IS 'day on which the partner signed its mandate to the lead';
COMMENT ON COLUMN project_partners.substitutes IS 'the partner whose place this one took';

-- What each partner puts in. In-kind is valued staff hours. A line counts once its partner has signed it off.
CREATE TABLE cofinancing_lines (
  territory_id    uuid NOT NULL,
  project_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  monetary        numeric(14,2) NOT NULL CHECK (monetary >= 0),
  in_kind         numeric(14,2) NOT NULL CHECK (in_kind >= 0),
  signed_off_by   uuid,
  signed_off_at   timestamptz,
  PRIMARY KEY (project_id, organisation_id),
  CHECK ((signed_off_by IS NULL) OR (signed_off_at IS NOT NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id),
  FOREIGN KEY (project_id, organisation_id) REFERENCES project_partners (project_id, organisation_id)
);

CREATE TABLE project_activities (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  number       smallint NOT NULL CHECK (number BETWEEN 1 AND 99),
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  months       date[] NOT NULL DEFAULT '{}',
  UNIQUE (territory_id, id),
  UNIQUE (project_id, number),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
COMMENT ON COLUMN project_activities.months IS 'first days of the months in which it runs, in order';

CREATE TABLE activity_targets (
  territory_id uuid NOT NULL,
  activity_id  uuid NOT NULL,
  year         smallint NOT NULL CHECK (year BETWEEN 2000 AND 2099),
  measure      text NOT NULL CHECK (measure IN ('people','companies','events','hours')),
  expected     integer NOT NULL CHECK (expected > 0),
  PRIMARY KEY (activity_id, year, measure),
  FOREIGN KEY (territory_id, activity_id) REFERENCES project_activities (territory_id, id) ON DELETE CASCADE
);

-- The whole of a project as it stood: at each submission, integration, merger, variation.
CREATE TABLE project_versions (
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  number       integer NOT NULL CHECK (number >= 1),
  reason       text NOT NULL CHECK (reason IN ('submitted','integrated','merged','variation','partners','awarded')),
  snapshot     jsonb NOT NULL,
  created_by   uuid,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, number),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
CREATE TRIGGER project_versions_append_only BEFORE UPDATE OR DELETE ON project_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE integration_requests (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  project_id   uuid NOT NULL,
  request      text NOT NULL CHECK (length(request) BETWEEN 1 AND 4000),
  due_at       timestamptz NOT NULL,
  requested_by uuid NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  answer       text CHECK (length(answer) BETWEEN 1 AND 4000),
  answered_at  timestamptz,
  UNIQUE (territory_id, id),
  CHECK ((answer IS NULL) = (answered_at IS NULL)),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
CREATE UNIQUE INDEX integration_requests_open ON integration_requests (project_id) WHERE answered_at IS NULL;
