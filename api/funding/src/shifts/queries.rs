use crate::rules::cost_item::CostItem;
use crate::rules::shifts::Shift;
use crate::rules::states::{BudgetShiftState, SHIFT};
use crate::schema::budget_shifts;
use crate::stance::Author;
use chrono::{DateTime, Utc};
use concilia_kernel::transition::record;
use concilia_kernel::{Money, Problem, outbox};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// An amount that one cost item gives to another.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = budget_shifts)]
pub struct BudgetShift {
    /// Identifier.
    pub id: Uuid,
    /// The project.
    pub project_id: Uuid,
    /// The item that gives; coordination is told apart from the rest of staff.
    pub from_item: CostItem,
    /// The item that receives.
    pub to_item: CostItem,
    /// EUR.
    pub amount: Money,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    /// EUR that the giving item may give in all without approval: the threshold's share of what it has in the last
    /// approved budget, cut to the cent.
    pub free_amount: Money,
    /// EUR that it had given without approval since that budget, before this shift.
    pub freely_given: Money,
    /// State of the shift.
    pub state: BudgetShiftState,
    /// The budget that it made; null unless in force.
    #[schema(required, format = Int32, minimum = 1, maximum = 10_000)]
    pub budget_number: Option<i32>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When the agency decided; null where it did not, or need not.
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

impl BudgetShift {
    pub(super) fn shift(&self) -> Shift {
        Shift { from: self.from_item, to: self.to_item, amount: self.amount }
    }
}

pub(crate) async fn find(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<BudgetShift, Problem> {
    let found = budget_shifts::table
        .filter(budget_shifts::territory_id.eq(territory_id))
        .filter(budget_shifts::id.eq(id))
        .select(BudgetShift::as_select())
        .get_result(conn)
        .await;
    Ok(found?)
}

/// Writes a shift's move into the history and the outbox.
pub(super) async fn announce(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    shift: &BudgetShift,
    from: Option<BudgetShiftState>,
    author: Author,
    reason: Option<&str>,
) -> QueryResult<()> {
    let moved = (from.map(BudgetShiftState::as_str), shift.state.as_str());
    record(conn, territory_id, (SHIFT.aggregate, shift.id), moved, author.agent(), reason).await?;
    let event = format!("{}.{}", SHIFT.aggregate, shift.state);
    let told = json!({ "project_id": shift.project_id, "amount": shift.amount });
    outbox::publish(conn, territory_id, &event, shift.id, told).await
}
