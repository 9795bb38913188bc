//! The tables of the kernel as diesel knows them; a test compares them with the database.

diesel::table! {
    job_errors (job_id, line, ordinal) {
        job_id -> Uuid,
        line -> Int8,
        ordinal -> Int2,
        field -> Nullable<Text>,
        code -> Text,
    }
}

diesel::table! {
    job_inputs (job_id, sequence) {
        job_id -> Uuid,
        sequence -> Int4,
        payload -> Bytea,
    }
}

diesel::table! {
    jobs (id) {
        id -> Uuid,
        territory_id -> Uuid,
        organisation_id -> Nullable<Uuid>,
        created_by -> Nullable<Uuid>,
        kind -> Text,
        state -> Text,
        parameters -> Jsonb,
        resume_point -> Nullable<Jsonb>,
        total -> Nullable<Int8>,
        done -> Int8,
        rows_in_error -> Int8,
        result -> Nullable<Jsonb>,
        failure_code -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        attempts -> Int2,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Uuid,
        territory_id -> Uuid,
        event -> Text,
        aggregate_id -> Uuid,
        payload -> Jsonb,
        occurred_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    transitions (id) {
        id -> Uuid,
        territory_id -> Uuid,
        aggregate -> Text,
        aggregate_id -> Uuid,
        from_state -> Nullable<Text>,
        to_state -> Text,
        actor_id -> Nullable<Uuid>,
        actor_role -> Text,
        reason -> Nullable<Text>,
        reason_sealed -> Nullable<Bytea>,
        occurred_at -> Timestamptz,
    }
}

diesel::joinable!(job_errors -> jobs (job_id));
diesel::joinable!(job_inputs -> jobs (job_id));

diesel::allow_tables_to_appear_in_same_query!(job_errors, job_inputs, jobs, outbox, transitions);
