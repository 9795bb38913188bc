use crate::allocations::AllocatedProject;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use serde::Serialize;
use utoipa::ToSchema;

/// What is admissible of a project's request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "project": {"id": "0193a5d0-6666-7000-8000-000000000001", "reference": "2.1", "title": "Smart-lab"},
    "requested_grant": "20000.00", "amount": "18500.00", "reason": "Spese di rappresentanza non ammissibili",
    "set_at": "2020-07-10T09:00:00Z"
}))]
pub struct AdmissibleAmount {
    /// The project.
    pub project: AllocatedProject,
    /// EUR requested.
    pub requested_grant: Money,
    /// EUR admissible: allocations share out in proportion to it, and assign no more.
    pub amount: Money,
    /// Why it is not the whole request.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    /// When it was set.
    pub set_at: DateTime<Utc>,
    #[serde(skip)]
    #[schema(ignore)]
    pub number: i32,
}
