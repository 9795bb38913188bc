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
