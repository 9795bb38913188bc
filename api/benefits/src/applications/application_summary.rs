use crate::rules::states::ApplicationState;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An application in a list: nothing of what the family declared.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-2222-7000-8000-000000000001", "voucher_call_id": "0193a5d0-1111-7000-8000-000000000001",
    "state": "submitted", "protocol_number": "2026/000123", "submitted_at": "2026-03-02T10:15:00Z", "lines": 2,
    "created_at": "2026-03-02T10:00:00Z"
}))]
pub struct ApplicationSummary {
    /// Identifier of the application.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The call it answers.
    #[diesel(sql_type = SqlUuid)]
    pub voucher_call_id: Uuid,
    /// State of the application.
    #[diesel(sql_type = Text)]
    pub state: ApplicationState,
    /// Number given at submission; null for a draft.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 11, max_length = 11, pattern = r"^\d{4}/\d{6}$")]
    pub protocol_number: Option<String>,
    /// When it was first submitted; null for a draft.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// Children and dependants it asks vouchers for.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub lines: i32,
    /// When the draft was made.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}
