-- Stores and their catalogue: categories, accredited providers, services, sessions with places.
CREATE TABLE stores (
  id                      uuid PRIMARY KEY,
  territory_id            uuid NOT NULL,
  project_id              uuid NOT NULL,
  lead_organisation_id    uuid NOT NULL,
  slug                    text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name_it                 text NOT NULL,
  name_en                 text NOT NULL,
  description_it          text NOT NULL,
  description_en          text NOT NULL,
  answer_days             smallint NOT NULL DEFAULT 7 CHECK (answer_days BETWEEN 1 AND 90),
  silent_acceptance_days  smallint NOT NULL DEFAULT 14 CHECK (silent_acceptance_days BETWEEN 1 AND 90),
  free_cancellation_hours smallint NOT NULL DEFAULT 48 CHECK (free_cancellation_hours BETWEEN 0 AND 720),
  version                 bigint NOT NULL DEFAULT 1,
  created_at              timestamptz NOT NULL DEFAULT now(),
  updated_at              timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, project_id) REFERENCES projects (territory_id, id),
  FOREIGN KEY (territory_id, lead_organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN stores.lead_organisation_id IS 'lead of the project when the store was opened: it answers for the store';
COMMENT ON COLUMN stores.answer_days IS 'days a provider has to answer an order before it lapses';
COMMENT ON COLUMN stores.silent_acceptance_days IS 'days after which a delivery that the family leaves unanswered counts as accepted';
COMMENT ON COLUMN stores.free_cancellation_hours IS 'hours before the start until which a family cancels at no cost';

CREATE TABLE service_categories (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  store_id     uuid NOT NULL,
  code         text NOT NULL CHECK (code ~ '^[a-z0-9]+(_[a-z0-9]+)*$'),
  name_it      text NOT NULL,
  name_en      text NOT NULL,
  position     smallint NOT NULL CHECK (position BETWEEN 0 AND 1000),
  UNIQUE (territory_id, id),
  UNIQUE (store_id, id),
  UNIQUE (store_id, code),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id)
);

CREATE TABLE store_providers (
  territory_id    uuid NOT NULL,
  store_id        uuid NOT NULL,
  organisation_id uuid NOT NULL,
  accredited_at   timestamptz NOT NULL DEFAULT now(),
  revoked_at      timestamptz,
  PRIMARY KEY (store_id, organisation_id),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);

CREATE VIEW accredited_providers AS
  SELECT p.territory_id, p.store_id, p.organisation_id, o.name, o.municipality, p.accredited_at
    FROM store_providers p JOIN organisations o ON o.id = p.organisation_id
   WHERE p.revoked_at IS NULL;

