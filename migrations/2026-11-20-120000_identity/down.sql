DROP TABLE login_throttles;
DROP TABLE signing_keys;
DROP TABLE refresh_tokens;
DROP TABLE login_sessions;
DROP TABLE api_clients;
DROP TABLE role_bindings;
DROP TABLE accounts;
