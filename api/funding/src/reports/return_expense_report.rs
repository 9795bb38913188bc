use super::queries;
use super::report::ExpenseReport;
use crate::grant::hold_grant;
use crate::input::Reason;
use crate::rules::states::{ExpenseReportState, REPORT};
use crate::schema::expense_reports;
use crate::stance::agency;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Return an expense report
///
/// By the agency, with the reason: the report is a draft again, for the alliance to mend. What was decided on expenses
/// stays until they are changed.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The report, a draft again.", body = ExpenseReport,
                headers(("ETag" = String, description = "Version of the report."))),
              (status = 409, description = "It is not `submitted`: `transition_not_allowed`.")),
)]
#[post("/v1/expense-reports/{expense_report_id}/return")]
pub async fn return_expense_report(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "return_expense_report", body.hash()).with_path(*expense_report_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = queries::find_report(conn, actor.territory_id, *expense_report_id).await?;
        hold_grant(conn, actor.territory_id, found.project_id).await?;
        let report = queries::hold_report(conn, actor.territory_id, found.id).await?;
        REPORT.check(report.state, ExpenseReportState::Draft)?;
        let change = (
            expense_reports::state.eq(ExpenseReportState::Draft),
            expense_reports::submitted_by.eq(None::<Uuid>),
            expense_reports::submitted_at.eq(None::<DateTime<Utc>>),
            expense_reports::version.eq(expense_reports::version + 1),
        );
        let returned: ExpenseReport = cached(
            diesel::update(expense_reports::table.find(report.id))
                .set(change)
                .returning(ExpenseReport::as_returning()),
        )
        .get_result(conn)
        .await?;
        let (from, reason) = (Some(report.state), Some(body.reason.as_str()));
        queries::announce(conn, actor.territory_id, &returned, from, agency(&actor), reason).await?;
        Ok(Reply::ok(&returned)?.etag(etag_of(returned.version)))
    })
    .await
}
