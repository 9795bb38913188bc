-- Meetings of the bodies: notices, invitations, attendance, votes and minutes.

CREATE TABLE meetings (
  id               uuid PRIMARY KEY,
  territory_id     uuid NOT NULL,
  body_id          uuid NOT NULL,
  state            text NOT NULL CHECK (state IN ('convened','cancelled','held')),
  starts_at        timestamptz NOT NULL,
  duration_minutes smallint NOT NULL CHECK (duration_minutes BETWEEN 15 AND 600),
  place            text CHECK (length(place) BETWEEN 1 AND 300),
  online_link      text CHECK (length(online_link) BETWEEN 1 AND 500),
  notice           smallint NOT NULL CHECK (notice >= 1),
  sent_at          timestamptz NOT NULL,
  required_days    smallint NOT NULL CHECK (required_days >= 0),
  quorum           integer CHECK (quorum >= 1),
  quorate          boolean,
  held_at          timestamptz,
  convened_by      uuid,
  version          bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CHECK (num_nonnulls(place, online_link) >= 1),
  CHECK ((state = 'held') = (held_at IS NOT NULL) AND (state = 'held') = (quorate IS NOT NULL)),
  CONSTRAINT meetings_notice CHECK (italian_day(starts_at) - italian_day(sent_at) >= required_days),
  FOREIGN KEY (territory_id, body_id) REFERENCES bodies (territory_id, id)
);
COMMENT ON COLUMN meetings.notice IS 'number of the last notice sent: the convening is 1, each new date one more';
COMMENT ON COLUMN meetings.quorum IS 'invitations that must be represented; null where the body has no quorum';
COMMENT ON COLUMN meetings.quorate IS 'whether the quorum was ever reached; true where there is none';
CREATE INDEX meetings_of_body ON meetings (body_id, starts_at);
CREATE INDEX meetings_of_territory ON meetings (territory_id, starts_at, id);

CREATE TABLE meeting_notices (
  territory_id uuid NOT NULL,
  meeting_id   uuid NOT NULL,
  number       smallint NOT NULL CHECK (number >= 1),
  starts_at    timestamptz NOT NULL,
  place        text,
  online_link  text,
  reason       text CHECK (length(reason) BETWEEN 1 AND 1000),
  sent_at      timestamptz NOT NULL,
  sent_by      uuid,
  PRIMARY KEY (meeting_id, number),
  CHECK ((number = 1) = (reason IS NULL)),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id)
);
CREATE TRIGGER meeting_notices_append_only BEFORE UPDATE OR DELETE ON meeting_notices
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE agenda_items (
  territory_id uuid NOT NULL,
  meeting_id   uuid NOT NULL,
  position     smallint NOT NULL CHECK (position BETWEEN 1 AND 50),
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  description  text CHECK (length(description) BETWEEN 1 AND 4000),
  project_id   uuid,
  PRIMARY KEY (meeting_id, position),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
CREATE TRIGGER agenda_items_append_only BEFORE UPDATE OR DELETE ON agenda_items
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who was invited, as it stood when the notice was sent.
CREATE TABLE meeting_invitations (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  meeting_id      uuid NOT NULL,
  notice          smallint NOT NULL,
  name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
  organisation_id uuid,
  seat_id         uuid,
  chair           boolean NOT NULL,
  titular_id      uuid,
  substitute_id   uuid,
  UNIQUE (territory_id, id),
  UNIQUE (meeting_id, id),
  UNIQUE (meeting_id, notice, seat_id),
  UNIQUE (meeting_id, notice, organisation_id),
  CHECK ((seat_id IS NOT NULL) = (titular_id IS NOT NULL)),
  CHECK (substitute_id IS NULL OR titular_id <> substitute_id),
  FOREIGN KEY (meeting_id, notice) REFERENCES meeting_notices (meeting_id, number),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id),
  FOREIGN KEY (territory_id, seat_id) REFERENCES committee_seats (territory_id, id),
  FOREIGN KEY (territory_id, titular_id) REFERENCES accounts (territory_id, id),
  FOREIGN KEY (territory_id, substitute_id) REFERENCES accounts (territory_id, id)
);
CREATE UNIQUE INDEX meeting_invitations_one_chair ON meeting_invitations (meeting_id, notice) WHERE chair;
CREATE TRIGGER meeting_invitations_append_only BEFORE UPDATE OR DELETE ON meeting_invitations
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE attendances (
  id            uuid PRIMARY KEY,
  territory_id  uuid NOT NULL,
  meeting_id    uuid NOT NULL,
  invitation_id uuid NOT NULL,
  capacity      text NOT NULL CHECK (capacity IN ('titular','substitute','delegate')),
  account_id    uuid,
  delegate_name text CHECK (length(delegate_name) BETWEEN 1 AND 200),
  arrived_at    timestamptz NOT NULL,
  left_at       timestamptz CHECK (left_at >= arrived_at),
  recorded_by   uuid,
  CHECK ((capacity = 'delegate') = (account_id IS NULL)),
  CHECK (delegate_name IS NULL OR capacity = 'delegate'),
  FOREIGN KEY (meeting_id, invitation_id) REFERENCES meeting_invitations (meeting_id, id),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id)
);
-- A seat is taken by one person at a time: the titular or, in their absence, the substitute.
CREATE UNIQUE INDEX attendances_one_at_a_time ON attendances (invitation_id) WHERE left_at IS NULL;
CREATE INDEX attendances_of_meeting ON attendances (meeting_id, id);
-- A presence ends once; nothing else of it changes.
CREATE FUNCTION check_attendance_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.left_at IS NOT NULL
     OR (OLD.id, OLD.territory_id, OLD.meeting_id, OLD.invitation_id, OLD.capacity, OLD.account_id, OLD.delegate_name, OLD.arrived_at, OLD.recorded_by)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.meeting_id, NEW.invitation_id, NEW.capacity, NEW.account_id, NEW.delegate_name, NEW.arrived_at, NEW.recorded_by) THEN
    RAISE EXCEPTION 'attendances are history' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attendances_history BEFORE UPDATE OR DELETE ON attendances
  FOR EACH ROW EXECUTE FUNCTION check_attendance_change();

