//! A budget that is, or was, in force.

use super::input::BudgetCosts;
use super::queries::BudgetReason;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A budget of the project, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExecutiveBudget {
    /// 1 for the first, then 2, 3...; the last is in force.
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub number: i32,
    /// What made it.
    pub reason: BudgetReason,
    /// EUR by cost item.
    pub costs: BudgetCosts,
    /// EUR that the cost items come to: the grant and the co-financing.
    pub total: Money,
    /// EUR of the grant.
    pub assigned: Money,
    /// EUR that the partners put in.
    pub cofinancing: Money,
    /// EUR of item D that the grant bears.
    pub vouchers_from_grant: Money,
    /// What each partner puts in.
    #[schema(min_items = 0, max_items = 500)]
    pub partners: Vec<CofinancingPart>,
    /// What was changed, and why; null where nothing was said.
    #[schema(required, max_length = 4000)]
    pub note: Option<String>,
    /// When it came into force.
    pub recorded_at: DateTime<Utc>,
}

/// What a partner puts in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct CofinancingPart {
    /// The partner.
    pub organisation_id: Uuid,
    /// EUR in money.
    pub monetary: Money,
    /// EUR of valued staff hours.
    pub in_kind: Money,
}

impl From<&super::input::CofinancingInput> for CofinancingPart {
    fn from(line: &super::input::CofinancingInput) -> Self {
        Self { organisation_id: line.organisation_id, monetary: line.monetary, in_kind: line.in_kind }
    }
}
