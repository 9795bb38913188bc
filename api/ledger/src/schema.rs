//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    call_balances (voucher_call_id) {
        voucher_call_id -> Uuid,
        territory_id -> Uuid,
        lead_organisation_id -> Uuid,
        funding -> Numeric,
        budget -> Numeric,
    }
}

diesel::table! {
    voucher_balances (voucher_id) {
        voucher_id -> Uuid,
        territory_id -> Uuid,
        voucher_call_id -> Uuid,
        available -> Numeric,
        held -> Numeric,
        spent -> Numeric,
        paid -> Numeric,
    }
}

diesel::table! {
    vouchers (id) {
        id -> Uuid,
        territory_id -> Uuid,
        voucher_call_id -> Uuid,
        ranking_id -> Uuid,
        application_line_id -> Uuid,
        worker_id -> Uuid,
        household_member_id -> Uuid,
        lead_organisation_id -> Uuid,
        project_id -> Uuid,
        spendable_categories -> Nullable<Array<Nullable<Text>>>,
        state -> Text,
        value -> Numeric,
        spend_by -> Date,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(call_balances, voucher_balances, vouchers);
