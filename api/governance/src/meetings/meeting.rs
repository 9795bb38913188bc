//! A meeting as those who may see it do.

use crate::people::PersonName;
use crate::rules::attendance::Capacity;
use crate::rules::states::{BodyKind, MeetingState};
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, SmallInt, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A meeting in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000010", "body_id": "0193a5d0-4444-7000-8000-000000000001",
    "body_kind": "committee", "body_name": "Comitato", "state": "convened", "starts_at": "2026-03-10T09:00:00Z",
    "duration_minutes": 120, "place": "Mantova, via dei Toscani 1", "online_link": null,
    "sent_at": "2026-03-02T10:00:00Z", "notice": 1, "required_days": 5, "quorum": 8, "present": 0, "quorate": false
}))]
pub struct MeetingSummary {
    /// Identifier.
    pub id: Uuid,
    /// The body that meets.
    pub body_id: Uuid,
    /// Its kind.
    pub body_kind: BodyKind,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub body_name: String,
    /// Where it stands.
    pub state: MeetingState,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// Minutes it is expected to take.
    #[schema(format = Int32, minimum = 15, maximum = 600)]
    pub duration_minutes: i16,
    /// Where it is held, in presence; null when it is online only.
    #[schema(required, min_length = 1, max_length = 300)]
    pub place: Option<String>,
    /// Where it is held, online.
    #[schema(required, format = "uri", max_length = 500)]
    pub online_link: Option<String>,
    /// When its last notice was sent.
    pub sent_at: DateTime<Utc>,
    /// Number of its last notice: 1 is the convening, each new date is one more.
    #[schema(format = Int32, minimum = 1)]
    pub notice: i16,
    /// Days of notice that it needed.
    #[schema(format = Int32, minimum = 0)]
    pub required_days: i16,
    /// Seats that must be represented to decide: half of those invited, rounded down, and one. Null where the body does
    /// not vote.
    #[schema(required, format = Int32, minimum = 1)]
    pub quorum: Option<i32>,
    /// Invitations represented: now or, once it was held, at its end.
    #[schema(minimum = 0)]
    pub present: i64,
    /// Whether the quorum is reached or, once it was held, ever was; true where there is none.
    pub quorate: bool,
}

/// A meeting with its agenda and invitations.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000010", "body_id": "0193a5d0-4444-7000-8000-000000000001",
    "body_kind": "committee", "body_name": "Comitato", "state": "convened", "starts_at": "2026-03-10T09:00:00Z",
    "duration_minutes": 120, "place": "Mantova, via dei Toscani 1", "online_link": null,
    "sent_at": "2026-03-02T10:00:00Z", "notice": 1, "required_days": 5, "quorum": 1, "present": 0, "quorate": false,
    "agenda": [{"position": 1, "title": "Valutazione dei progetti", "description": null, "project_id": null}],
    "invitations": [{"id": "0193a5d0-4444-7000-8000-000000000011", "name": "ATS della Val Padana",
        "organisation_id": "0193a5d0-4444-7000-8000-000000000003", "chair": true,
        "titular": {"id": "0193a5d0-4444-7000-8000-000000000004", "name": "Anna Bianchi"}, "substitute": null,
        "attendance": null}]
}))]
pub struct Meeting {
    #[serde(flatten)]
    pub summary: MeetingSummary,
    /// What is on the agenda.
    #[schema(min_items = 1, max_items = 50)]
    pub agenda: Vec<AgendaItem>,
    /// Who was invited by the last notice, the chair first, then by name.
    #[schema(min_items = 0, max_items = 2000)]
    pub invitations: Vec<Invitation>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// An item of the agenda.
#[derive(Debug, Clone, Serialize, Deserialize, QueryableByName, ToSchema)]
pub struct AgendaItem {
    /// Its place on the agenda, from 1.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub position: i16,
    /// Title.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// More about it.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 4000)]
    pub description: Option<String>,
    /// The project it is about.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[schema(required)]
    pub project_id: Option<Uuid>,
}

/// Who was invited to a meeting, as it stood when the notice was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    /// Identifier.
    pub id: Uuid,
    /// Name of the seat or of the organisation.
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// The organisation, where it is one of the network.
    #[schema(required)]
    pub organisation_id: Option<Uuid>,
    /// Whether it is the chair's seat.
    pub chair: bool,
    /// Who holds the seat; null outside the committee.
    #[schema(required)]
    pub titular: Option<PersonName>,
    /// Who takes it in the titular's absence.
    #[schema(required)]
    pub substitute: Option<PersonName>,
    /// Who is there for it; null while nobody is.
    #[schema(required)]
    pub attendance: Option<Attendance>,
}

/// Somebody who is at a meeting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attendance {
    /// In what capacity.
    pub capacity: Capacity,
    /// The person, of the committee.
    #[schema(required)]
    pub person: Option<PersonName>,
    /// Name of a delegate, if it was given.
    #[schema(required, min_length = 1, max_length = 200)]
    pub delegate_name: Option<String>,
    /// Since when.
    pub arrived_at: DateTime<Utc>,
}
