use crate::budget::ExecutiveBudgetInput;
use crate::rules::states::{ProjectVariationState, VARIATION};
use crate::schema::project_variations;
use crate::stance::Author;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::transition::record;
use concilia_kernel::{Problem, outbox};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A request to vary a project.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = project_variations)]
pub struct ProjectVariation {
    /// Identifier.
    pub id: Uuid,
    /// The project.
    pub project_id: Uuid,
    /// What is to change, and why.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: String,
    /// The budget that is asked for; null where it stays.
    #[schema(required, value_type = Option<ExecutiveBudgetInput>)]
    pub proposal: Option<Value>,
    /// The last day that is asked for; null where it stays.
    #[schema(required)]
    pub ends_on: Option<NaiveDate>,
    /// State of the request.
    pub state: ProjectVariationState,
    /// The budget that it made; null unless it was approved and changes the budget.
    #[schema(required, format = Int32, minimum = 1, maximum = 10_000)]
    pub budget_number: Option<i32>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// Act of the agency that approves it; null unless approved.
    #[schema(required, max_length = 200)]
    pub act: Option<String>,
    /// Date of the act.
    #[schema(required)]
    pub act_date: Option<NaiveDate>,
    /// When the agency decided; null before.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused; null unless it was.
    #[schema(required, max_length = 1000)]
    pub decision_reason: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
    #[serde(skip)]
    #[schema(ignore)]
    pub requested_by: Uuid,
}

impl ProjectVariation {
    /// The budget that is asked for.
    pub(super) fn budget(&self) -> Result<Option<ExecutiveBudgetInput>, Problem> {
        self.proposal.clone().map(serde_json::from_value).transpose().map_err(Problem::internal)
    }
}

pub(super) async fn find(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<ProjectVariation, Problem> {
    let found = project_variations::table
        .filter(project_variations::territory_id.eq(territory_id))
        .filter(project_variations::id.eq(id))
        .select(ProjectVariation::as_select())
        .get_result(conn)
        .await;
    Ok(found?)
}

/// Writes a variation's move into the history and the outbox.
pub(super) async fn announce(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    variation: &ProjectVariation,
    from: Option<ProjectVariationState>,
    author: Author,
    reason: Option<&str>,
) -> QueryResult<()> {
    let moved = (from.map(ProjectVariationState::as_str), variation.state.as_str());
    record(conn, territory_id, (VARIATION.aggregate, variation.id), moved, author.agent(), reason).await?;
    let event = format!("{}.{}", VARIATION.aggregate, variation.state);
    outbox::publish(conn, territory_id, &event, variation.id, json!({ "project_id": variation.project_id })).await
}
