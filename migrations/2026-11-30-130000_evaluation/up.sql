-- The committee's evaluation of the projects of a call: scorecards, its closing, final scores.

-- What the grid and the projects must be unique by, for scorecards to refer to them.
ALTER TABLE evaluation_criteria ADD CONSTRAINT evaluation_criteria_maximum UNIQUE (project_call_id, code, maximum);
ALTER TABLE projects ADD CONSTRAINT projects_in_call UNIQUE (project_call_id, id);

-- The seats of the committee: who scores, and for which organisation. The titular and the substitutes of an
-- organisation share its seat; an account sits once, for the organisation that named it first.
CREATE FUNCTION evaluator_seats(p_territory uuid)
RETURNS TABLE (account_id uuid, organisation_id uuid) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (b.account_id) b.account_id, b.organisation_id FROM role_bindings b
  JOIN accounts a ON a.id = b.account_id AND a.disabled_at IS NULL
  WHERE b.territory_id = p_territory AND b.role = 'evaluator'
  ORDER BY b.account_id, b.granted_at, b.organisation_id
$$;

-- What the committee judges: the projects of calls, from when they are found admissible.
CREATE VIEW evaluated_projects AS
  SELECT territory_id, project_call_id, id AS project_id, reference, title, state, lead_organisation_id FROM projects
  WHERE project_call_id IS NOT NULL
    AND state NOT IN ('draft', 'submitted', 'integration_requested', 'inadmissible', 'merged');

