//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    memberships (id) {
        id -> Uuid,
        territory_id -> Uuid,
        organisation_id -> Uuid,
        state -> Text,
        requested_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        legal_name -> Nullable<Text>,
        kind -> Nullable<Text>,
        company_size -> Nullable<Text>,
        vat_number -> Nullable<Text>,
        municipality -> Nullable<Text>,
        address -> Nullable<Text>,
        contact_sealed -> Nullable<Bytea>,
        statement_version -> Nullable<Text>,
        statement_accepted_at -> Nullable<Timestamptz>,
        requested_by -> Nullable<Uuid>,
        decided_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    network_composition_members (composition_id, organisation_id) {
        territory_id -> Uuid,
        composition_id -> Uuid,
        organisation_id -> Uuid,
        kind -> Text,
        company_size -> Nullable<Text>,
        in_alliance -> Bool,
    }
}

diesel::table! {
    network_compositions (id) {
        id -> Uuid,
        territory_id -> Uuid,
        half -> Text,
        taken_at -> Timestamptz,
        taken_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    network_documents (id) {
        id -> Uuid,
        territory_id -> Uuid,
        title -> Text,
        audience -> Text,
        media_type -> Text,
        sha256 -> Bytea,
        content -> Bytea,
        uploaded_by -> Uuid,
        uploaded_at -> Timestamptz,
    }
}

diesel::table! {
    notice_documents (notice_id, document_id) {
        territory_id -> Uuid,
        notice_id -> Uuid,
        document_id -> Uuid,
    }
}

diesel::table! {
    notices (id) {
        id -> Uuid,
        territory_id -> Uuid,
        title -> Text,
        body -> Text,
        audience -> Text,
        published_by -> Uuid,
        published_at -> Timestamptz,
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
        address -> Nullable<Text>,
        newcomer -> Bool,
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

diesel::joinable!(memberships -> territories (territory_id));
diesel::joinable!(organisations -> territories (territory_id));

diesel::allow_tables_to_appear_in_same_query!(
    memberships,
    network_composition_members,
    network_compositions,
    network_documents,
    notice_documents,
    notices,
    organisations,
    territories,
);
