-- Who may call: accounts, roles, API clients, login sessions with rotating refresh tokens, signing keys.
CREATE TABLE accounts (
  id            uuid PRIMARY KEY,
  territory_id  uuid NOT NULL REFERENCES territories,
  email         text NOT NULL UNIQUE CHECK (email = lower(email)),
  password_hash text NOT NULL,
  display_name  text NOT NULL,
  disabled_at   timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id)
);

CREATE TABLE role_bindings (
  territory_id    uuid NOT NULL,
  account_id      uuid NOT NULL,
  organisation_id uuid NOT NULL,
  role            text NOT NULL CHECK (role IN ('ats','evaluator','alliance_lead','provider','employer','worker')),
  granted_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, organisation_id, role),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);

CREATE TABLE api_clients (
  id              uuid PRIMARY KEY,
  territory_id    uuid NOT NULL,
  organisation_id uuid NOT NULL,
  client_id       text NOT NULL UNIQUE CHECK (client_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  secret_hash     bytea NOT NULL CHECK (length(secret_hash) = 32),
  role            text NOT NULL CHECK (role IN ('employer','provider','alliance_lead','ats')),
  name            text NOT NULL,
  disabled_at     timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  FOREIGN KEY (territory_id, organisation_id) REFERENCES organisations (territory_id, id)
);
COMMENT ON COLUMN api_clients.secret_hash IS 'SHA-256 of a secret of 256 random bits';

CREATE TABLE login_sessions (
  id            uuid PRIMARY KEY,
  territory_id  uuid NOT NULL,
  account_id    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  revoked_at    timestamptz,
  revoke_reason text CHECK (revoke_reason IN ('logged_out','token_reused')),
  FOREIGN KEY (territory_id, account_id) REFERENCES accounts (territory_id, id),
  CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);
CREATE INDEX login_sessions_of_account ON login_sessions (account_id);

-- One use each; a second use betrays a stolen token and revokes the session.
CREATE TABLE refresh_tokens (
  token_hash       bytea PRIMARY KEY,
  login_session_id uuid NOT NULL REFERENCES login_sessions ON DELETE CASCADE,
  issued_at        timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,
  used_at          timestamptz
);
COMMENT ON COLUMN refresh_tokens.token_hash IS 'SHA-256 of the token, which has 256 random bits';
CREATE INDEX refresh_tokens_session ON refresh_tokens (login_session_id);

CREATE TABLE signing_keys (
  kid            text PRIMARY KEY,
  private_sealed bytea NOT NULL,
  public_jwk     jsonb NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  signs_from     timestamptz NOT NULL,
  verifies_until timestamptz
);
COMMENT ON COLUMN signing_keys.signs_from IS 'published before it signs, so that every verifier knows it in time';

-- Failed attempts by keyed hash of an account, an address or the like: who they are cannot be read here.
CREATE TABLE login_throttles (
  subject       bytea PRIMARY KEY CHECK (length(subject) = 16),
  failures      integer NOT NULL CHECK (failures >= 0),
  blocked_until timestamptz NOT NULL,
  last_failure  timestamptz NOT NULL
);
CREATE INDEX login_throttles_age ON login_throttles (last_failure);
