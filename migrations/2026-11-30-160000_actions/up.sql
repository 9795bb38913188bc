-- What the agency runs itself with its share of a plan's resources: system and cross-cutting actions with their money and
-- meetings, training events, company paths. And questionnaires.

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

-- Training events: seminars, webinars, courses, workshops.
CREATE TABLE events (
  id                uuid PRIMARY KEY,
  territory_id      uuid NOT NULL REFERENCES territories,
  action_id         uuid,
  kind              text NOT NULL CHECK (kind IN ('seminar','webinar','course','workshop')),
  state             text NOT NULL CHECK (state IN ('draft','published','concluded','cancelled')),
  title             text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  description       text NOT NULL CHECK (length(description) BETWEEN 1 AND 4000),
  place             text NOT NULL CHECK (place IN ('address','online')),
  municipality      text CHECK (length(municipality) BETWEEN 1 AND 100),
  address           text CHECK (length(address) BETWEEN 1 AND 200),
  online_url        text CHECK (length(online_url) BETWEEN 1 AND 500),
  capacity          integer NOT NULL CHECK (capacity BETWEEN 1 AND 5000),
  places_taken      integer NOT NULL DEFAULT 0,
  waiting           integer NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  last_position     integer NOT NULL DEFAULT 0 CHECK (last_position >= 0),
  sign_up_opens_at  timestamptz NOT NULL,
  sign_up_closes_at timestamptz NOT NULL CHECK (sign_up_closes_at > sign_up_opens_at),
  starts_at         timestamptz NOT NULL,
  ends_at           timestamptz NOT NULL CHECK (ends_at > starts_at),
  certificate_share numeric(5,4) NOT NULL CHECK (certificate_share > 0 AND certificate_share <= 1),
  version           bigint NOT NULL DEFAULT 1,
  created_by        uuid NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT events_not_oversold CHECK (places_taken BETWEEN 0 AND capacity),
  UNIQUE (territory_id, id),
  CHECK ((place = 'address') = (address IS NOT NULL) AND (place = 'address') = (municipality IS NOT NULL)),
  CHECK (place = 'online' OR online_url IS NULL),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id)
) WITH (fillfactor = 70);
COMMENT ON COLUMN events.online_url IS 'shown to those who have a place, and to the agency';
COMMENT ON COLUMN events.certificate_share IS 'share of the hours that one must have attended to get a certificate';
COMMENT ON COLUMN events.starts_at IS 'start of its first session; ends_at is the end of its last';
COMMENT ON COLUMN events.last_position IS 'the order in which people signed up';
CREATE INDEX events_by_start ON events (starts_at, id) WHERE state <> 'draft';
CREATE INDEX events_of_action ON events (action_id) WHERE action_id IS NOT NULL;

CREATE TABLE event_sessions (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  event_id     uuid NOT NULL,
  starts_at    timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL CHECK (ends_at > starts_at),
  recorded_at  timestamptz,
  recorded_by  uuid,
  version      bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (event_id, id),
  CHECK ((recorded_at IS NULL) = (recorded_by IS NULL)),
  FOREIGN KEY (territory_id, event_id) REFERENCES events (territory_id, id)
);
COMMENT ON COLUMN event_sessions.recorded_at IS 'when attendance was last recorded';
CREATE INDEX event_sessions_of_event ON event_sessions (event_id, starts_at);

