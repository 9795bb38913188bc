-- Paths that companies follow step by step, and the companies that follow them.
CREATE TABLE company_paths (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  action_id    uuid NOT NULL,
  state        text NOT NULL CHECK (state IN ('open','closed')),
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  description  text NOT NULL CHECK (length(description) BETWEEN 1 AND 4000),
  version      bigint NOT NULL DEFAULT 1,
  created_by   uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id)
);
CREATE INDEX company_paths_of_action ON company_paths (action_id, id);

CREATE TABLE company_path_steps (
  territory_id uuid NOT NULL,
  path_id      uuid NOT NULL,
  position     smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
  kind         text NOT NULL CHECK (kind IN ('assessment','training','regulation_support','survey')),
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  PRIMARY KEY (path_id, position),
  FOREIGN KEY (territory_id, path_id) REFERENCES company_paths (territory_id, id)
);
CREATE TRIGGER company_path_steps_append_only BEFORE UPDATE OR DELETE ON company_path_steps
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE path_participations (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  path_id         uuid NOT NULL,
  organisation_id uuid NOT NULL,
  state           text NOT NULL CHECK (state IN ('running','completed','withdrawn')),
  steps_done      smallint NOT NULL DEFAULT 0 CHECK (steps_done >= 0),
  joined_on       date NOT NULL,
  version         bigint NOT NULL DEFAULT 1,
  created_by      uuid NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (path_id, id),
  FOREIGN KEY (territory_id, path_id) REFERENCES company_paths (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
CREATE UNIQUE INDEX path_participations_live ON path_participations (path_id, organisation_id) WHERE state <> 'withdrawn';
CREATE INDEX path_participations_of_organisation ON path_participations (organisation_id, id);

CREATE TABLE path_participation_steps (
  participation_id uuid NOT NULL,
  territory_id     uuid NOT NULL,
  path_id          uuid NOT NULL,
  position         smallint NOT NULL,
  done_on          date NOT NULL,
  outcome          text NOT NULL CHECK (length(outcome) BETWEEN 1 AND 1000),
  recorded_by      uuid NOT NULL,
  recorded_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (participation_id, position),
  FOREIGN KEY (path_id, participation_id) REFERENCES path_participations (path_id, id),
  FOREIGN KEY (path_id, position) REFERENCES company_path_steps (path_id, position)
);
CREATE TRIGGER path_participation_steps_append_only BEFORE UPDATE OR DELETE ON path_participation_steps
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Steps are taken one after the other.
CREATE FUNCTION take_path_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE path_participations SET steps_done = NEW.position, version = version + 1
   WHERE id = NEW.participation_id AND state = 'running' AND steps_done = NEW.position - 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'step % is not the next one', NEW.position USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER path_participation_steps_in_order AFTER INSERT ON path_participation_steps
  FOR EACH ROW EXECUTE FUNCTION take_path_step();

-- Whom the actions reach: each person who was present at an event once, by the blind index of the e-mail address; each
-- company whose people were present or that follows a path, unless it left before the first step.
CREATE VIEW action_people_reached AS
  SELECT e.territory_id, e.action_id, s.person_index, min(italian_day(ss.starts_at)) AS reached_on
    FROM event_attendance a
    JOIN event_sessions ss ON ss.id = a.session_id
    JOIN event_sign_ups s ON s.id = a.sign_up_id
    JOIN events e ON e.id = a.event_id
   WHERE e.action_id IS NOT NULL
   GROUP BY e.territory_id, e.action_id, s.person_index;

CREATE VIEW action_companies_reached AS
  SELECT r.territory_id, r.action_id, r.organisation_id, min(r.reached_on) AS reached_on
    FROM (SELECT e.territory_id, e.action_id, s.organisation_id, italian_day(ss.starts_at) AS reached_on
            FROM event_attendance a
            JOIN event_sessions ss ON ss.id = a.session_id
            JOIN event_sign_ups s ON s.id = a.sign_up_id
            JOIN events e ON e.id = a.event_id
           WHERE e.action_id IS NOT NULL AND s.organisation_id IS NOT NULL
          UNION ALL
          SELECT p.territory_id, p.action_id, x.organisation_id, x.joined_on
            FROM path_participations x JOIN company_paths p ON p.id = x.path_id
           WHERE x.state <> 'withdrawn' OR x.steps_done > 0) r
    JOIN organisations o ON o.id = r.organisation_id AND o.kind = 'company'
   GROUP BY r.territory_id, r.action_id, r.organisation_id;
