use super::queries;
use super::report::ExpenseReportDetail;
use crate::grant::cost_items;
use crate::rules::cost_item::PerItem;
use crate::rules::states::ExpenseReportState;
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::transition::history;
use concilia_kernel::{Actor, Db, Money, Problem};
use uuid::Uuid;

/// Read an expense report
///
/// With its sums, and with what it does to each cost item; for the agency, the lead's officers and the partners, who see
/// the sums of their own expenses.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report.")),
    responses((status = 200, description = "The report with its sums.", body = ExpenseReportDetail,
        headers(("ETag" = String, description = "Version of the report.")))),
)]
#[get("/v1/expense-reports/{expense_report_id}")]
pub async fn get_expense_report(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let territory_id = actor.territory_id;
    let reader = db.reader().await?;
    let conn = &mut &**reader;
    let report = queries::find_report(conn, territory_id, *expense_report_id).await?;
    let project = concilia_planning::find_project(conn, territory_id, report.project_id).await?;
    let stance = Stance::of(conn, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let only = match &stance {
        Stance::Partner(own) => Some(own.as_slice()),
        Stance::Agency | Stance::Lead => None,
    };
    let totals = queries::totals(conn, territory_id, report.id, only).await?;
    let items = cost_items(conn, territory_id, report.project_id).await?;
    let charged = match report.state {
        ExpenseReportState::Validated => PerItem::default(),
        _ => queries::charged(conn, territory_id, report.id).await?,
    };
    let vouchers_to_report = match report.state {
        ExpenseReportState::Draft => queries::vouchers_to_report(conn, territory_id, &report).await?,
        _ => Money::ZERO,
    };
    let history = history(conn, territory_id, report.id).await?;
    let tag = etag_of(report.version);
    let detail = ExpenseReportDetail {
        amount: totals.iter().map(|total| total.amount).sum(),
        accepted: totals.iter().map(|total| total.accepted).sum(),
        items: queries::standings(&items, &charged),
        report,
        totals,
        vouchers_to_report,
        history,
    };
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag)).json(detail))
}
