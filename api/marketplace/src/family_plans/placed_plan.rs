use super::family_plan::{FamilyPlan, FamilyPlanState, Header};
use super::line::{PlanLine, composed};
use chrono::{DateTime, Utc};
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use serde::Deserialize;
use uuid::Uuid;

/// What the statement answers of a plan that it placed, and stores for a repeated request.
#[derive(Deserialize)]
pub(super) struct PlacedPlan {
    id: Uuid,
    store_id: Uuid,
    version: i64,
    created_at: DateTime<Utc>,
    submitted_at: DateTime<Utc>,
    lines: Vec<PlanLine>,
}

impl PlacedPlan {
    pub(super) fn into_plan(self, vault: &Vault) -> Result<FamilyPlan, Problem> {
        let header = Header {
            id: self.id,
            store_id: self.store_id,
            state: FamilyPlanState::Submitted,
            version: self.version,
            created_at: self.created_at,
            submitted_at: Some(self.submitted_at),
        };
        composed(vault, &header, self.lines)
    }
}
