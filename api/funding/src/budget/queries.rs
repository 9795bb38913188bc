use super::row::{CofinancingPart, ExecutiveBudget};
use crate::rules::executive::Executive;
use crate::schema::{executive_budgets, executive_cofinancing};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Money, now, text_enum};
use concilia_planning::CostItems;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Integer, Numeric, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

text_enum! {
    /// What made a budget.
    pub enum BudgetReason {
        /// The proposal, fitted to the grant.
        Executive = "executive",
        /// A shift within the threshold.
        FreeShift = "free_shift",
        /// A shift that the agency approved.
        ApprovedShift = "approved_shift",
        /// A variation that the agency approved.
        Variation = "variation",
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = executive_budgets)]
struct Row {
    number: i32,
    reason: BudgetReason,
    cost_staff: Money,
    cost_coordination: Money,
    cost_goods: Money,
    cost_services: Money,
    cost_vouchers: Money,
    cost_general: Money,
    assigned: Money,
    cofinancing: Money,
    vouchers_from_grant: Money,
    note: Option<String>,
    recorded_at: DateTime<Utc>,
}

impl Row {
    fn costs(&self) -> CostItems {
        CostItems {
            staff: self.cost_staff,
            coordination: self.cost_coordination,
            goods: self.cost_goods,
            services: self.cost_services,
            vouchers: self.cost_vouchers,
            general: self.cost_general,
        }
    }

    fn with(self, partners: Vec<CofinancingPart>) -> ExecutiveBudget {
        let costs = self.costs();
        ExecutiveBudget {
            number: self.number,
            reason: self.reason,
            costs: costs.into(),
            total: costs.total(),
            assigned: self.assigned,
            cofinancing: self.cofinancing,
            vouchers_from_grant: self.vouchers_from_grant,
            partners,
            note: self.note,
            recorded_at: self.recorded_at,
        }
    }
}

/// At most `limit` budgets of a project before the one numbered `before`, the last first.
pub(crate) async fn budgets<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
    before: i32,
    limit: i64,
) -> QueryResult<Vec<ExecutiveBudget>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Row> = executive_budgets::table
        .filter(executive_budgets::territory_id.eq(territory_id))
        .filter(executive_budgets::project_id.eq(project_id))
        .filter(executive_budgets::number.lt(before))
        .order(executive_budgets::number.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(conn)
        .await?;
    let numbers: Vec<i32> = rows.iter().map(|row| row.number).collect();
    let lines: Vec<(i32, Uuid, Money, Money)> = executive_cofinancing::table
        .filter(executive_cofinancing::territory_id.eq(territory_id))
        .filter(executive_cofinancing::project_id.eq(project_id))
        .filter(executive_cofinancing::number.eq_any(&numbers))
        .order((executive_cofinancing::number, executive_cofinancing::organisation_id))
        .select((
            executive_cofinancing::number,
            executive_cofinancing::organisation_id,
            executive_cofinancing::monetary,
            executive_cofinancing::in_kind,
        ))
        .load(conn)
        .await?;
    let mut partners: HashMap<i32, Vec<CofinancingPart>> = HashMap::new();
    for (number, organisation_id, monetary, in_kind) in lines {
        partners.entry(number).or_default().push(CofinancingPart { organisation_id, monetary, in_kind });
    }
    let whole = |row: Row| {
        let partners = partners.remove(&row.number).unwrap_or_default();
        row.with(partners)
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// The budget in force.
pub(crate) async fn current_budget<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Option<ExecutiveBudget>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(budgets(conn, territory_id, project_id, i32::MAX, 1).await?.pop())
}

/// The cost items of the last budget that somebody approved, and its number.
pub(crate) async fn base_of<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Option<(i32, CostItems)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: Option<Row> = executive_budgets::table
        .filter(executive_budgets::territory_id.eq(territory_id))
        .filter(executive_budgets::project_id.eq(project_id))
        .filter(executive_budgets::reason.ne(BudgetReason::FreeShift))
        .order(executive_budgets::number.desc())
        .limit(1)
        .select(Row::as_select())
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(|row| (row.number, row.costs())))
}

/// A budget that comes into force.
pub(crate) struct NewBudget<'a> {
    pub territory_id: Uuid,
    pub project_id: Uuid,
    pub number: i32,
    pub reason: BudgetReason,
    pub budget: Executive,
    pub partners: &'a [CofinancingPart],
    pub note: Option<&'a str>,
    pub recorded_by: Uuid,
}

/// Puts a budget in force: a trigger moves the cost items, and refuses what is below what they have used.
pub(crate) async fn insert_budget(conn: &mut AsyncPgConnection, new: &NewBudget<'_>) -> QueryResult<()> {
    let Executive { costs, .. } = new.budget;
    diesel::insert_into(executive_budgets::table)
        .values((
            executive_budgets::territory_id.eq(new.territory_id),
            executive_budgets::project_id.eq(new.project_id),
            executive_budgets::number.eq(new.number),
            executive_budgets::reason.eq(new.reason),
            executive_budgets::cost_staff.eq(costs.staff),
            executive_budgets::cost_coordination.eq(costs.coordination),
            executive_budgets::cost_goods.eq(costs.goods),
            executive_budgets::cost_services.eq(costs.services),
            executive_budgets::cost_vouchers.eq(costs.vouchers),
            executive_budgets::cost_general.eq(costs.general),
            executive_budgets::assigned.eq(new.budget.grant),
            executive_budgets::cofinancing.eq(new.budget.cofinancing),
            executive_budgets::vouchers_from_grant.eq(new.budget.vouchers_from_grant),
            executive_budgets::note.eq(new.note),
            executive_budgets::recorded_by.eq(new.recorded_by),
            executive_budgets::recorded_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    let organisations: Vec<Uuid> = new.partners.iter().map(|part| part.organisation_id).collect();
    let monetary: Vec<Money> = new.partners.iter().map(|part| part.monetary).collect();
    let in_kind: Vec<Money> = new.partners.iter().map(|part| part.in_kind).collect();
    cached(
        sql_query(
            "INSERT INTO executive_cofinancing (territory_id, project_id, number, organisation_id, monetary, in_kind) \
             SELECT $1, $2, $3, * FROM unnest($4, $5, $6)",
        )
        .bind::<SqlUuid, _>(new.territory_id)
        .bind::<SqlUuid, _>(new.project_id)
        .bind::<Integer, _>(new.number)
        .bind::<Array<SqlUuid>, _>(organisations)
        .bind::<Array<Numeric>, _>(monetary)
        .bind::<Array<Numeric>, _>(in_kind),
    )
    .execute(conn)
    .await?;
    Ok(())
}
