//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    accounts (id) {
        id -> Uuid,
        territory_id -> Uuid,
        email -> Text,
        password_hash -> Text,
        display_name -> Text,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_clients (id) {
        id -> Uuid,
        territory_id -> Uuid,
        organisation_id -> Uuid,
        client_id -> Text,
        secret_hash -> Bytea,
        role -> Text,
        name -> Text,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    login_sessions (id) {
        id -> Uuid,
        territory_id -> Uuid,
        account_id -> Uuid,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        revoke_reason -> Nullable<Text>,
    }
}

diesel::table! {
    login_throttles (subject) {
        subject -> Bytea,
        failures -> Int4,
        blocked_until -> Timestamptz,
        last_failure -> Timestamptz,
    }
}

diesel::table! {
    role_bindings (account_id, organisation_id, role) {
        territory_id -> Uuid,
        account_id -> Uuid,
        organisation_id -> Uuid,
        role -> Text,
        granted_at -> Timestamptz,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_sealed -> Bytea,
        public_jwk -> Jsonb,
        created_at -> Timestamptz,
        signs_from -> Timestamptz,
        verifies_until -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    api_clients,
    login_sessions,
    login_throttles,
    role_bindings,
    signing_keys
);
