//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    activity_targets (activity_id, year, measure) {
        territory_id -> Uuid,
        activity_id -> Uuid,
        year -> Int2,
        measure -> Text,
        expected -> Int4,
    }
}

diesel::table! {
    cofinancing_lines (project_id, organisation_id) {
        territory_id -> Uuid,
        project_id -> Uuid,
        organisation_id -> Uuid,
        monetary -> Numeric,
        in_kind -> Numeric,
        signed_off_by -> Nullable<Uuid>,
        signed_off_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    evaluation_criteria (project_call_id, code) {
        territory_id -> Uuid,
        project_call_id -> Uuid,
        position -> Int2,
        code -> Text,
        title -> Text,
        maximum -> Numeric,
    }
}

diesel::table! {
    integration_requests (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        request -> Text,
        due_at -> Timestamptz,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    planning_settings (territory_id) {
        territory_id -> Uuid,
        lead_kinds -> Text,
        system_actions_share -> Numeric,
        version -> Int8,
    }
}

diesel::table! {
    plans (id) {
        id -> Uuid,
        territory_id -> Uuid,
        title -> Text,
        from_year -> Int2,
        to_year -> Int2,
        resources -> Numeric,
        local_alliances -> Numeric,
        system_actions -> Numeric,
        address_document_act -> Text,
        address_document_date -> Date,
        expected_people -> Int4,
        expected_companies -> Int4,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    project_activities (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int2,
        title -> Text,
        months -> Array<Nullable<Date>>,
    }
}

diesel::table! {
    project_call_extensions (id) {
        id -> Uuid,
        territory_id -> Uuid,
        project_call_id -> Uuid,
        act -> Text,
        act_date -> Date,
        previous_closes_at -> Timestamptz,
        closes_at -> Timestamptz,
        extended_by -> Uuid,
        extended_at -> Timestamptz,
    }
}

diesel::table! {
    project_calls (id) {
        id -> Uuid,
        territory_id -> Uuid,
        plan_id -> Uuid,
        number -> Int2,
        title -> Text,
        state -> Text,
        address_document_act -> Text,
        address_document_date -> Date,
        budget -> Numeric,
        opens_at -> Timestamptz,
        closes_at -> Timestamptz,
        intervention_types -> Array<Nullable<Text>>,
        lead_kinds -> Text,
        coordination_limit -> Numeric,
        cofinancing_minimum -> Numeric,
        shift_threshold -> Numeric,
        maximum_grant -> Nullable<Numeric>,
        minimum_score -> Nullable<Numeric>,
        last_reference -> Int2,
        version -> Int8,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    project_partners (project_id, organisation_id) {
        territory_id -> Uuid,
        project_id -> Uuid,
        organisation_id -> Uuid,
        role -> Text,
        mandate_on -> Nullable<Date>,
        joined_on -> Nullable<Date>,
        left_on -> Nullable<Date>,
        substitutes -> Nullable<Uuid>,
        leave_reason -> Nullable<Text>,
    }
}

diesel::table! {
    project_versions (project_id, number) {
        territory_id -> Uuid,
        project_id -> Uuid,
        number -> Int4,
        reason -> Text,
        snapshot -> Jsonb,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
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
        project_call_id -> Nullable<Uuid>,
        alliance -> Nullable<Text>,
        state -> Text,
        open_alliance -> Bool,
        summary -> Nullable<Text>,
        intervention_types -> Array<Nullable<Text>>,
        whp_link -> Bool,
        zone_plan_link -> Bool,
        cost_staff -> Numeric,
        cost_coordination -> Numeric,
        cost_goods -> Numeric,
        cost_services -> Numeric,
        cost_vouchers -> Numeric,
        cost_general -> Numeric,
        requested_grant -> Numeric,
        merged_into -> Nullable<Uuid>,
        submitted_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        version -> Int8,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    activity_targets,
    cofinancing_lines,
    evaluation_criteria,
    integration_requests,
    planning_settings,
    plans,
    project_activities,
    project_call_extensions,
    project_calls,
    project_partners,
    project_versions,
    projects
);
