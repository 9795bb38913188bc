//! The multi-year plans of territories.

mod content;
pub mod create_plan;
pub mod get_plan;
pub mod list_plans;
mod plan;
mod queries;
pub mod update_plan;

pub use content::PlanContent;
pub use plan::{NewPlan, Plan};
pub(crate) use queries::share_plan;
pub use queries::{find_plan, find_public_plan, insert_plan};

use crate::project_calls::ProjectCallContent;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// What a plan has for local alliances and has not promised to a call that was opened, as it stays until the transaction
/// ends.
pub(crate) async fn left_for_calls(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    plan_id: Uuid,
) -> QueryResult<Money> {
    let Some(plan) = queries::hold_plan(connection, territory_id, plan_id).await? else { return Ok(Money::ZERO) };
    Ok(plan.local_alliances - queries::promised(connection, territory_id, plan_id).await?)
}

/// Refuses a call of no plan of the territory, or with more money than the plan has for local alliances.
pub(crate) async fn check_budget(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    call: &ProjectCallContent,
) -> Result<(), Problem> {
    let plan = share_plan(connection, territory_id, call.plan_id).await?;
    let available = plan.ok_or_else(|| Problem::invalid("/plan_id", "not_found"))?.local_alliances;
    if call.budget <= available {
        return Ok(());
    }
    let fault = FieldError::pointer("/budget", "range").value(call.budget.to_string()).explain(&Text::new(
        format!("il piano ha {available} per le alleanze locali"),
        format!("the plan has {available} for local alliances"),
    ));
    Err(Problem::new(Code::ValidationFailed).with_error(fault))
}
