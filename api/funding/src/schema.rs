//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    agreements (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int4,
        act -> Text,
        act_date -> Date,
        budget_number -> Int4,
        document -> Bytea,
        document_sha256 -> Bytea,
        terms -> Jsonb,
        created_by -> Uuid,
        created_at -> Timestamptz,
        lead_signed_on -> Nullable<Date>,
        lead_signed_by -> Nullable<Uuid>,
        agency_signed_on -> Nullable<Date>,
        agency_signed_by -> Nullable<Uuid>,
        version -> Int8,
    }
}

diesel::table! {
    budget_shifts (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        from_item -> Text,
        to_item -> Text,
        amount -> Numeric,
        reason -> Text,
        free_amount -> Numeric,
        freely_given -> Numeric,
        state -> Text,
        budget_number -> Nullable<Int4>,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    executive_budgets (project_id, number) {
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int4,
        reason -> Text,
        cost_staff -> Numeric,
        cost_coordination -> Numeric,
        cost_goods -> Numeric,
        cost_services -> Numeric,
        cost_vouchers -> Numeric,
        cost_general -> Numeric,
        assigned -> Numeric,
        cofinancing -> Numeric,
        vouchers_from_grant -> Numeric,
        note -> Nullable<Text>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    executive_cofinancing (project_id, number, organisation_id) {
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int4,
        organisation_id -> Uuid,
        monetary -> Numeric,
        in_kind -> Numeric,
    }
}

diesel::table! {
    expense_attachments (expense_id) {
        expense_id -> Uuid,
        territory_id -> Uuid,
        size -> Int4,
        sealed -> Bytea,
        uploaded_by -> Uuid,
        uploaded_at -> Timestamptz,
    }
}

diesel::table! {
    expense_reports (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int2,
        period_from -> Date,
        period_to -> Date,
        state -> Text,
        created_by -> Uuid,
        created_at -> Timestamptz,
        submitted_by -> Nullable<Uuid>,
        submitted_at -> Nullable<Timestamptz>,
        validated_by -> Nullable<Uuid>,
        validated_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    expenses (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        expense_report_id -> Uuid,
        organisation_id -> Uuid,
        cost_item -> Text,
        source -> Text,
        description -> Text,
        incurred_on -> Date,
        amount -> Numeric,
        hours -> Nullable<Numeric>,
        hourly_rate -> Nullable<Numeric>,
        document_type -> Nullable<Text>,
        document_number -> Nullable<Text>,
        document_issuer -> Nullable<Text>,
        document_date -> Nullable<Date>,
        attachment_sha256 -> Nullable<Bytea>,
        voucher_call_id -> Nullable<Uuid>,
        decision -> Nullable<Text>,
        accepted -> Nullable<Numeric>,
        decision_reason -> Nullable<Text>,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    grant_cost_items (project_id, item) {
        territory_id -> Uuid,
        project_id -> Uuid,
        item -> Text,
        budget -> Numeric,
        validated -> Numeric,
    }
}

diesel::table! {
    grant_payments (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        tranche_number -> Int2,
        amount -> Numeric,
        state -> Text,
        validated -> Numeric,
        act -> Text,
        act_date -> Date,
        created_by -> Uuid,
        created_at -> Timestamptz,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        payment_reference -> Nullable<Text>,
        paid_on -> Nullable<Date>,
        paid_by -> Nullable<Uuid>,
        cancelled_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    grant_recoveries (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        amount -> Numeric,
        received_on -> Date,
        reference -> Text,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    grant_revocations (project_id) {
        project_id -> Uuid,
        territory_id -> Uuid,
        reason -> Text,
        act -> Text,
        act_date -> Date,
        paid -> Numeric,
        left_to_lead -> Numeric,
        revoked_by -> Uuid,
        revoked_at -> Timestamptz,
    }
}

diesel::table! {
    grant_settlements (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int4,
        state -> Text,
        assigned -> Numeric,
        grant_expenses -> Numeric,
        monetary -> Numeric,
        in_kind -> Numeric,
        within_share -> Nullable<Numeric>,
        admissible -> Numeric,
        paid -> Numeric,
        to_pay -> Numeric,
        give_back -> Numeric,
        computed_by -> Uuid,
        computed_at -> Timestamptz,
        act -> Nullable<Text>,
        act_date -> Nullable<Date>,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    grant_tranches (project_id, number) {
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int2,
        kind -> Text,
        share -> Nullable<Numeric>,
        amount -> Numeric,
        ordered -> Numeric,
        due_on -> Nullable<Date>,
    }
}

diesel::table! {
    grants (project_id) {
        project_id -> Uuid,
        territory_id -> Uuid,
        assigned -> Numeric,
        coordination_limit -> Numeric,
        cofinancing_minimum -> Numeric,
        shift_threshold -> Numeric,
        cup -> Nullable<Text>,
        ordered -> Numeric,
        paid -> Numeric,
        admissible -> Nullable<Numeric>,
        recovered -> Numeric,
        accepted_by -> Uuid,
        accepted_at -> Timestamptz,
        signed_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    project_variations (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        reason -> Text,
        proposal -> Nullable<Jsonb>,
        ends_on -> Nullable<Date>,
        state -> Text,
        budget_number -> Nullable<Int4>,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        act -> Nullable<Text>,
        act_date -> Nullable<Date>,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    agreements,
    budget_shifts,
    executive_budgets,
    executive_cofinancing,
    expense_attachments,
    expense_reports,
    expenses,
    grant_cost_items,
    grant_payments,
    grant_recoveries,
    grant_revocations,
    grant_settlements,
    grant_tranches,
    grants,
    project_variations,
);
