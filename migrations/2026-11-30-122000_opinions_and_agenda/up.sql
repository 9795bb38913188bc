-- Opinions that members ask of the assembly.
CREATE TABLE opinion_requests (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL REFERENCES territories,
  organisation_id uuid NOT NULL,
  subject         text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
  text            text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  state           text NOT NULL CHECK (state IN ('collecting','filed','answered')),
  needed          integer CHECK (needed >= 1),
  filed_at        timestamptz,
  meeting_id      uuid,
  opinion         text CHECK (length(opinion) BETWEEN 1 AND 4000),
  answered_at     timestamptz,
  created_by      uuid,
  created_at      timestamptz NOT NULL,
  version         bigint NOT NULL DEFAULT 1,
  UNIQUE (territory_id, id),
  CHECK (num_nonnulls(needed, filed_at) = CASE state WHEN 'collecting' THEN 0 ELSE 2 END),
  CHECK (num_nonnulls(meeting_id, opinion, answered_at) = CASE state WHEN 'answered' THEN 3 ELSE 0 END),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id),
  FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id)
);
COMMENT ON COLUMN opinion_requests.needed IS 'a quarter of the members, rounded up, on the day it was filed';
COMMENT ON COLUMN opinion_requests.filed_at IS 'when the last signature that was needed came';
CREATE INDEX opinion_requests_of_territory ON opinion_requests (territory_id, id DESC);

CREATE TABLE opinion_signatures (
  territory_id       uuid NOT NULL,
  opinion_request_id uuid NOT NULL,
  organisation_id    uuid NOT NULL,
  signed_by          uuid NOT NULL,
  signed_at          timestamptz NOT NULL,
  PRIMARY KEY (opinion_request_id, organisation_id),
  FOREIGN KEY (territory_id, opinion_request_id) REFERENCES opinion_requests (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
CREATE TRIGGER opinion_signatures_append_only BEFORE UPDATE OR DELETE ON opinion_signatures
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Addresses under which calendar programs read a person's agenda without a login.
CREATE TABLE agenda_feeds (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  account_id   uuid NOT NULL,
  token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id)
);
COMMENT ON COLUMN agenda_feeds.token_hash IS 'SHA-256 of the token, which has 256 random bits';
CREATE INDEX agenda_feeds_of_account ON agenda_feeds (account_id, id);

-- Deadlines of the other contexts for the agenda.
CREATE VIEW agenda_deadlines AS
  SELECT territory_id, id, 'project_call_opens' AS kind, title, opens_at AS due_at, created_at AS stamped_at, true AS public,
         NULL::uuid AS organisation_id
  FROM project_calls WHERE state NOT IN ('draft','cancelled')
  UNION ALL
  SELECT c.territory_id, c.id, 'project_call_closes', c.title, c.closes_at, coalesce(e.extended_at, c.created_at), true, NULL
  FROM project_calls c
  LEFT JOIN LATERAL (SELECT max(extended_at) AS extended_at FROM project_call_extensions WHERE project_call_id = c.id) e ON true
  WHERE c.state NOT IN ('draft','cancelled')
  UNION ALL
  SELECT r.territory_id, r.id, 'integration_due', p.title, r.due_at, r.requested_at, false, p.lead_organisation_id
  FROM integration_requests r JOIN projects p ON p.territory_id = r.territory_id AND p.id = r.project_id
  WHERE r.answered_at IS NULL
  UNION ALL
  SELECT territory_id, id, 'voucher_call_opens', title_it, opens_at, created_at, true, NULL
  FROM voucher_calls WHERE state <> 'draft'
  UNION ALL
  SELECT territory_id, id, 'voucher_call_closes', title_it, closes_at, created_at, true, NULL
  FROM voucher_calls WHERE state <> 'draft';
