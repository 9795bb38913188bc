use crate::conflicts::ConflictGround;
use crate::people::Evaluator;
use chrono::{DateTime, Utc};
use concilia_network::OrganisationName;
use concilia_planning::{Points, ProjectState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The evaluation of a call: how complete it is, who has scored how much, and a page of its projects.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "project_call_id": "0193a5d0-4444-7000-8000-000000000001", "closed_at": "2020-06-10T12:00:00Z",
    "incomplete_reason": null, "projects": 1, "complete_projects": 1, "expected_scorecards": 2, "counted_scorecards": 2,
    "evaluators": [{"evaluator": {"id": "0193a5d0-5555-7000-8000-000000000002", "name": "Teresa Riva"},
                    "organisation": {"id": "0193a5d0-5555-7000-8000-000000000003", "name": "Provincia di Mantova"},
                    "to_score": 1, "submitted": 1, "recused": 0}],
    "items": [{
        "project_id": "0193a5d0-4444-7000-8000-000000000009", "reference": "2.5", "title": "Conciliare le responsabilità",
        "lead": {"id": "0193a5d0-5555-7000-8000-000000000004", "name": "ASST di Crema"}, "state": "admissible",
        "expected": 2, "missing": 0, "counted": 2, "set_aside": 0, "complete": true,
        "total": {"average": "58.50", "deviation": "1.50", "minimum": "57.00", "maximum": "60.00"},
        "criteria": [{"criterion": "innovation",
                      "spread": {"average": "8.50", "deviation": "0.50", "minimum": "8.00", "maximum": "9.00"}}],
        "recused": [], "final_score": null
    }],
    "next": null
}))]
pub struct CallEvaluation {
    /// The evaluation as a whole.
    #[serde(flatten)]
    pub summary: EvaluationSummary,
    /// The committee's evaluators, by name.
    #[schema(min_items = 0, max_items = 1000)]
    pub evaluators: Vec<EvaluatorProgress>,
    /// Projects of this page, in the order in which they were drafted.
    #[schema(min_items = 0, max_items = 200)]
    pub items: Vec<ProjectEvaluation>,
    /// Cursor of the next page; null on the last one.
    #[schema(required, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub next: Option<String>,
}

/// How far the evaluation of a call has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "project_call_id": "0193a5d0-4444-7000-8000-000000000001", "closed_at": "2020-06-10T12:00:00Z",
    "incomplete_reason": null, "projects": 7, "complete_projects": 7, "expected_scorecards": 14, "counted_scorecards": 14
}))]
pub struct EvaluationSummary {
    /// Call.
    pub project_call_id: Uuid,
    /// When the scoring was closed; null while evaluators score.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was closed although incomplete; null when it was complete, or is not closed.
    #[schema(required, min_length = 1, max_length = 1000)]
    pub incomplete_reason: Option<String>,
    /// Projects found admissible.
    #[schema(format = Int32, minimum = 0, maximum = 100_000)]
    pub projects: i32,
    /// Those scored by every seat of the committee that is not in conflict, and by one at least.
    #[schema(format = Int32, minimum = 0, maximum = 100_000)]
    pub complete_projects: i32,
    /// Scorecards due: one of each seat for each project with which one of its evaluators is not in conflict.
    #[schema(format = Int32, minimum = 0, maximum = 10_000_000)]
    pub expected_scorecards: i32,
    /// Scorecards that count.
    #[schema(format = Int32, minimum = 0, maximum = 10_000_000)]
    pub counted_scorecards: i32,
}

/// How much an evaluator has scored.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EvaluatorProgress {
    /// The evaluator.
    pub evaluator: Evaluator,
    /// Organisation whose seat the evaluator fills.
    pub organisation: OrganisationName,
    /// Projects that the evaluator may score.
    #[schema(format = Int32, minimum = 0, maximum = 100_000)]
    pub to_score: i32,
    /// Cards of the evaluator that count.
    #[schema(format = Int32, minimum = 0, maximum = 100_000)]
    pub submitted: i32,
    /// Projects with which the evaluator is in conflict of interest.
    #[schema(format = Int32, minimum = 0, maximum = 100_000)]
    pub recused: i32,
}

/// The evaluation of a project. Points are null until the scoring is closed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectEvaluation {
    /// Project.
    pub project_id: Uuid,
    /// Its number in the plan.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The organisation that answers for it.
    pub lead: OrganisationName,
    /// State of the project.
    pub state: ProjectState,
    /// Seats that were to score it: those with an evaluator who is not in conflict.
    #[schema(format = Int32, minimum = 0, maximum = 1000)]
    pub expected: i32,
    /// Those of them that have not.
    #[schema(format = Int32, minimum = 0, maximum = 1000)]
    pub missing: i32,
    /// Scorecards that count.
    #[schema(format = Int32, minimum = 0, maximum = 1000)]
    pub counted: i32,
    /// Scorecards set aside for a conflict of interest.
    #[schema(format = Int32, minimum = 0, maximum = 1000)]
    pub set_aside: i32,
    /// Whether none is missing and one counts.
    pub complete: bool,
    /// Spread of the totals of the cards that count; null without any.
    #[schema(required)]
    pub total: Option<Spread>,
    /// Spread by criterion, in the order of the grid; empty without any card.
    #[schema(min_items = 0, max_items = 30)]
    pub criteria: Vec<CriterionSpread>,
    /// Evaluators kept from it, with what was found and when.
    #[schema(min_items = 0, max_items = 10_000)]
    pub recused: Vec<Recusal>,
    /// The committee's final score; null until it is recorded.
    #[schema(required)]
    pub final_score: Option<Points>,
}

/// How points spread, each figure rounded half up to the hundredth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Spread {
    /// Arithmetic mean.
    pub average: Points,
    /// Population standard deviation.
    pub deviation: Points,
    /// Least.
    pub minimum: Points,
    /// Greatest; the range is from the least to it.
    pub maximum: Points,
}

/// How the points of a criterion spread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CriterionSpread {
    /// Code of the criterion.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "innovation")]
    pub criterion: String,
    /// Spread of its points.
    pub spread: Spread,
}

/// A conflict of interest, as it was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Recusal {
    /// Who is in conflict.
    pub evaluator: Evaluator,
    /// Organisation to which the evaluator is bound, and that is or was in the project.
    pub organisation: OrganisationName,
    /// What binds the evaluator to it.
    pub ground: ConflictGround,
    /// When it was found.
    pub found_at: DateTime<Utc>,
}
