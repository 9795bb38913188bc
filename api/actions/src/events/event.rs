use crate::rules::kinds::{EventKind, EventPlace};
use crate::rules::states::EventState;
use chrono::{DateTime, Utc};
use concilia_kernel::Ratio;
use concilia_kernel::db::Gathered;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A training event.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6004-7000-8000-000000000001", "territory_id": "0193a5d0-6004-7000-8000-000000000002",
    "action_id": "0193a5d0-6001-7000-8000-000000000001", "kind": "course", "state": "published",
    "title": "Smart working: dalla norma alla pratica", "description": "Quattro incontri per le imprese.",
    "place": "address", "municipality": "Mantova", "address": "Via dei Toscani 1", "online_url": null,
    "capacity": 30, "free_places": 4, "waiting": 0,
    "sign_up_opens_at": "2021-02-01T08:00:00Z", "sign_up_closes_at": "2021-03-01T22:59:00Z",
    "starts_at": "2021-03-03T13:00:00Z", "ends_at": "2021-03-24T15:00:00Z", "certificate_share": "0.75",
    "sessions": [{"id": "0193a5d0-6004-7000-8000-000000000003", "starts_at": "2021-03-03T13:00:00Z",
                  "ends_at": "2021-03-03T15:00:00Z"}],
    "created_at": "2021-01-20T10:00:00Z"
}))]
pub struct Event {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The territory that offers it.
    #[diesel(sql_type = SqlUuid)]
    pub territory_id: Uuid,
    /// The action that it is a part of; null for none.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[schema(required)]
    pub action_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub kind: EventKind,
    #[diesel(sql_type = Text)]
    pub state: EventState,
    /// What it is called.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What it is about, for whom.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 4000)]
    pub description: String,
    #[diesel(sql_type = Text)]
    pub place: EventPlace,
    /// Municipality of the address.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 100)]
    pub municipality: Option<String>,
    /// Street and number; only where the place is an address.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 200)]
    pub address: Option<String>,
    /// Link to take part on line. Shown to the agency here; to those who have a place, in their sign-up.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 500)]
    pub online_url: Option<String>,
    /// Places in all.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1, maximum = 5000)]
    pub capacity: i32,
    /// Places that nobody has taken.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0, maximum = 5000)]
    pub free_places: i32,
    /// People who wait for a place.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub waiting: i32,
    /// From when people sign up.
    #[diesel(sql_type = Timestamptz)]
    pub sign_up_opens_at: DateTime<Utc>,
    /// From when they no longer do.
    #[diesel(sql_type = Timestamptz)]
    pub sign_up_closes_at: DateTime<Utc>,
    /// Start of the first session.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// End of the last session.
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    /// Share of the hours to attend for a certificate.
    #[diesel(sql_type = Numeric)]
    pub certificate_share: Ratio,
    /// Sessions in the order of their start.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<EventSession>, min_items = 1, max_items = 100)]
    pub sessions: Gathered<Vec<EventSession>>,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// A session of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventSession {
    /// Identifier.
    pub id: Uuid,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

impl Event {
    /// The event as the public sees it.
    #[must_use]
    pub fn without_link(mut self) -> Self {
        self.online_url = None;
        self
    }
}