CREATE TABLE event_sign_ups (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  event_id        uuid NOT NULL,
  position        integer NOT NULL CHECK (position >= 1),
  state           text NOT NULL CHECK (state IN ('confirmed','waiting','cancelled')),
  account_id      uuid NOT NULL,
  organisation_id uuid,
  person_sealed   bytea NOT NULL,
  person_index    bytea NOT NULL CHECK (length(person_index) = 16),
  version         bigint NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (event_id, id),
  UNIQUE (event_id, position),
  FOREIGN KEY (territory_id, event_id) REFERENCES events (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN event_sign_ups.account_id IS 'account or API client that signed the person up';
COMMENT ON COLUMN event_sign_ups.organisation_id IS 'on whose behalf; null when people sign up themselves';
COMMENT ON COLUMN event_sign_ups.person_index IS 'blind index of the e-mail address: one person, one place, and one head in the counts of a territory';
CREATE UNIQUE INDEX event_sign_ups_of_person ON event_sign_ups (event_id, person_index) WHERE state <> 'cancelled';
CREATE UNIQUE INDEX event_sign_ups_of_oneself ON event_sign_ups (event_id, account_id) WHERE state <> 'cancelled' AND organisation_id IS NULL;
CREATE INDEX event_sign_ups_waiting ON event_sign_ups (event_id, position) WHERE state = 'waiting';
CREATE INDEX event_sign_ups_of_account ON event_sign_ups (account_id, id);
CREATE INDEX event_sign_ups_of_organisation ON event_sign_ups (organisation_id, id) WHERE organisation_id IS NOT NULL;

-- The counters follow the rows whoever writes them, and the event's check has the last word.
CREATE FUNCTION count_event_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE events e SET places_taken = places_taken + n.confirmed, waiting = e.waiting + n.waiting,
                        last_position = greatest(last_position, n.last), version = version + 1
      FROM (SELECT event_id, count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
                   count(*) FILTER (WHERE state = 'waiting') AS waiting, max(position) AS last
              FROM now_there GROUP BY event_id) n
     WHERE e.id = n.event_id;
  ELSE
    UPDATE events e SET places_taken = places_taken + n.confirmed, waiting = e.waiting + n.waiting, version = version + 1
      FROM (SELECT now_there.event_id, sum((now_there.state = 'confirmed')::int - (before.state = 'confirmed')::int) AS confirmed,
                   sum((now_there.state = 'waiting')::int - (before.state = 'waiting')::int) AS waiting
              FROM now_there JOIN before USING (id) GROUP BY now_there.event_id) n
     WHERE e.id = n.event_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER event_sign_ups_count_when_made AFTER INSERT ON event_sign_ups
  REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION count_event_places();
CREATE TRIGGER event_sign_ups_count_when_moved AFTER UPDATE ON event_sign_ups
  REFERENCING OLD TABLE AS before NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION count_event_places();
CREATE TRIGGER event_sign_ups_stay BEFORE DELETE ON event_sign_ups
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who was present at a session; whoever is not here was absent.
CREATE TABLE event_attendance (
  territory_id uuid NOT NULL,
  event_id     uuid NOT NULL,
  session_id   uuid NOT NULL,
  sign_up_id   uuid NOT NULL,
  PRIMARY KEY (session_id, sign_up_id),
  FOREIGN KEY (event_id, session_id) REFERENCES event_sessions (event_id, id),
  FOREIGN KEY (event_id, sign_up_id) REFERENCES event_sign_ups (event_id, id)
);
CREATE INDEX event_attendance_of_sign_up ON event_attendance (sign_up_id);

CREATE TABLE event_certificate_counters (
  territory_id uuid NOT NULL REFERENCES territories,
  year         smallint NOT NULL,
  last         integer NOT NULL CHECK (last >= 1),
  PRIMARY KEY (territory_id, year)
);

CREATE TABLE event_certificates (
  sign_up_id       uuid PRIMARY KEY,
  territory_id     uuid NOT NULL,
  year             smallint NOT NULL,
  number           integer NOT NULL CHECK (number >= 1),
  attended_minutes integer NOT NULL CHECK (attended_minutes > 0),
  total_minutes    integer NOT NULL,
  issued_by        uuid NOT NULL,
  issued_at        timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, year, number),
  CHECK (attended_minutes <= total_minutes),
  FOREIGN KEY (territory_id, sign_up_id) REFERENCES event_sign_ups (territory_id, id)
);
CREATE TRIGGER event_certificates_append_only BEFORE UPDATE OR DELETE ON event_certificates
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

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
  SELECT e.territory_id, e.action_id, s.person_index, min((ss.starts_at AT TIME ZONE 'UTC')::date) AS reached_on
    FROM event_attendance a
    JOIN event_sessions ss ON ss.id = a.session_id
    JOIN event_sign_ups s ON s.id = a.sign_up_id
    JOIN events e ON e.id = a.event_id
   WHERE e.action_id IS NOT NULL
   GROUP BY e.territory_id, e.action_id, s.person_index;

CREATE VIEW action_companies_reached AS
  SELECT r.territory_id, r.action_id, r.organisation_id, min(r.reached_on) AS reached_on
    FROM (SELECT e.territory_id, e.action_id, s.organisation_id, (ss.starts_at AT TIME ZONE 'UTC')::date AS reached_on
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

-- Questionnaires. Nothing here ties an answer to a person: see the comments on takers, spent tokens and answers.
CREATE TABLE questionnaires (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  organisation_id uuid NOT NULL,
  action_id       uuid,
  event_id        uuid,
  audience        text NOT NULL CHECK (audience IN ('public_link','event_participants','workers')),
  state           text NOT NULL CHECK (state IN ('draft','open','closed')),
  title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  description     text NOT NULL CHECK (length(description) BETWEEN 1 AND 2000),
  answers         integer NOT NULL DEFAULT 0 CHECK (answers >= 0),
  answers_shown   integer NOT NULL DEFAULT 0 CHECK (answers_shown >= 0 AND answers_shown <= answers),
  closed_on       date,
  version         bigint NOT NULL DEFAULT 1,
  created_by      uuid NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  CHECK ((audience = 'event_participants') = (event_id IS NOT NULL)),
  CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id),
  FOREIGN KEY (territory_id, action_id) REFERENCES actions (territory_id, id),
  FOREIGN KEY (territory_id, event_id) REFERENCES events (territory_id, id)
);
COMMENT ON COLUMN questionnaires.answers_shown IS
  'how many answers the results that somebody looked at while it was open held: later results must hold the same or at least five more, or the difference would betray the few';
CREATE INDEX questionnaires_of_territory ON questionnaires (territory_id, id);

CREATE TABLE questionnaire_questions (
  questionnaire_id uuid NOT NULL,
  territory_id     uuid NOT NULL,
  position         smallint NOT NULL CHECK (position BETWEEN 1 AND 50),
  kind             text NOT NULL CHECK (kind IN ('rating','single_choice','multiple_choice','free_text')),
  question         text NOT NULL CHECK (length(question) BETWEEN 1 AND 500),
  options          text[] NOT NULL DEFAULT '{}' CHECK (cardinality(options) <= 20),
  required         boolean NOT NULL,
  PRIMARY KEY (questionnaire_id, position),
  CHECK ((kind IN ('single_choice','multiple_choice')) = (cardinality(options) >= 2)),
  FOREIGN KEY (territory_id, questionnaire_id) REFERENCES questionnaires (territory_id, id)
);

CREATE FUNCTION refuse_change_once_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM questionnaires WHERE id = coalesce(NEW.questionnaire_id, OLD.questionnaire_id) AND state <> 'draft') THEN
    RAISE EXCEPTION 'the questions are frozen' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER questionnaire_questions_frozen BEFORE INSERT OR UPDATE OR DELETE ON questionnaire_questions
  FOR EACH ROW EXECUTE FUNCTION refuse_change_once_open();

