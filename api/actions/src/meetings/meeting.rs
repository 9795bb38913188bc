use crate::rules::states::ActionMeetingState;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A meeting of an action.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6003-7000-8000-000000000001", "action_id": "0193a5d0-6001-7000-8000-000000000001", "state": "held",
    "title": "Avvio dell'azione", "starts_at": "2021-02-03T09:00:00Z", "ends_at": "2021-02-03T11:00:00Z",
    "place": "Mantova, via dei Toscani 1", "people": 14,
    "organisation_ids": ["0193a5d0-6001-7000-8000-000000000003"], "notes": "Condiviso il calendario dei seminari."
}))]
pub struct ActionMeeting {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The action that meets.
    #[diesel(sql_type = SqlUuid)]
    pub action_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: ActionMeetingState,
    /// What it is about.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// When it starts.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    /// Where.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 300)]
    pub place: String,
    /// How many people took part; null unless it was held.
    #[diesel(sql_type = Nullable<Integer>)]
    #[schema(required, format = Int32, minimum = 1, maximum = 100_000)]
    pub people: Option<i32>,
    /// Organisations that took part.
    #[diesel(sql_type = Array<SqlUuid>)]
    #[schema(min_items = 0, max_items = 500)]
    pub organisation_ids: Vec<Uuid>,
    /// What was said and decided.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 4000)]
    pub notes: Option<String>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}