CREATE TABLE services (
  id                uuid PRIMARY KEY,
  territory_id      uuid NOT NULL,
  store_id          uuid NOT NULL,
  provider_id       uuid NOT NULL,
  category_id       uuid NOT NULL,
  title_it          text NOT NULL,
  title_en          text NOT NULL,
  description_it    text NOT NULL,
  description_en    text NOT NULL,
  intervention_type text NOT NULL CHECK (intervention_type IN ('a','b','c','d','e','f')),
  minimum_age       smallint NOT NULL CHECK (minimum_age BETWEEN 0 AND 120),
  maximum_age       smallint NOT NULL CHECK (maximum_age BETWEEN 0 AND 120),
  place             text NOT NULL CHECK (place IN ('address','at_home','online')),
  municipality      text,
  address           text,
  unit              text NOT NULL CHECK (unit IN ('hour','day','week','module','session')),
  price             numeric(14,2) NOT NULL CHECK (price > 0),
  vat_rate          smallint NOT NULL CHECK (vat_rate IN (0,4,5,10,22)),
  inclusion         text[] NOT NULL DEFAULT '{}' CHECK (inclusion <@ ARRAY['wheelchair_access','specialist_educators','learning_disorders','attention_deficit','autism','sign_language']),
  state             text NOT NULL CHECK (state IN ('draft','published','withdrawn')),
  version           bigint NOT NULL DEFAULT 1,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  search            tsvector NOT NULL GENERATED ALWAYS AS (
                      setweight(to_tsvector('italian', title_it), 'A') || setweight(to_tsvector('english', title_en), 'A') ||
                      setweight(to_tsvector('italian', description_it), 'C') || setweight(to_tsvector('english', description_en), 'C')) STORED,
  UNIQUE (territory_id, id),
  CHECK (maximum_age >= minimum_age),
  CHECK ((place = 'address') = (address IS NOT NULL)),
  FOREIGN KEY (territory_id, store_id) REFERENCES stores (territory_id, id),
  FOREIGN KEY (store_id, provider_id) REFERENCES store_providers (store_id, organisation_id),
  FOREIGN KEY (store_id, category_id) REFERENCES service_categories (store_id, id)
);
COMMENT ON COLUMN services.vat_rate IS 'percent, the rates of Italian law; the price includes it';
-- The order of the public list is the order of these three: a page is read, never sorted.
CREATE INDEX services_of_category ON services (store_id, category_id, title_it, id) WHERE state = 'published';
CREATE INDEX services_of_store ON services (store_id, title_it, id) WHERE state = 'published';
CREATE INDEX services_of_municipality ON services (store_id, lower(municipality), title_it, id) WHERE state = 'published';
CREATE INDEX services_of_provider ON services (provider_id, title_it, id);
CREATE INDEX services_search ON services USING gin (search) WHERE state = 'published';

CREATE TABLE service_sessions (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  service_id   uuid NOT NULL,
  starts_at    timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL CHECK (ends_at > starts_at),
  capacity     integer NOT NULL CHECK (capacity BETWEEN 1 AND 10000),
  places_taken integer NOT NULL DEFAULT 0 CONSTRAINT service_sessions_not_oversold CHECK (places_taken BETWEEN 0 AND capacity),
  state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open','cancelled')),
  created_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  CHECK (state = 'open' OR places_taken = 0),
  FOREIGN KEY (territory_id, service_id) REFERENCES services (territory_id, id)
) WITH (fillfactor = 70);
-- Neither capacity nor places_taken is indexed: orders change them all day, in place.
CREATE INDEX service_sessions_of_service ON service_sessions (service_id, starts_at, id);

-- A service with the names of its category and its provider.
CREATE VIEW catalogue_services AS
  SELECT s.id, s.territory_id, s.store_id, s.category_id, c.code AS category, s.provider_id, o.name AS provider_name,
         s.title_it, s.title_en, s.description_it, s.description_en, s.intervention_type, s.minimum_age, s.maximum_age,
         s.place, s.municipality, s.address, s.unit, s.price, s.vat_rate, s.inclusion, s.state, s.version,
         s.created_at, s.updated_at, s.search
    FROM services s
    JOIN service_categories c ON c.id = s.category_id
    JOIN organisations o ON o.id = s.provider_id;

-- The advisory lock on which those who take, give back or cancel the places of a session queue, before they touch its row:
-- cheaper than queueing on the row itself. Of several sessions it is taken in the order of their ids.
CREATE FUNCTION session_lock(p_session uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT uuid_hash_extended(p_session, 0)
$$;

-- Takes places of a session for an order: false when they are not left, or the session is cancelled or has begun.
CREATE FUNCTION take_places(p_session uuid, p_quantity integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(session_lock(p_session));
  UPDATE service_sessions SET places_taken = places_taken + p_quantity
   WHERE id = p_session AND state = 'open' AND starts_at > now()
     AND p_quantity > 0 AND places_taken + p_quantity <= capacity;
  RETURN FOUND;
END $$;

-- Gives places back when an order ends without delivery.
CREATE FUNCTION release_places(p_session uuid, p_quantity integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(session_lock(p_session));
  UPDATE service_sessions SET places_taken = places_taken - p_quantity
   WHERE id = p_session AND p_quantity > 0 AND places_taken >= p_quantity;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session % does not hold % places', p_session, p_quantity USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$;
