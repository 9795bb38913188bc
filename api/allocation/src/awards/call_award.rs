use crate::allocations::AllocatedProject;
use chrono::NaiveDate;
use concilia_kernel::{Money, Ratio};
use concilia_network::OrganisationName;
use concilia_planning::{Points, ProjectState};
use serde::Serialize;
use utoipa::ToSchema;

/// A grant assigned by a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "position": 1, "project": {"id": "0193a5d0-6666-7000-8000-000000000001", "reference": "2.1", "title": "Smart-lab"},
    "lead": {"id": "0193a5d0-6666-7000-8000-000000000002", "name": "Camera di Commercio di Cremona"},
    "score": "60.00", "band": 1, "percentage": "0.87", "requested_grant": "20000.00", "assigned_grant": "17400.00",
    "act": "Decreto n. 452", "act_date": "2020-07-24",
    "project_state": "running"
}))]
pub struct CallAward {
    /// Place of the project by score, from 1.
    #[schema(format = Int32, minimum = 1)]
    pub position: i32,
    /// The project.
    pub project: AllocatedProject,
    /// The organisation that led it when the grant was computed.
    pub lead: OrganisationName,
    /// The committee's final score.
    pub score: Points,
    /// Band of its score, 1 for the highest; null in methods without bands.
    #[schema(required, format = Int32, minimum = 1, maximum = 12)]
    pub band: Option<i16>,
    /// Share of the admissible amount that the method gives, before any residue; null in methods without percentages.
    #[schema(required)]
    pub percentage: Option<Ratio>,
    /// EUR requested.
    pub requested_grant: Money,
    /// EUR assigned.
    pub assigned_grant: Money,
    /// The act that approved it.
    #[schema(min_length = 1, max_length = 200)]
    pub act: String,
    /// Date of the act.
    pub act_date: NaiveDate,
    /// Where the project stands now: a lead may have declined its grant, or lost it.
    pub project_state: ProjectState,
}
