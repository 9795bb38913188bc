//! The tables of this context as diesel knows them; a test compares them with the database.

diesel::table! {
    activity_results (id) {
        id -> Uuid,
        territory_id -> Uuid,
        activity_id -> Uuid,
        reached_on -> Date,
        people -> Int4,
        companies -> Int4,
        note -> Nullable<Text>,
        supersedes -> Nullable<Uuid>,
        recorded_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    indicator_freezes (id) {
        id -> Uuid,
        territory_id -> Uuid,
        plan_id -> Uuid,
        half -> Text,
        taken_at -> Timestamptz,
        taken_by -> Nullable<Uuid>,
    }
}
