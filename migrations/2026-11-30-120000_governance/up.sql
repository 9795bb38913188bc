-- Governance of the network: committee, assembly, working groups.

-- A territory may be stricter than the rules of the field, never laxer.
CREATE TABLE governance_settings (
  territory_id          uuid PRIMARY KEY REFERENCES territories,
  committee_notice_days smallint NOT NULL DEFAULT 5 CHECK (committee_notice_days BETWEEN 5 AND 60),
  assembly_notice_days  smallint NOT NULL DEFAULT 10 CHECK (assembly_notice_days BETWEEN 10 AND 60),
  opinion_notice_days   smallint NOT NULL DEFAULT 15 CHECK (opinion_notice_days BETWEEN 15 AND 90),
  minutes_days          smallint NOT NULL DEFAULT 10 CHECK (minutes_days BETWEEN 0 AND 90),
  committee_meetings    smallint NOT NULL DEFAULT 2 CHECK (committee_meetings BETWEEN 2 AND 50),
  assembly_meetings     smallint NOT NULL DEFAULT 1 CHECK (assembly_meetings BETWEEN 1 AND 50),
  version               bigint NOT NULL DEFAULT 1
);
COMMENT ON COLUMN governance_settings.committee_notice_days IS 'least days, as calendars in Italy count them, from sending an invitation to the meeting';
COMMENT ON COLUMN governance_settings.minutes_days IS 'days in which minutes may be answered; silence agrees';
COMMENT ON COLUMN governance_settings.committee_meetings IS 'least meetings in a calendar year';

CREATE TABLE bodies (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  kind         text NOT NULL CHECK (kind IN ('committee','assembly','working_group')),
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  referent_id  uuid,
  created_by   uuid,
  created_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  CHECK ((kind = 'working_group') = (referent_id IS NOT NULL)),
  FOREIGN KEY (territory_id, referent_id) REFERENCES accounts (territory_id, id)
);
COMMENT ON COLUMN bodies.referent_id IS 'account that answers for a working group';
CREATE UNIQUE INDEX bodies_one_committee_one_assembly ON bodies (territory_id, kind) WHERE kind <> 'working_group';

-- Who sits on the committee: an organisation, or several under one name; a titular person and a substitute.
CREATE TABLE committee_seats (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  body_id         uuid NOT NULL,
  name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  organisation_id uuid,
  chair           boolean NOT NULL,
  from_on         date NOT NULL,
  ended_on        date CHECK (ended_on >= from_on),
  UNIQUE (territory_id, id),
  UNIQUE (body_id, id),
  FOREIGN KEY (territory_id, body_id) REFERENCES bodies (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN committee_seats.ended_on IS 'first day on which it is no longer a seat';
CREATE UNIQUE INDEX committee_seats_one_chair ON committee_seats (body_id) WHERE chair AND ended_on IS NULL;
CREATE UNIQUE INDEX committee_seats_one_each ON committee_seats (body_id, organisation_id) WHERE ended_on IS NULL;

CREATE TABLE seat_holders (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  body_id      uuid NOT NULL,
  seat_id      uuid NOT NULL,
  account_id   uuid NOT NULL,
  capacity     text NOT NULL CHECK (capacity IN ('titular','substitute')),
  from_at      timestamptz NOT NULL,
  ended_at     timestamptz CHECK (ended_at >= from_at),
  FOREIGN KEY (body_id, seat_id) REFERENCES committee_seats (body_id, id),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id)
);
CREATE UNIQUE INDEX seat_holders_one_of_each ON seat_holders (seat_id, capacity) WHERE ended_at IS NULL;
-- Nobody sits twice, so nobody votes twice.
CREATE UNIQUE INDEX seat_holders_one_seat_each ON seat_holders (body_id, account_id) WHERE ended_at IS NULL;

CREATE TABLE working_group_members (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  body_id         uuid NOT NULL,
  organisation_id uuid,
  guest_name      text CHECK (length(guest_name) BETWEEN 1 AND 200),
  from_on         date NOT NULL,
  ended_on        date CHECK (ended_on >= from_on),
  UNIQUE (territory_id, id),
  CHECK (num_nonnulls(organisation_id, guest_name) = 1),
  FOREIGN KEY (territory_id, body_id) REFERENCES bodies (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN working_group_members.guest_name IS 'an organisation outside the network';
CREATE UNIQUE INDEX working_group_members_once ON working_group_members (body_id, organisation_id) WHERE ended_on IS NULL;
