use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who was present at a session of an event.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "session_id": "0193a5d0-6004-7000-8000-000000000003", "starts_at": "2027-03-03T13:00:00Z",
    "ends_at": "2027-03-03T15:00:00Z", "recorded_at": "2027-03-03T15:10:00Z",
    "present": ["0193a5d0-6005-7000-8000-000000000001"]
}))]
pub struct EventAttendance {
    /// The session.
    #[diesel(sql_type = SqlUuid)]
    pub session_id: Uuid,
    /// When it starts.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: DateTime<Utc>,
    /// When attendance was last recorded; null before.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub recorded_at: Option<DateTime<Utc>>,
    /// Sign-ups of those who were present; whoever else has a place was absent.
    #[diesel(sql_type = Array<SqlUuid>)]
    #[schema(min_items = 0, max_items = 5000)]
    pub present: Vec<Uuid>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}
