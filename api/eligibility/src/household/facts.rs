use chrono::{DateTime, Utc};
use concilia_kernel::{Money, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Purpose under which `households.facts_sealed` is sealed.
pub(super) const HOUSEHOLD_FACTS: &str = "households.facts_sealed";

/// What a worker declares of the family.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdFacts {
    /// One parent brings up the children alone.
    pub single_parent: bool,
    /// Both parents work.
    pub both_parents_working: bool,
    /// A parent works in shifts without flexibility.
    pub shift_work: bool,
    /// No relative nearby can help.
    pub no_relatives_nearby: bool,
    /// A woman of the household runs a business of her own.
    pub woman_entrepreneur: bool,
    /// ISEE, the indicator of the household's means, in euro: 0 to 9,999,999.99; null when there is none.
    #[schema(value_type = Option<String>, format = "decimal", max_length = 10,
             pattern = r"^(0|[1-9]\d{0,6})\.\d{2}$", example = "18250.00")]
    pub isee: Option<Money>,
}

impl HouseholdFacts {
    pub(super) fn check(&self) -> Result<(), Problem> {
        let limit = Money::from_cents(999_999_999);
        if self.isee.is_some_and(|isee| isee < Money::ZERO || isee > limit) {
            return Err(Problem::invalid("/isee", "range"));
        }
        Ok(())
    }
}

/// A worker's household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Household {
    /// The household.
    pub id: Uuid,
    /// What the worker declares.
    #[serde(flatten)]
    pub facts: HouseholdFacts,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}
