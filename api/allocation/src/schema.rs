//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    admissible_amounts (project_id, number) {
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int4,
        amount -> Numeric,
        reason -> Text,
        set_by -> Nullable<Uuid>,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    allocation_rows (allocation_id, position) {
        territory_id -> Uuid,
        allocation_id -> Uuid,
        position -> Int4,
        project_id -> Uuid,
        lead_organisation_id -> Uuid,
        reference -> Text,
        submitted_at -> Timestamptz,
        total_cost -> Numeric,
        score -> Numeric,
        requested -> Numeric,
        admissible -> Numeric,
        admissible_reason -> Nullable<Text>,
        band -> Nullable<Int2>,
        percentage -> Nullable<Numeric>,
        base_amount -> Numeric,
        residue_share -> Numeric,
        assigned -> Numeric,
        outcome -> Text,
        basis -> Jsonb,
        residue_portion -> Nullable<Jsonb>,
    }
}

diesel::table! {
    allocations (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_call_id -> Uuid,
        number -> Int4,
        state -> Text,
        method -> Text,
        terms -> Jsonb,
        inputs_hash -> Bytea,
        minimum_score -> Nullable<Numeric>,
        budget -> Numeric,
        requested -> Numeric,
        admissible -> Numeric,
        base_amount -> Numeric,
        assigned -> Numeric,
        residue -> Numeric,
        bands -> Jsonb,
        projects -> Int4,
        funded -> Int4,
        computed_by -> Nullable<Uuid>,
        computed_at -> Timestamptz,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        act -> Nullable<Text>,
        act_date -> Nullable<Date>,
        version -> Int8,
    }
}
