-- What every context stands on: territories (the tenants), jobs, idempotency, the outbox, the record of state changes.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- UUIDv7 (RFC 9562, method 3: 48 bits of milliseconds, 12 bits of the fraction of a millisecond, 62 random bits).
-- One expression, so that it is inlined where it is called; microseconds * 512 / 125 is milliseconds * 4096.
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT (overlay(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 512 / 125), 15, '0')
                  PLACING '7' FROM 13 FOR 0) || substr(gen_random_uuid()::text, 20))::uuid
$$;

-- The day that calendars in Italy show at an instant. Inlined where it is called.
CREATE FUNCTION italian_day(instant timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (instant AT TIME ZONE 'Europe/Rome')::date
$$;

CREATE TABLE territories (
  id          uuid PRIMARY KEY,
  code        text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{2,40}$'),
  name        text NOT NULL,
  provinces   text[] NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Who did what to a state machine: from, to, when, why. One table for every aggregate, never changed.
CREATE TABLE transitions (
  id            uuid PRIMARY KEY,
  territory_id  uuid NOT NULL REFERENCES territories,
  aggregate     text NOT NULL,
  aggregate_id  uuid NOT NULL,
  from_state    text,
  to_state      text NOT NULL,
  actor_id      uuid,
  actor_role    text NOT NULL,
  reason        text,
  reason_sealed bytea,
  occurred_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (reason IS NULL OR reason_sealed IS NULL)
);
COMMENT ON COLUMN transitions.reason_sealed IS 'instead of reason where people may tell of a child''s health: what is written here is never erased';
COMMENT ON COLUMN transitions.actor_id IS 'account or API client; null when the system acts by itself';
CREATE INDEX transitions_aggregate ON transitions (aggregate_id, id);
CREATE TRIGGER transitions_append_only BEFORE UPDATE OR DELETE ON transitions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transitions_no_truncate BEFORE TRUNCATE ON transitions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Long work: a row per job, resumable from its cursor when the process that ran it dies.
CREATE TABLE jobs (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL REFERENCES territories,
  organisation_id uuid,
  created_by      uuid,
  kind            text NOT NULL,
  state           text NOT NULL CHECK (state IN ('receiving','queued','running','succeeded','failed','aborted')),
  parameters      jsonb NOT NULL DEFAULT '{}',
  resume_point    jsonb,
  total           bigint CHECK (total >= 0),
  done            bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
  rows_in_error   bigint NOT NULL DEFAULT 0 CHECK (rows_in_error >= 0),
  result          jsonb,
  failure_code    text,
  lease_until     timestamptz,
  attempts        smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0), -- since it last made progress
  created_at      timestamptz NOT NULL DEFAULT now(),
  started_at      timestamptz,
  finished_at     timestamptz,
  UNIQUE (territory_id, id)
);
CREATE INDEX jobs_waiting ON jobs (created_at) WHERE state IN ('receiving','queued','running');
CREATE INDEX jobs_of_organisation ON jobs (territory_id, organisation_id, id DESC);

CREATE TABLE job_errors (
  job_id   uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
  line     bigint NOT NULL CHECK (line >= 1),
  ordinal  smallint NOT NULL DEFAULT 0,
  field    text,
  code     text NOT NULL,
  PRIMARY KEY (job_id, line, ordinal)
);

-- The body of an upload, sealed, in pieces; removed when the job has ended.
CREATE TABLE job_inputs (
  job_id   uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
  sequence integer NOT NULL CHECK (sequence >= 0),
  payload  bytea NOT NULL,
  PRIMARY KEY (job_id, sequence)
);
ALTER TABLE job_inputs ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE TABLE idempotency_keys (
  subject_id      uuid NOT NULL,
  key             text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  operation       text NOT NULL,
  request_hash    bytea NOT NULL,
  response_status smallint,
  response_head   jsonb,
  response_body   text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE outbox (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  event        text NOT NULL,
  aggregate_id uuid NOT NULL,
  payload      jsonb NOT NULL,
  occurred_at  timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