CREATE TABLE motions (
  id             uuid PRIMARY KEY,
  territory_id   uuid NOT NULL,
  meeting_id     uuid NOT NULL,
  agenda_item    smallint NOT NULL,
  text           text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  project_id     uuid,
  state          text NOT NULL CHECK (state IN ('open','carried','rejected','withdrawn')),
  basis          text CHECK (basis IN ('majority','no_majority','casting_vote','tie')),
  present        smallint CHECK (present >= 0),
  recused        smallint CHECK (recused >= 0),
  in_favour      smallint CHECK (in_favour >= 0),
  against        smallint CHECK (against >= 0),
  abstained      smallint CHECK (abstained >= 0),
  ballot         jsonb,
  opened_by      uuid,
  opened_at      timestamptz NOT NULL,
  closed_by      uuid,
  closed_at      timestamptz,
  version        bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (meeting_id, id),
  CHECK (num_nonnulls(basis, present, recused, in_favour, against, abstained, ballot) = CASE WHEN state IN ('carried','rejected') THEN 7 ELSE 0 END),
  CHECK ((closed_at IS NULL) = (state = 'open')),
  CHECK (in_favour + against + abstained <= present),
  CONSTRAINT motions_majority CHECK (basis <> 'majority' OR (state = 'carried' AND in_favour * 2 > present)),
  FOREIGN KEY (meeting_id, agenda_item) REFERENCES agenda_items (meeting_id, position),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id)
);
COMMENT ON COLUMN motions.present IS 'seats represented, without the recused';
COMMENT ON COLUMN motions.ballot IS 'each seat with what it did';
CREATE INDEX motions_of_meeting ON motions (meeting_id, agenda_item, id);
-- A decided motion is history.
CREATE FUNCTION check_motion_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'open'
     OR (OLD.id, OLD.territory_id, OLD.meeting_id, OLD.agenda_item, OLD.text, OLD.project_id, OLD.opened_by, OLD.opened_at)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.meeting_id, NEW.agenda_item, NEW.text, NEW.project_id, NEW.opened_by, NEW.opened_at) THEN
    RAISE EXCEPTION 'a motion is only closed, once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER motions_history BEFORE UPDATE OR DELETE ON motions
  FOR EACH ROW EXECUTE FUNCTION check_motion_change();

