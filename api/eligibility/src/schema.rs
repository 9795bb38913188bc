//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    activation_codes (id) {
        id -> Uuid,
        territory_id -> Uuid,
        employee_id -> Uuid,
        code_hash -> Bytea,
        created_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    employees (id) {
        id -> Uuid,
        territory_id -> Uuid,
        employer_id -> Uuid,
        external_id -> Text,
        tax_code_index -> Bytea,
        tax_code_sealed -> Bytea,
        given_name -> Text,
        family_name -> Text,
        email -> Nullable<Text>,
        employed_from -> Date,
        employed_to -> Nullable<Date>,
        contract_type -> Text,
        shift_worker -> Bool,
        workplace -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    household_members (id) {
        id -> Uuid,
        territory_id -> Uuid,
        household_id -> Uuid,
        person_sealed -> Bytea,
        tax_code_index -> Nullable<Bytea>,
        version -> Int8,
        created_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    households (id) {
        id -> Uuid,
        territory_id -> Uuid,
        worker_id -> Uuid,
        facts_sealed -> Bytea,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    workers (id) {
        id -> Uuid,
        territory_id -> Uuid,
        account_id -> Uuid,
        tax_code_index -> Bytea,
        tax_code_sealed -> Bytea,
        given_name -> Text,
        family_name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::joinable!(activation_codes -> employees (employee_id));

diesel::allow_tables_to_appear_in_same_query!(activation_codes, employees, household_members, households, workers);
