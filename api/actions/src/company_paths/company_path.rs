use crate::rules::kinds::StepKind;
use crate::rules::states::CompanyPathState;
use chrono::{DateTime, Utc};
use concilia_kernel::checks;
use concilia_kernel::db::Gathered;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A path that companies follow.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6006-7000-8000-000000000001", "action_id": "0193a5d0-6001-7000-8000-000000000001", "state": "open",
    "title": "Verso il lavoro agile", "description": "Quattro passi per le piccole imprese.",
    "steps": [{"kind": "assessment", "title": "Analisi dei bisogni"}, {"kind": "training", "title": "Formazione"},
              {"kind": "regulation_support", "title": "Regolamento aziendale"}, {"kind": "survey", "title": "Verifica"}],
    "running": 4, "completed": 2, "withdrawn": 1, "created_at": "2021-01-10T09:00:00Z"
}))]
pub struct CompanyPath {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The action that offers it.
    #[diesel(sql_type = SqlUuid)]
    pub action_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: CompanyPathState,
    /// What it is called.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What it is about, for whom.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 4000)]
    pub description: String,
    /// Its steps, in order.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<CompanyPathStep>, min_items = 1, max_items = 20)]
    pub steps: Gathered<Vec<CompanyPathStep>>,
    /// Companies on their way.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub running: i32,
    /// Companies that did every step.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub completed: i32,
    /// Times a company left.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub withdrawn: i32,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// A step of a company path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyPathStep {
    pub kind: StepKind,
    /// What it is called.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Analisi dei bisogni"
    )]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title: String,
}
