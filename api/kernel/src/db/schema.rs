// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
}

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
    application_lines (id) {
        id -> Uuid,
        territory_id -> Uuid,
        application_id -> Uuid,
        voucher_call_id -> Uuid,
        line -> Int2,
        household_member_id -> Uuid,
        child_index -> Nullable<Bytea>,
        facts_sealed -> Nullable<Bytea>,
    }
}

diesel::table! {
    applications (id) {
        id -> Uuid,
        territory_id -> Uuid,
        voucher_call_id -> Uuid,
        worker_id -> Uuid,
        employer_id -> Uuid,
        state -> Text,
        protocol_number -> Nullable<Text>,
        facts_sealed -> Nullable<Bytea>,
        submitted_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

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
        note -> Nullable<Text>,
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
    idempotency_keys (subject_id, key) {
        subject_id -> Uuid,
        key -> Text,
        operation -> Text,
        request_hash -> Bytea,
        response_status -> Nullable<Int2>,
        response_head -> Nullable<Jsonb>,
        response_body -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_presences (job_id, external_id) {
        job_id -> Uuid,
        external_id -> Text,
    }
}

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
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    ledger_entries (id) {
        id -> Uuid,
        territory_id -> Uuid,
        voucher_call_id -> Uuid,
        voucher_id -> Nullable<Uuid>,
        order_id -> Nullable<Uuid>,
        kind -> Text,
        credit_account -> Text,
        debit_account -> Text,
        amount -> Numeric,
        actor_id -> Nullable<Uuid>,
        actor_role -> Text,
        reason -> Text,
        occurred_at -> Timestamptz,
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
    memberships (id) {
        id -> Uuid,
        territory_id -> Uuid,
        organisation_id -> Uuid,
        state -> Text,
        requested_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
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
        note -> Nullable<Text>,
        proposed_session_id -> Nullable<Uuid>,
        proposal_note -> Nullable<Text>,
        version -> Int8,
        placed_at -> Timestamptz,
        due_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    organisations (id) {
        id -> Uuid,
        territory_id -> Uuid,
        name -> Text,
        kind -> Text,
        company_size -> Nullable<Text>,
        tax_code -> Text,
        vat_number -> Nullable<Text>,
        municipality -> Nullable<Text>,
        created_at -> Timestamptz,
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
    project_partners (project_id, organisation_id) {
        territory_id -> Uuid,
        project_id -> Uuid,
        organisation_id -> Uuid,
        role -> Text,
    }
}

diesel::table! {
    projects (id) {
        id -> Uuid,
        territory_id -> Uuid,
        reference -> Text,
        title -> Text,
        lead_organisation_id -> Uuid,
        starts_on -> Date,
        ends_on -> Date,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    protocol_counters (territory_id, year) {
        territory_id -> Uuid,
        year -> Int4,
        last -> Int4,
    }
}

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

diesel::table! {
    ranking_rows (ranking_id, position) {
        territory_id -> Uuid,
        ranking_id -> Uuid,
        position -> Int4,
        application_line_id -> Uuid,
        protocol_number -> Text,
        line -> Int2,
        points -> Int4,
        explanation_sealed -> Bytea,
        outcome -> Text,
        outcome_code -> Text,
        waiting_position -> Nullable<Int4>,
        amount -> Numeric,
    }
}

diesel::table! {
    rankings (id) {
        id -> Uuid,
        territory_id -> Uuid,
        voucher_call_id -> Uuid,
        number -> Int4,
        state -> Text,
        inputs_hash -> Bytea,
        rules -> Jsonb,
        lines -> Int4,
        awarded -> Int4,
        wait_listed -> Int4,
        excluded -> Int4,
        available -> Numeric,
        awarded_amount -> Numeric,
        version -> Int8,
        computed_by -> Nullable<Uuid>,
        computed_at -> Timestamptz,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        login_session_id -> Uuid,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
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
    service_categories (id) {
        id -> Uuid,
        territory_id -> Uuid,
        store_id -> Uuid,
        code -> Text,
        name_it -> Text,
        name_en -> Text,
        position -> Int2,
    }
}

diesel::table! {
    service_sessions (id) {
        id -> Uuid,
        territory_id -> Uuid,
        service_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        capacity -> Int4,
        places_taken -> Int4,
        state -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    services (id) {
        id -> Uuid,
        territory_id -> Uuid,
        store_id -> Uuid,
        provider_id -> Uuid,
        category_id -> Uuid,
        title_it -> Text,
        title_en -> Text,
        description_it -> Text,
        description_en -> Text,
        intervention_type -> Text,
        minimum_age -> Int2,
        maximum_age -> Int2,
        place -> Text,
        municipality -> Nullable<Text>,
        address -> Nullable<Text>,
        unit -> Text,
        price -> Numeric,
        vat_rate -> Int2,
        inclusion -> Array<Nullable<Text>>,
        state -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search -> Tsvector,
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

diesel::table! {
    store_providers (store_id, organisation_id) {
        territory_id -> Uuid,
        store_id -> Uuid,
        organisation_id -> Uuid,
        accredited_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    stores (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        lead_organisation_id -> Uuid,
        slug -> Text,
        name_it -> Text,
        name_en -> Text,
        description_it -> Text,
        description_en -> Text,
        answer_days -> Int2,
        silent_acceptance_days -> Int2,
        free_cancellation_hours -> Int2,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    territories (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        provinces -> Array<Nullable<Text>>,
        created_at -> Timestamptz,
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
        occurred_at -> Timestamptz,
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
    voucher_call_employers (voucher_call_id, organisation_id) {
        territory_id -> Uuid,
        voucher_call_id -> Uuid,
        organisation_id -> Uuid,
    }
}

diesel::table! {
    voucher_calls (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        lead_organisation_id -> Uuid,
        edition -> Int4,
        title_it -> Text,
        title_en -> Text,
        state -> Text,
        budget -> Numeric,
        first_award_share -> Numeric,
        value_per_child -> Numeric,
        household_cap -> Nullable<Numeric>,
        minimum_age -> Int2,
        maximum_age -> Int2,
        criteria -> Jsonb,
        tie_breaks -> Jsonb,
        spendable_categories -> Nullable<Array<Nullable<Text>>>,
        opens_at -> Timestamptz,
        closes_at -> Timestamptz,
        spend_by -> Date,
        version -> Int8,
        created_at -> Timestamptz,
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

diesel::joinable!(accounts -> territories (territory_id));
diesel::joinable!(activation_codes -> employees (employee_id));
diesel::joinable!(activation_codes -> territories (territory_id));
diesel::joinable!(import_presences -> jobs (job_id));
diesel::joinable!(job_errors -> jobs (job_id));
diesel::joinable!(job_inputs -> jobs (job_id));
diesel::joinable!(jobs -> territories (territory_id));
diesel::joinable!(memberships -> territories (territory_id));
diesel::joinable!(organisations -> territories (territory_id));
diesel::joinable!(outbox -> territories (territory_id));
diesel::joinable!(projects -> territories (territory_id));
diesel::joinable!(protocol_counters -> territories (territory_id));
diesel::joinable!(refresh_tokens -> login_sessions (login_session_id));
diesel::joinable!(transitions -> territories (territory_id));

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    activation_codes,
    api_clients,
    application_lines,
    applications,
    call_balances,
    employees,
    family_plan_items,
    family_plans,
    household_members,
    households,
    idempotency_keys,
    import_presences,
    job_errors,
    job_inputs,
    jobs,
    ledger_entries,
    login_sessions,
    login_throttles,
    memberships,
    orders,
    organisations,
    outbox,
    project_partners,
    projects,
    protocol_counters,
    provider_statement_lines,
    provider_statements,
    ranking_rows,
    rankings,
    refresh_tokens,
    role_bindings,
    service_categories,
    service_sessions,
    services,
    signing_keys,
    store_providers,
    stores,
    territories,
    transitions,
    voucher_balances,
    voucher_call_employers,
    voucher_calls,
    vouchers,
    workers,
);
