//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    family_plan_items (family_plan_id, line) {
        family_plan_id -> Uuid,
        line -> Int2,
        territory_id -> Uuid,
        service_id -> Uuid,
        service_session_id -> Nullable<Uuid>,
        household_member_id -> Uuid,
        child_age -> Int2,
        voucher_id -> Nullable<Uuid>,
        quantity -> Int4,
        note_sealed -> Nullable<Bytea>,
        previewed_price -> Nullable<Numeric>,
        previewed_covered -> Nullable<Numeric>,
    }
}

diesel::table! {
    family_plans (id) {
        id -> Uuid,
        territory_id -> Uuid,
        worker_id -> Uuid,
        store_id -> Uuid,
        state -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        submitted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        territory_id -> Uuid,
        store_id -> Uuid,
        family_plan_id -> Uuid,
        line -> Int2,
        provider_id -> Uuid,
        worker_id -> Uuid,
        household_member_id -> Uuid,
        child_age -> Int2,
        service_id -> Uuid,
        service_session_id -> Nullable<Uuid>,
        voucher_id -> Nullable<Uuid>,
        quantity -> Int4,
        unit_price -> Numeric,
        total -> Numeric,
        covered -> Numeric,
        family_share -> Numeric,
        state -> Text,
        note_sealed -> Nullable<Bytea>,
        proposed_session_id -> Nullable<Uuid>,
        proposal_note_sealed -> Nullable<Bytea>,
        version -> Int8,
        placed_at -> Timestamptz,
        due_at -> Nullable<Timestamptz>,
        service_title_it -> Text,
        service_title_en -> Text,
        provider_name -> Text,
        starts_at -> Nullable<Timestamptz>,
        ends_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(family_plan_items, family_plans, orders);
