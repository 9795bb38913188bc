-- Requests to join the network: one row for each, so that history stays. An organisation's membership is its last row.
-- Also the network's reserved area: notices and documents.
ALTER TABLE organisations
  ADD address  text CHECK (length(address) BETWEEN 1 AND 200),
  ADD newcomer boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN organisations.newcomer IS
  'known only by its own request to join, which nobody has granted: shown to the agency alone';

ALTER TABLE memberships
  DROP CONSTRAINT memberships_territory_id_organisation_id_key,
  ADD legal_name            text CHECK (length(legal_name) BETWEEN 1 AND 300),
  ADD kind                  text CHECK (kind IN ('territorial_area_or_agency','employers_association','trade_union','public_body','education','nonprofit','company')),
  ADD company_size          text CHECK (company_size IN ('micro','small','medium','large')),
  ADD vat_number            text CHECK (vat_number ~ '^[0-9]{11}$'),
  ADD municipality          text CHECK (length(municipality) BETWEEN 1 AND 100),
  ADD address               text CHECK (length(address) BETWEEN 1 AND 200),
  ADD contact_sealed        bytea,
  ADD statement_version     text CHECK (statement_version ~ '^[0-9]{4}-[0-9]{2}$'),
  ADD statement_accepted_at timestamptz,
  ADD requested_by          uuid,
  ADD decided_by            uuid,
  ADD ended_at              timestamptz,
  ADD ended_by              uuid,
  ADD reason                text CHECK (length(reason) BETWEEN 1 AND 1000),
  ADD version               bigint NOT NULL DEFAULT 1;
COMMENT ON COLUMN memberships.legal_name IS
  'this and what follows as stated in the request, written to the organisation when it is admitted; null for members entered without a request';
COMMENT ON COLUMN memberships.contact_sealed IS 'e-mail address, telephone, name of the legal representative: personal data';
COMMENT ON COLUMN memberships.decided_at IS 'admitted or refused';
COMMENT ON COLUMN memberships.ended_at IS 'withdrawn or excluded';

UPDATE memberships SET ended_at = decided_at WHERE state IN ('withdrawn','excluded');
UPDATE memberships SET reason = 'Motivo non registrato' WHERE state IN ('refused','withdrawn','excluded');
ALTER TABLE memberships
  ADD CONSTRAINT memberships_ended CHECK ((state IN ('withdrawn','excluded')) = (ended_at IS NOT NULL) AND ended_at >= decided_at),
  ADD CONSTRAINT memberships_reason CHECK ((state IN ('refused','withdrawn','excluded')) = (reason IS NOT NULL)),
  ADD CONSTRAINT memberships_company_size CHECK (company_size IS NULL OR kind = 'company'),
  ADD CONSTRAINT memberships_request_whole CHECK (num_nulls(legal_name, kind, municipality, address, contact_sealed, statement_version, statement_accepted_at) IN (0, 7)),
  ADD CONSTRAINT memberships_two_persons CHECK (decided_by <> requested_by);
-- At most one request or membership at a time.
CREATE UNIQUE INDEX memberships_live ON memberships (territory_id, organisation_id) WHERE state IN ('requested','admitted');
CREATE INDEX memberships_of_organisation ON memberships (territory_id, organisation_id, requested_at DESC, id DESC);

-- What was requested does not change, and a state only moves on.
CREATE FUNCTION check_membership_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'memberships are history' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.id, OLD.territory_id, OLD.organisation_id, OLD.requested_at) IS DISTINCT FROM (NEW.id, NEW.territory_id, NEW.organisation_id, NEW.requested_at)
     OR (OLD.legal_name, OLD.kind, OLD.company_size, OLD.vat_number, OLD.municipality, OLD.address, OLD.statement_version, OLD.statement_accepted_at, OLD.requested_by)
        IS DISTINCT FROM
        (NEW.legal_name, NEW.kind, NEW.company_size, NEW.vat_number, NEW.municipality, NEW.address, NEW.statement_version, NEW.statement_accepted_at, NEW.requested_by) THEN
    RAISE EXCEPTION 'a request to join cannot be rewritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
     (('requested','admitted'), ('requested','refused'), ('admitted','withdrawn'), ('admitted','excluded')) THEN
    RAISE EXCEPTION 'membership: % does not lead to %', OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER memberships_move_on BEFORE UPDATE OR DELETE ON memberships
  FOR EACH ROW EXECUTE FUNCTION check_membership_change();

CREATE TABLE network_documents (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  audience     text NOT NULL CHECK (audience IN ('members','committee')),
  media_type   text NOT NULL CHECK (media_type IN ('application/pdf','image/png','image/jpeg',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet','application/vnd.openxmlformats-officedocument.wordprocessingml.document')),
  sha256       bytea NOT NULL CHECK (length(sha256) = 32),
  content      bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 5242880),
  uploaded_by  uuid NOT NULL,
  uploaded_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id)
);
-- Files are compressed already.
ALTER TABLE network_documents ALTER content SET STORAGE EXTERNAL;
CREATE TRIGGER network_documents_append_only BEFORE UPDATE OR DELETE ON network_documents
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE notices (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL REFERENCES territories,
  title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  body         text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
  audience     text NOT NULL CHECK (audience IN ('members','committee')),
  published_by uuid NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id)
);
CREATE INDEX notices_of_territory ON notices (territory_id, id DESC);
CREATE TRIGGER notices_append_only BEFORE UPDATE OR DELETE ON notices
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE notice_documents (
  territory_id uuid NOT NULL,
  notice_id    uuid NOT NULL,
  document_id  uuid NOT NULL,
  PRIMARY KEY (notice_id, document_id),
  FOREIGN KEY (territory_id, notice_id) REFERENCES notices (territory_id, id),
  FOREIGN KEY (territory_id, document_id) REFERENCES network_documents (territory_id, id)
);
CREATE TRIGGER notice_documents_append_only BEFORE UPDATE OR DELETE ON notice_documents
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
