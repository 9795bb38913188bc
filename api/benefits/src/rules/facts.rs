//! What a family declares, frozen on submission. Its form is ours and versioned by this file, so that
//! a ranking stays reproducible whatever becomes of the household's own record.

use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The household as declared when the application was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeclaredHousehold {
    /// One parent alone takes care of the children.
    pub single_parent: bool,
    /// Both parents work.
    pub both_parents_working: bool,
    /// A parent works in shifts.
    pub shift_work: bool,
    /// No grandparents or other relatives can help.
    pub no_relatives_nearby: bool,
    /// The mother is self-employed or runs a business.
    pub woman_entrepreneur: bool,
    /// ISEE in EUR; null when the family does not hold or show one.
    #[schema(required)]
    pub isee: Option<Money>,
}

/// A child or dependant as declared when the application was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeclaredChild {
    /// Day of birth.
    pub birth_date: NaiveDate,
    /// Certified disability.
    pub disability: bool,
    /// Certified learning disorder.
    pub learning_disorder: bool,
    /// Another fragility.
    pub other_fragility: bool,
}

/// One line of a submitted application, as the ranking reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub application_line_id: Uuid,
    /// Whose cap it counts against: the worker, who has one household.
    pub household: Uuid,
    pub protocol_number: String,
    pub line: i16,
    pub submitted_at: DateTime<Utc>,
    pub declared_household: DeclaredHousehold,
    pub child: DeclaredChild,
}
