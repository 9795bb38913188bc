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
