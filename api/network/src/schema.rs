//! The tables of this context as diesel knows them; a test compares them with the database.

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

diesel::allow_tables_to_appear_in_same_query!(memberships, organisations, territories);