-- One vote for each seat, whoever of the two casts it.
CREATE TABLE votes (
  territory_id  uuid NOT NULL,
  meeting_id    uuid NOT NULL,
  motion_id     uuid NOT NULL,
  invitation_id uuid NOT NULL,
  account_id    uuid NOT NULL,
  capacity      text NOT NULL CHECK (capacity IN ('titular','substitute')),
  choice        text NOT NULL CHECK (choice IN ('in_favour','against','abstain')),
  cast_at       timestamptz NOT NULL,
  PRIMARY KEY (motion_id, invitation_id),
  UNIQUE (motion_id, account_id),
  FOREIGN KEY (territory_id, motion_id) REFERENCES motions (territory_id, id),
  FOREIGN KEY (meeting_id, motion_id) REFERENCES motions (meeting_id, id),
  FOREIGN KEY (meeting_id, invitation_id) REFERENCES meeting_invitations (meeting_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id)
);
CREATE TRIGGER votes_append_only BEFORE UPDATE OR DELETE ON votes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who may not vote on a motion, and why: found by the system, never removed.
CREATE TABLE motion_recusals (
  territory_id    uuid NOT NULL,
  meeting_id      uuid NOT NULL,
  motion_id       uuid NOT NULL,
  invitation_id   uuid NOT NULL,
  account_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  ground          text NOT NULL CHECK (ground IN ('seat','role','employer')),
  found_at        timestamptz NOT NULL,
  PRIMARY KEY (motion_id, invitation_id, account_id, ground, organisation_id),
  FOREIGN KEY (territory_id, motion_id) REFERENCES motions (territory_id, id),
  FOREIGN KEY (meeting_id, motion_id) REFERENCES motions (meeting_id, id),
  FOREIGN KEY (meeting_id, invitation_id) REFERENCES meeting_invitations (meeting_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN motion_recusals.ground IS 'the seat is of that organisation of the project, or the person has a role for it, or works for it';
CREATE TRIGGER motion_recusals_append_only BEFORE UPDATE OR DELETE ON motion_recusals
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE minutes (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  meeting_id   uuid NOT NULL,
  number       smallint NOT NULL CHECK (number >= 1),
  state        text NOT NULL CHECK (state IN ('sent','validated','superseded')),
  content      jsonb NOT NULL,
  due_at       timestamptz NOT NULL,
  generated_by uuid,
  generated_at timestamptz NOT NULL,
  closed_by    uuid,
  closed_at    timestamptz,
  version      bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  UNIQUE (meeting_id, number),
  CHECK ((state = 'validated') = (closed_at IS NOT NULL)),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id)
);
CREATE UNIQUE INDEX minutes_one_in_force ON minutes (meeting_id) WHERE state <> 'superseded';
CREATE FUNCTION check_minutes_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'sent'
     OR (OLD.id, OLD.territory_id, OLD.meeting_id, OLD.number, OLD.content, OLD.due_at, OLD.generated_by, OLD.generated_at)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.meeting_id, NEW.number, NEW.content, NEW.due_at, NEW.generated_by, NEW.generated_at) THEN
    RAISE EXCEPTION 'minutes are not rewritten: a new version supersedes them' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER minutes_history BEFORE UPDATE OR DELETE ON minutes
  FOR EACH ROW EXECUTE FUNCTION check_minutes_change();

CREATE TABLE minutes_answers (
  territory_id uuid NOT NULL,
  minutes_id   uuid NOT NULL,
  account_id   uuid NOT NULL,
  agreed       boolean NOT NULL,
  remark       text CHECK (length(remark) BETWEEN 1 AND 2000),
  answered_at  timestamptz NOT NULL,
  PRIMARY KEY (minutes_id, account_id),
  CHECK (agreed OR remark IS NOT NULL),
  FOREIGN KEY (territory_id, minutes_id) REFERENCES minutes (territory_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id)
);
CREATE TRIGGER minutes_answers_append_only BEFORE UPDATE OR DELETE ON minutes_answers
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
