use super::expense::{Expense, Row};
use crate::reports::find_report;
use crate::rules::cost_item::{CostItem, ExpenseSource};
use crate::schema::expenses;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListExpenses {
    /// Only those that this partner bore.
    pub organisation_id: Option<Uuid>,
    /// Only those on this cost item.
    pub cost_item: Option<CostItem>,
    /// Only those borne by this source.
    pub source: Option<ExpenseSource>,
    /// Only those decided, or only those not.
    pub decided: Option<bool>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the expenses of a report
///
/// In the order in which they were added; partners see their own only.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."), ListExpenses),
    responses((status = 200, description = "A page of expenses.", body = Page<Expense>)),
)]
#[get("/v1/expense-reports/{expense_report_id}/expenses")]
pub async fn list_expenses(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    query: Query<ListExpenses>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let report = find_report(&mut &**reader, actor.territory_id, *expense_report_id).await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, report.project_id).await?;
    let stance = Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let mut rows = expenses::table
        .filter(expenses::territory_id.eq(actor.territory_id))
        .filter(expenses::expense_report_id.eq(report.id))
        .select(Row::as_select())
        .order(expenses::id)
        .limit(limit + 1)
        .into_boxed();
    if let Stance::Partner(own) = stance {
        rows = rows.filter(expenses::organisation_id.eq_any(own));
    }
    if let Some(organisation_id) = query.organisation_id {
        rows = rows.filter(expenses::organisation_id.eq(organisation_id));
    }
    if let Some(cost_item) = query.cost_item {
        rows = rows.filter(expenses::cost_item.eq(cost_item));
    }
    if let Some(source) = query.source {
        rows = rows.filter(expenses::source.eq(source));
    }
    match query.decided {
        Some(true) => rows = rows.filter(expenses::decision.is_not_null()),
        Some(false) => rows = rows.filter(expenses::decision.is_null()),
        None => {}
    }
    if let Some(after) = after {
        rows = rows.filter(expenses::id.gt(after));
    }
    let rows: Vec<Row> = rows.load(&mut &**reader).await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |expense| expense.id).map(Expense::from)))
}
