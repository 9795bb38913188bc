use super::expense::Expense;
use super::input::ExpenseInput;
use super::queries;
use crate::reports::hold_report;
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use concilia_planning::find_project;
use uuid::Uuid;

/// Change an expense
///
/// Rewrites the whole of an expense of a draft report, by an officer of its partner or of the lead. What was decided on
/// it no longer holds; the attached file stays. What the portal spent cannot be changed.
#[utoipa::path(
    tag = "funding",
    params(("expense_id" = Uuid, Path, description = "The expense."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = ExpenseInput,
    responses((status = 200, description = "The expense.", body = Expense,
                headers(("ETag" = String, description = "Version of the expense."))),
              (status = 409, description = "The report is no draft (`transition_not_allowed`), the portal made the \
                                            expense (`conflict`), or the document pays already \
                                            (`document_already_reported`).")),
)]
#[put("/v1/expenses/{expense_id}")]
pub async fn update_expense(
    actor: Actor,
    db: Data<Db>,
    expense_id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ExpenseInput>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let expense = transaction(&mut conn, async |conn| {
        let territory_id = actor.territory_id;
        let (project_id, found) = queries::find(conn, territory_id, *expense_id).await?;
        let project = find_project(conn, territory_id, project_id).await?.ok_or_else(Problem::not_found)?;
        let stance = Stance::of(conn, &actor, &project).await?;
        stance.writer(&actor, found.organisation_id)?;
        stance.writer(&actor, body.organisation_id)?;
        let report = hold_report(conn, territory_id, found.expense_report_id).await?;
        let (_, found) = queries::find(conn, territory_id, *expense_id).await?;
        seen.check(found.version)?;
        queries::require_draft(&report)?;
        queries::require_typed(&found)?;
        let amount = body.amount()?;
        let bounds = queries::bounds(conn, territory_id, project.id).await?;
        body.check(&project, &report, &bounds)?;
        queries::update(conn, found.id, &body, amount).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(expense.version))).json(expense))
}
