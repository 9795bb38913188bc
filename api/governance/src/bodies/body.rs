//! A body as those who may see it do.

use crate::people::PersonName;
use crate::rules::states::BodyKind;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_network::OrganisationName;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A body in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000001", "kind": "committee",
    "name": "Comitato di programmazione, valutazione e monitoraggio", "referent": null,
    "created_at": "2026-01-10T09:00:00Z"
}))]
pub struct BodySummary {
    /// Identifier.
    pub id: Uuid,
    /// Kind of body.
    pub kind: BodyKind,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Who answers for a working group; null for the others.
    #[schema(required)]
    pub referent: Option<PersonName>,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
}

/// A body with who is in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000001", "kind": "committee",
    "name": "Comitato di programmazione, valutazione e monitoraggio", "referent": null,
    "created_at": "2026-01-10T09:00:00Z",
    "seats": [{"id": "0193a5d0-4444-7000-8000-000000000002", "name": "ATS della Val Padana",
               "organisation_id": "0193a5d0-4444-7000-8000-000000000003", "chair": true, "from_on": "2026-01-10",
               "titular": {"id": "0193a5d0-4444-7000-8000-000000000004", "name": "Anna Bianchi"},
               "substitute": {"id": "0193a5d0-4444-7000-8000-000000000005", "name": "Luca Verdi"}}],
    "members": []
}))]
pub struct Body {
    #[serde(flatten)]
    pub summary: BodySummary,
    /// Seats of a committee, the chair's first; none for the others.
    #[schema(min_items = 0, max_items = 200)]
    pub seats: Vec<Seat>,
    /// Members of a working group; none for the others: the assembly is of all members of the network.
    #[schema(min_items = 0, max_items = 500)]
    pub members: Vec<WorkingGroupMember>,
}

/// A seat of the committee.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000002", "name": "ATS della Val Padana",
    "organisation_id": "0193a5d0-4444-7000-8000-000000000003", "chair": true, "from_on": "2026-01-10",
    "titular": {"id": "0193a5d0-4444-7000-8000-000000000004", "name": "Anna Bianchi"}, "substitute": null
}))]
pub struct Seat {
    /// Identifier.
    pub id: Uuid,
    /// Whose it is: an organisation, or several under one name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The organisation, where it is one.
    #[schema(required)]
    pub organisation_id: Option<Uuid>,
    /// Whether it is the chair's.
    pub chair: bool,
    /// First day.
    pub from_on: NaiveDate,
    /// Who holds it; null once nobody does.
    #[schema(required)]
    pub titular: Option<PersonName>,
    /// Who takes it in the titular's absence.
    #[schema(required)]
    pub substitute: Option<PersonName>,
}

/// A member of a working group.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000006", "organisation": null, "guest_name": "Università di Brescia",
    "from_on": "2026-01-10"
}))]
pub struct WorkingGroupMember {
    /// Identifier.
    pub id: Uuid,
    /// A member of the network; null for a guest.
    #[schema(required)]
    pub organisation: Option<OrganisationName>,
    /// An organisation outside the network; null for a member of it.
    #[schema(required, min_length = 1, max_length = 200)]
    pub guest_name: Option<String>,
    /// First day.
    pub from_on: NaiveDate,
}