-- What an evaluator gives a project. One that is found to be in conflict of interest is set aside: kept, and not counted.
CREATE TABLE scorecards (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  project_call_id uuid NOT NULL,
  project_id      uuid NOT NULL,
  account_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  state           text NOT NULL CHECK (state IN ('draft','submitted','set_aside')),
  submitted_at    timestamptz,
  set_aside_at    timestamptz,
  version         bigint NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (project_call_id, id),
  UNIQUE (project_id, account_id),
  CHECK (state <> 'draft' OR submitted_at IS NULL),
  CHECK (state <> 'submitted' OR submitted_at IS NOT NULL),
  CHECK ((state = 'set_aside') = (set_aside_at IS NOT NULL)),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id),
  FOREIGN KEY (project_call_id, project_id) REFERENCES projects (project_call_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN scorecards.organisation_id IS 'whose seat the evaluator filled when it wrote the card';
CREATE UNIQUE INDEX scorecards_one_per_seat ON scorecards (project_id, organisation_id) WHERE state = 'submitted';

CREATE TABLE scorecard_points (
  territory_id    uuid NOT NULL,
  project_call_id uuid NOT NULL,
  scorecard_id    uuid NOT NULL,
  criterion       text NOT NULL,
  maximum         numeric(7,2) NOT NULL,
  points          numeric(7,2) NOT NULL,
  comment         text CHECK (length(comment) BETWEEN 1 AND 2000),
  PRIMARY KEY (scorecard_id, criterion),
  CONSTRAINT scorecard_points_in_range CHECK (points BETWEEN 0 AND maximum),
  FOREIGN KEY (territory_id, scorecard_id) REFERENCES scorecards (territory_id, id),
  FOREIGN KEY (project_call_id, scorecard_id) REFERENCES scorecards (project_call_id, id),
  FOREIGN KEY (project_call_id, criterion, maximum) REFERENCES evaluation_criteria (project_call_id, code, maximum)
);
COMMENT ON COLUMN scorecard_points.maximum IS 'that of the criterion, so that points beyond it cannot be written';

-- A card changes while it is a draft, and is whole when it is submitted.
CREATE FUNCTION guard_scorecard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (OLD.territory_id, OLD.project_call_id, OLD.project_id, OLD.account_id, OLD.organisation_id)
        IS DISTINCT FROM (NEW.territory_id, NEW.project_call_id, NEW.project_id, NEW.account_id, NEW.organisation_id)
     OR (OLD.state <> 'draft' AND OLD.submitted_at IS DISTINCT FROM NEW.submitted_at)
     OR (OLD.state, NEW.state) NOT IN (('draft','draft'), ('draft','submitted'), ('draft','set_aside'), ('submitted','set_aside')) THEN
    RAISE EXCEPTION 'scorecard % stays as it is', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state = 'submitted' AND EXISTS (
       SELECT FROM evaluation_criteria c WHERE c.project_call_id = NEW.project_call_id AND NOT EXISTS (
         SELECT FROM scorecard_points p WHERE p.scorecard_id = NEW.id AND p.criterion = c.code)) THEN
    RAISE EXCEPTION 'scorecard % lacks a criterion', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scorecards_guarded BEFORE UPDATE OR DELETE ON scorecards
  FOR EACH ROW EXECUTE FUNCTION guard_scorecard();

CREATE FUNCTION guard_scorecard_points() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  card uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.scorecard_id ELSE NEW.scorecard_id END;
BEGIN
  IF (SELECT state FROM scorecards WHERE id = card) <> 'draft' THEN
    RAISE EXCEPTION 'the points of scorecard % stay as they are', card USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER scorecard_points_guarded BEFORE INSERT OR UPDATE OR DELETE ON scorecard_points
  FOR EACH ROW EXECUTE FUNCTION guard_scorecard_points();

-- Conflicts of the evaluators of a call under evaluation that are not logged yet, or whose card still counts.
CREATE FUNCTION pending_recusals(p_territory uuid, p_call uuid)
RETURNS TABLE (account_id uuid, project_id uuid, organisation_id uuid, ground text) LANGUAGE sql STABLE AS $$
  SELECT c.account_id, c.project_id, c.organisation_id, c.ground
  FROM conflicts_of_interest(p_territory, ARRAY(
         SELECT s.account_id FROM evaluator_seats(p_territory) s
         UNION SELECT s.account_id FROM scorecards s WHERE s.territory_id = p_territory AND s.project_call_id = p_call)) c
  JOIN evaluated_projects p ON p.territory_id = p_territory AND p.project_call_id = p_call AND p.project_id = c.project_id
  JOIN project_calls k ON k.territory_id = p_territory AND k.id = p_call AND k.state = 'evaluating'
  LEFT JOIN recusals r ON r.project_id = c.project_id AND r.account_id = c.account_id
    AND r.organisation_id = c.organisation_id AND r.ground = c.ground
  LEFT JOIN scorecards s ON s.project_id = c.project_id AND s.account_id = c.account_id AND s.state <> 'set_aside'
  WHERE r.id IS NULL OR s.id IS NOT NULL
$$;

-- Logs them and sets their cards aside. The caller holds the call.
CREATE FUNCTION log_recusals(p_territory uuid, p_call uuid) RETURNS bigint LANGUAGE sql AS $$
  WITH found AS MATERIALIZED (
    SELECT * FROM pending_recusals(p_territory, p_call)
  ), logged AS (
    INSERT INTO recusals (id, territory_id, project_call_id, project_id, account_id, organisation_id, ground)
    SELECT uuid_v7(), p_territory, p_call, f.project_id, f.account_id, f.organisation_id, f.ground FROM found f
    ON CONFLICT DO NOTHING
    RETURNING project_id
  ), aside AS (
    UPDATE scorecards s SET state = 'set_aside', set_aside_at = now(), version = s.version + 1
    FROM scorecards before
    WHERE before.id = s.id AND s.territory_id = p_territory AND s.project_call_id = p_call AND s.state <> 'set_aside'
      AND EXISTS (SELECT FROM found f WHERE f.project_id = s.project_id AND f.account_id = s.account_id)
    RETURNING s.id, s.project_id, before.state AS was
  ), told AS (
    INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
    SELECT uuid_v7(), p_territory, 'scorecard.set_aside', a.id, jsonb_build_object('project_id', a.project_id) FROM aside a
  ), moved AS (
    INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role, reason)
    SELECT uuid_v7(), p_territory, 'scorecard', a.id, a.was, 'set_aside', 'system', 'conflict of interest' FROM aside a
  )
  SELECT count(*) FROM logged
$$;

