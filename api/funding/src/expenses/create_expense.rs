use super::expense::Expense;
use super::input::ExpenseInput;
use super::queries;
use crate::reports::{find_report, hold_report};
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use concilia_planning::{ProjectSummary, find_project};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Add an expense to a report
///
/// By an officer of the partner that bore it, or of the lead, while the report is a draft. In kind, hours times the
/// hourly rate make the amount. A document that pays already, in any report of the territory, is refused with 409
/// `document_already_reported`, unless that expense was refused. Its file is attached next.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ExpenseInput,
    responses((status = 201, description = "The expense.", body = Expense,
                headers(("Location" = String, description = "Address of the expense."),
                        ("ETag" = String, description = "Version of the expense."))),
              (status = 409, description = "The report is no draft (`transition_not_allowed`), or the document pays \
                                            already (`document_already_reported`).")),
)]
#[post("/v1/expense-reports/{expense_report_id}/expenses")]
pub async fn create_expense(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<ExpenseInput>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_expense", body.hash()).with_path(*expense_report_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let report = find_report(conn, actor.territory_id, *expense_report_id).await?;
        let project = find_project(conn, actor.territory_id, report.project_id).await?;
        let project = project.ok_or_else(Problem::not_found)?;
        let stance = Stance::of(conn, &actor, &project).await?;
        let author = stance.writer(&actor, body.organisation_id)?;
        let expense = add(conn, actor.territory_id, &project, report.id, &body, author.id).await?;
        let location = format!("/v1/expenses/{}", expense.id);
        Ok(Reply::created(location, &expense)?.etag(etag_of(expense.version)))
    })
    .await
}

/// Adds an expense to a draft report, which it locks.
pub(crate) async fn add(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project: &ProjectSummary,
    report_id: Uuid,
    input: &ExpenseInput,
    by: Uuid,
) -> Result<Expense, Problem> {
    let report = hold_report(conn, territory_id, report_id).await?;
    queries::require_draft(&report)?;
    let amount = input.amount()?;
    let bounds = queries::bounds(conn, territory_id, project.id).await?;
    input.check(project, &report, &bounds)?;
    queries::insert(conn, territory_id, &report, (input, amount), by).await
}
