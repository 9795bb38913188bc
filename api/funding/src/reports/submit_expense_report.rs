use super::queries;
use super::report::ExpenseReport;
use crate::budget::current_budget;
use crate::grant::{HeldGrant, hold_grant};
use crate::rules::states::{ExpenseReportState, REPORT};
use crate::schema::{expense_reports, expenses};
use crate::stance::{Author, require_lead};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now, today};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use diesel::select;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Submit an expense report
///
/// By an officer of the lead, once the period is over. What the portal spent on vouchers is taken in as it is now, up to
/// the end of the period; each entry of the ledger enters one report only. Every other expense has its document
/// attached. From now on the agency decides on the expenses, and nobody changes them.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."),
           ("If-Match" = Option<String>, Header, description = "Version that is submitted.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The report, submitted.", body = ExpenseReport,
                headers(("ETag" = String, description = "Version of the report."))),
              (status = 409, description = "It is no draft (`transition_not_allowed`); its period is not over, it has no \
                                            expense, an expense lacks its document, or the project is not under way: \
                                            `conflict`.")),
)]
#[post("/v1/expense-reports/{expense_report_id}/submit")]
pub async fn submit_expense_report(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "submit_expense_report", [0; 32]).with_path(*expense_report_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = queries::find_report(conn, actor.territory_id, *expense_report_id).await?;
        let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
        let author = require_lead(&actor, &held.project)?;
        let report = queries::hold_report(conn, actor.territory_id, found.id).await?;
        if let Some(seen) = seen {
            seen.check(report.version)?;
        }
        let report = submit(conn, actor.territory_id, &held, &report, author).await?;
        Ok(Reply::ok(&report)?.etag(etag_of(report.version)))
    })
    .await
}

/// Submits a report that the transaction holds with its grant.
pub(crate) async fn submit(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { project, .. }: &HeldGrant,
    report: &ExpenseReport,
    author: Author,
) -> Result<ExpenseReport, Problem> {
    REPORT.check(report.state, ExpenseReportState::Submitted)?;
    project.require_running()?;
    if report.period_to >= today() {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Il periodo finisce il {}: non è ancora concluso.", report.period_to),
            format!("The period ends on {}: it is not over yet.", report.period_to),
        ));
    }
    let budget = current_budget(conn, territory_id, project.id).await?.ok_or_else(Problem::not_found)?;
    let lead = project.lead_organisation_id;
    queries::take_voucher_spendings(conn, report.id, lead, budget.vouchers_from_grant).await?;
    check_expenses(conn, territory_id, report.id).await?;
    let change = (
        expense_reports::state.eq(ExpenseReportState::Submitted),
        expense_reports::submitted_by.eq(author.id),
        expense_reports::submitted_at.eq(now()),
        expense_reports::version.eq(expense_reports::version + 1),
    );
    let submitted: ExpenseReport = cached(
        diesel::update(expense_reports::table.find(report.id))
            .set(change)
            .returning(ExpenseReport::as_returning()),
    )
    .get_result(conn)
    .await?;
    queries::announce(conn, territory_id, &submitted, Some(report.state), author, None).await?;
    Ok(submitted)
}

async fn check_expenses(conn: &mut AsyncPgConnection, territory_id: Uuid, report_id: Uuid) -> Result<(), Problem> {
    let of_report = expenses::table
        .filter(expenses::territory_id.eq(territory_id))
        .filter(expenses::expense_report_id.eq(report_id));
    if !select(exists(of_report)).get_result::<bool>(conn).await? {
        return Err(Problem::new(Code::Conflict)
            .explain("Il rendiconto non contiene spese.", "The report has no expense."));
    }
    let bare: i64 = of_report
        .filter(expenses::document_type.is_not_null())
        .filter(expenses::attachment_sha256.is_null())
        .select(count_star())
        .get_result(conn)
        .await?;
    if bare == 0 {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        format!("Spese senza il documento allegato: {bare}."),
        format!("Expenses without their document attached: {bare}."),
    ))
}