-- How many seats should have scored each project, how many have not, and how many cards count.
CREATE FUNCTION evaluation_completeness(p_territory uuid, p_call uuid)
RETURNS TABLE (project_id uuid, expected integer, missing integer, counted integer) LANGUAGE sql STABLE AS $$
  WITH seats AS MATERIALIZED (
    SELECT * FROM evaluator_seats(p_territory)
  ), barred AS MATERIALIZED (
    SELECT DISTINCT c.account_id, c.project_id
    FROM conflicts_of_interest(p_territory, ARRAY(SELECT s.account_id FROM seats s)) c
  ), counting AS MATERIALIZED (
    SELECT s.project_id, s.organisation_id FROM scorecards s
    WHERE s.territory_id = p_territory AND s.project_call_id = p_call AND s.state = 'submitted'
  ), due AS (
    SELECT p.project_id, count(DISTINCT s.organisation_id) AS expected,
      count(DISTINCT s.organisation_id) FILTER (WHERE c.project_id IS NULL) AS missing
    FROM evaluated_projects p CROSS JOIN seats s
    LEFT JOIN barred b ON b.account_id = s.account_id AND b.project_id = p.project_id
    LEFT JOIN counting c ON c.project_id = p.project_id AND c.organisation_id = s.organisation_id
    WHERE p.territory_id = p_territory AND p.project_call_id = p_call AND b.account_id IS NULL
    GROUP BY p.project_id
  ), done AS (
    SELECT c.project_id, count(*) AS counted FROM counting c GROUP BY c.project_id
  )
  SELECT p.project_id, coalesce(due.expected, 0)::integer, coalesce(due.missing, 0)::integer,
    coalesce(done.counted, 0)::integer
  FROM evaluated_projects p
  LEFT JOIN due ON due.project_id = p.project_id
  LEFT JOIN done ON done.project_id = p.project_id
  WHERE p.territory_id = p_territory AND p.project_call_id = p_call
$$;

-- The end of the scoring of a call, and how complete it was.
CREATE TABLE evaluation_closures (
  project_call_id   uuid PRIMARY KEY,
  territory_id      uuid NOT NULL,
  incomplete_reason text CHECK (length(incomplete_reason) BETWEEN 1 AND 1000),
  closed_by         uuid NOT NULL,
  closed_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, project_call_id),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id)
);
CREATE TRIGGER evaluation_closures_append_only BEFORE UPDATE OR DELETE ON evaluation_closures
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE evaluation_closure_projects (
  territory_id    uuid NOT NULL,
  project_call_id uuid NOT NULL,
  project_id      uuid NOT NULL,
  expected        integer NOT NULL CHECK (expected >= 0),
  missing         integer NOT NULL CHECK (missing BETWEEN 0 AND expected),
  counted         integer NOT NULL CHECK (counted >= 0),
  PRIMARY KEY (project_call_id, project_id),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES evaluation_closures (territory_id, project_call_id),
  FOREIGN KEY (project_call_id, project_id) REFERENCES projects (project_call_id, id)
);
CREATE TRIGGER evaluation_closure_projects_append_only BEFORE UPDATE OR DELETE ON evaluation_closure_projects
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The committee's scores. A correction is a new row with the next number; the last one holds.
CREATE TABLE final_scores (
  id                uuid PRIMARY KEY,
  territory_id      uuid NOT NULL,
  project_call_id   uuid NOT NULL,
  project_id        uuid NOT NULL,
  number            smallint NOT NULL CHECK (number >= 1),
  score             numeric(7,2) NOT NULL CHECK (score >= 0),
  minutes_act       text NOT NULL CHECK (length(minutes_act) BETWEEN 1 AND 200),
  minutes_date      date NOT NULL,
  meeting_id        uuid,
  correction_reason text CHECK (length(correction_reason) BETWEEN 1 AND 1000),
  recorded_by       uuid,
  recorded_at       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (project_id, number),
  CHECK ((number = 1) = (correction_reason IS NULL)),
  FOREIGN KEY (territory_id, project_call_id) REFERENCES project_calls (territory_id, id),
  FOREIGN KEY (project_call_id, project_id) REFERENCES projects (project_call_id, id)
);
COMMENT ON COLUMN final_scores.recorded_by IS 'null when loaded from the acts of the past';
CREATE INDEX final_scores_of_call ON final_scores (project_call_id, project_id, number DESC);
CREATE TRIGGER final_scores_append_only BEFORE UPDATE OR DELETE ON final_scores
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION guard_final_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.score > (SELECT sum(maximum) FROM evaluation_criteria WHERE project_call_id = NEW.project_call_id) THEN
    RAISE EXCEPTION 'score % is beyond the grid of call %', NEW.score, NEW.project_call_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM final_scores WHERE project_id = NEW.project_id) THEN
    RAISE EXCEPTION 'score % of project % is out of turn', NEW.number, NEW.project_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER final_scores_guarded BEFORE INSERT ON final_scores
  FOR EACH ROW EXECUTE FUNCTION guard_final_score();