CREATE TABLE questionnaire_takers (
  questionnaire_id uuid NOT NULL,
  territory_id     uuid NOT NULL,
  taker_index      bytea NOT NULL CHECK (length(taker_index) = 16),
  PRIMARY KEY (questionnaire_id, taker_index),
  FOREIGN KEY (territory_id, questionnaire_id) REFERENCES questionnaires (territory_id, id)
);
COMMENT ON TABLE questionnaire_takers IS
  'who has taken a token, as a blind index: neither the token nor the time is here, so that a taker leads to no answer';

CREATE TABLE questionnaire_spent_tokens (
  questionnaire_id uuid NOT NULL,
  territory_id     uuid NOT NULL,
  token_hash       bytea NOT NULL CHECK (length(token_hash) = 32),
  PRIMARY KEY (questionnaire_id, token_hash),
  FOREIGN KEY (territory_id, questionnaire_id) REFERENCES questionnaires (territory_id, id)
);
COMMENT ON TABLE questionnaire_spent_tokens IS
  'a token proves itself by its seal and is stored only when spent, alone: it names neither its taker nor its answer';

CREATE TABLE questionnaire_answers (
  id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  territory_id     uuid NOT NULL,
  questionnaire_id uuid NOT NULL,
  group_number     integer NOT NULL CHECK (group_number >= 1),
  UNIQUE (territory_id, id),
  UNIQUE (questionnaire_id, id),
  FOREIGN KEY (territory_id, questionnaire_id) REFERENCES questionnaires (territory_id, id)
);
COMMENT ON COLUMN questionnaire_answers.id IS
  'random (UUIDv4), unlike all others: a time-ordered one would tell when the answer was given, and so by whom. For the same reason there is no time here';
COMMENT ON COLUMN questionnaire_answers.group_number IS
  '1 for the first five answers, 2 for the next five: results move by whole groups while the questionnaire is open';
CREATE INDEX questionnaire_answers_by_group ON questionnaire_answers (questionnaire_id, group_number);

CREATE TABLE questionnaire_answer_values (
  answer_id        uuid NOT NULL,
  position         smallint NOT NULL,
  territory_id     uuid NOT NULL,
  questionnaire_id uuid NOT NULL,
  rating           smallint CHECK (rating BETWEEN 1 AND 5),
  options          smallint[] CHECK (cardinality(options) >= 1),
  answer_text      text CHECK (length(answer_text) BETWEEN 1 AND 1000),
  PRIMARY KEY (answer_id, position),
  CHECK (num_nonnulls(rating, options, answer_text) = 1),
  FOREIGN KEY (questionnaire_id, answer_id) REFERENCES questionnaire_answers (questionnaire_id, id),
  FOREIGN KEY (questionnaire_id, position) REFERENCES questionnaire_questions (questionnaire_id, position)
);
CREATE TRIGGER questionnaire_takers_append_only BEFORE UPDATE OR DELETE ON questionnaire_takers
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER questionnaire_spent_tokens_append_only BEFORE UPDATE OR DELETE ON questionnaire_spent_tokens
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER questionnaire_answers_append_only BEFORE UPDATE OR DELETE ON questionnaire_answers
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER questionnaire_answer_values_append_only BEFORE UPDATE OR DELETE ON questionnaire_answer_values
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
