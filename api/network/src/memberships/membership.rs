//! A membership as others see it.

use crate::{CompanySize, MembershipState, OrganisationKind, OrganisationName};
use chrono::{DateTime, Utc};
use concilia_kernel::transition::Transition;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Purpose under which the contact of a request is sealed.
pub(super) const CONTACT_SEAL: &str = "memberships.contact_sealed";

/// A membership in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000001",
    "organisation": {"id": "0193a5d0-3333-7000-8000-000000000002", "name": "Cooperativa sociale Il Girasole"},
    "kind": "nonprofit", "company_size": null, "municipality": "Mantova", "state": "admitted",
    "requested_at": "2026-03-02T10:15:00Z", "since": "2026-03-20T09:00:00Z", "ended_at": null
}))]
pub struct MembershipSummary {
    /// Identifier.
    pub id: Uuid,
    /// Who asked or is a member.
    pub organisation: OrganisationName,
    /// Kind of member.
    pub kind: OrganisationKind,
    /// Size, of companies only.
    #[schema(required)]
    pub company_size: Option<CompanySize>,
    /// Municipality of the seat.
    #[schema(required, max_length = 100, example = "Mantova")]
    pub municipality: Option<String>,
    /// Where it stands.
    pub state: MembershipState,
    /// When it asked to join.
    pub requested_at: DateTime<Utc>,
    /// Since when it is, or from when it was, a member; null when it was never admitted.
    #[schema(required)]
    pub since: Option<DateTime<Utc>>,
    /// When it withdrew or was excluded; null otherwise.
    #[schema(required)]
    pub ended_at: Option<DateTime<Utc>>,
}

/// A membership as the agency and the organisation's officers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000001",
    "organisation": {"id": "0193a5d0-3333-7000-8000-000000000002", "name": "Cooperativa sociale Il Girasole"},
    "kind": "nonprofit", "company_size": null, "municipality": "Mantova", "state": "refused",
    "requested_at": "2026-03-02T10:15:00Z", "since": null, "ended_at": null,
    "decided_at": "2026-03-20T09:00:00Z", "reason": "La sede è fuori dal territorio",
    "request": {"legal_name": "Cooperativa sociale Il Girasole", "kind": "nonprofit", "company_size": null,
                "vat_number": "00743110157", "municipality": "Mantova", "address": "via Roma 1",
                "contact": {"email": "info@example.it", "phone": "0376 334111", "legal_representative": "Anna Bianchi"},
                "statement_version": "2026-11", "statement_accepted_at": "2026-03-02T10:15:00Z"},
    "history": [{"from_state": null, "to_state": "requested", "actor_role": "public", "reason": null,
                 "occurred_at": "2026-03-02T10:15:00Z"}]
}))]
pub struct Membership {
    #[serde(flatten)]
    pub summary: MembershipSummary,
    /// When it was admitted or refused; null while it waits.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused, withdrew or was excluded; null otherwise.
    #[schema(required, max_length = 1000)]
    pub reason: Option<String>,
    /// What was stated in the request; null for members entered without one.
    #[schema(required)]
    pub request: Option<StatedRequest>,
    /// Its moves, oldest first.
    #[schema(min_items = 0, max_items = 10)]
    pub history: Vec<Transition>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// What an organisation states when it asks to join. On admission it becomes what is known of the organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatedRequest {
    /// Legal name.
    #[schema(min_length = 1, max_length = 300)]
    pub legal_name: String,
    /// Kind of member.
    pub kind: OrganisationKind,
    /// Size, of companies only.
    #[schema(required)]
    pub company_size: Option<CompanySize>,
    /// VAT number, without prefix.
    #[schema(required, max_length = 11, pattern = "^[0-9]{11}$", example = "00743110157")]
    pub vat_number: Option<String>,
    /// Municipality of the seat.
    #[schema(min_length = 1, max_length = 100)]
    pub municipality: String,
    /// Street and number of the seat.
    #[schema(min_length = 1, max_length = 200)]
    pub address: String,
    /// Whom to write to.
    pub contact: Contact,
    /// Version of the statement that was accepted.
    #[schema(min_length = 7, max_length = 7, pattern = r"^\d{4}-\d{2}$", example = "2026-11")]
    pub statement_version: String,
    /// When it was accepted.
    pub statement_accepted_at: DateTime<Utc>,
}

/// Whom to write to about a request; kept sealed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// E-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Telephone number.
    #[schema(min_length = 5, max_length = 31)]
    pub phone: String,
    /// Name of the legal representative, who accepted the statement.
    #[schema(min_length = 1, max_length = 200)]
    pub legal_representative: String,
}
