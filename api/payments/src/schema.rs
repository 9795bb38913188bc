//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    provider_statement_lines (provider_statement_id, order_id) {
        territory_id -> Uuid,
        provider_statement_id -> Uuid,
        order_id -> Uuid,
        voucher_id -> Nullable<Uuid>,
        total -> Numeric,
        covered -> Numeric,
        family_share -> Numeric,
    }
}

diesel::table! {
    provider_statements (id) {
        id -> Uuid,
        territory_id -> Uuid,
        store_id -> Uuid,
        lead_organisation_id -> Uuid,
        provider_id -> Uuid,
        state -> Text,
        orders -> Int4,
        covered -> Numeric,
        family_share -> Numeric,
        payment_reference -> Nullable<Text>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        paid_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::allow_tables_to_appear_in_same_query!(provider_statement_lines, provider_statements);
