//! The tables of this context as diesel knows them; a test compares them with the database.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
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

diesel::allow_tables_to_appear_in_same_query!(
    service_categories,
    service_sessions,
    services,
    store_providers,
    stores
);
