use super::HouseholdPerson;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Purpose under which `household_members.person_sealed` is sealed.
pub(super) const MEMBER_PERSON: &str = "household_members.person_sealed";

/// A member of a worker's household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HouseholdMember {
    /// The member.
    pub id: Uuid,
    /// Who it is.
    #[serde(flatten)]
    pub person: HouseholdPerson,
    /// When the worker named the member.
    pub created_at: DateTime<Utc>,
    #[serde(skip)]
    pub(super) version: i64,
}
