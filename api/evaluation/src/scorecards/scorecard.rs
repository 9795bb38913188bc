use crate::people::Evaluator;
use crate::rules::states::ScorecardState;
use chrono::{DateTime, Utc};
use concilia_network::OrganisationName;
use concilia_planning::Points;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What an evaluator gives a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-5555-7000-8000-000000000001", "project_call_id": "0193a5d0-4444-7000-8000-000000000001",
    "project_id": "0193a5d0-4444-7000-8000-000000000009",
    "evaluator": {"id": "0193a5d0-5555-7000-8000-000000000002", "name": "Teresa Riva"},
    "organisation": {"id": "0193a5d0-5555-7000-8000-000000000003", "name": "Provincia di Mantova"},
    "state": "submitted",
    "scores": [{"criterion": "innovation", "points": "8.50", "comment": "Rete nuova per il territorio."}],
    "total": "8.50", "submitted_at": "2020-06-09T10:00:00Z", "set_aside_at": null
}))]
pub struct Scorecard {
    /// Identifier of the card.
    pub id: Uuid,
    /// Call of the project.
    pub project_call_id: Uuid,
    /// Project that is scored.
    pub project_id: Uuid,
    /// Who scores it.
    pub evaluator: Evaluator,
    /// Organisation whose seat in the committee the evaluator fills.
    pub organisation: OrganisationName,
    /// State of the card.
    pub state: ScorecardState,
    /// Points by criterion, in the order of the grid; null to others than its evaluator until the scoring is closed.
    #[schema(required, min_items = 0, max_items = 30)]
    pub scores: Option<Vec<CriterionScore>>,
    /// Sum of the points; null as the points are.
    #[schema(required)]
    pub total: Option<Points>,
    /// When it was given; null for a draft.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When its evaluator was found to be in conflict of interest; null for a card that counts, or that may.
    #[schema(required)]
    pub set_aside_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// Points for one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CriterionScore {
    /// Code of the criterion in the grid.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "innovation")]
    pub criterion: String,
    /// Points, up to the criterion's maximum.
    pub points: Points,
    /// Why; null when it is not said.
    #[schema(required, min_length = 1, max_length = 2000)]
    pub comment: Option<String>,
}
