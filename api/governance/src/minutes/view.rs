//! Minutes as those who may see their meeting do.

use super::content::MinutesContent;
use crate::rules::states::MinutesState;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A version of a meeting's minutes in a list.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000040", "meeting_id": "0193a5d0-4444-7000-8000-000000000010", "number": 1,
    "state": "sent", "due_at": "2026-03-22T10:00:00Z", "generated_at": "2026-03-12T10:00:00Z", "closed_at": null
}))]
pub struct MinutesSummary {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The meeting.
    #[diesel(sql_type = SqlUuid)]
    pub meeting_id: Uuid,
    /// Number of the version, from 1.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1)]
    pub number: i16,
    /// Where it stands.
    #[diesel(sql_type = Text)]
    pub state: MinutesState,
    /// Until when answers are awaited: silence agrees from then on.
    #[diesel(sql_type = Timestamptz)]
    pub due_at: DateTime<Utc>,
    /// When it was made and sent.
    #[diesel(sql_type = Timestamptz)]
    pub generated_at: DateTime<Utc>,
    /// When it was validated; null otherwise.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
    /// Who wrote it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[serde(skip)]
    #[schema(ignore)]
    pub generated_by: Option<Uuid>,
}

/// A version of a meeting's minutes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000040", "meeting_id": "0193a5d0-4444-7000-8000-000000000010", "number": 1,
    "state": "sent", "due_at": "2026-03-22T10:00:00Z", "generated_at": "2026-03-12T10:00:00Z", "closed_at": null,
    "content": {"body_kind": "committee", "body_name": "Comitato", "starts_at": "2026-03-10T09:00:00Z",
        "place": "Mantova", "online_link": null, "sent_at": "2026-03-02T10:00:00Z", "invited": 15, "quorum": 8,
        "presences": [], "items": [{"item": {"position": 1, "title": "Varie", "description": null, "project_id": null},
                                    "text": "Nulla da segnalare.", "motions": []}]},
    "answers": [{"account_id": "0193a5d0-4444-7000-8000-000000000004", "agreed": true, "remark": null,
                 "answered_at": "2026-03-13T08:00:00Z"}]
}))]
pub struct Minutes {
    #[serde(flatten)]
    pub summary: MinutesSummary,
    /// What it says.
    pub content: MinutesContent,
    /// What those who were there answered.
    #[schema(min_items = 0, max_items = 2000)]
    pub answers: Vec<MinutesAnswer>,
}

/// What somebody who was at a meeting says of its minutes.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
pub struct MinutesAnswer {
    /// The person.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    /// Whether they agree; an objection asks for another version.
    #[diesel(sql_type = Bool)]
    pub agreed: bool,
    /// What they remark; always with an objection.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 2000)]
    pub remark: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub answered_at: DateTime<Utc>,
}
