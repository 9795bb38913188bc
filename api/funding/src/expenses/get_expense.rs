use super::expense::Expense;
use super::queries;
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read an expense
///
/// For the agency, the lead's officers and those of the partner that bore it.
#[utoipa::path(
    tag = "funding",
    params(("expense_id" = Uuid, Path, description = "The expense.")),
    responses((status = 200, description = "The expense.", body = Expense,
        headers(("ETag" = String, description = "Version of the expense.")))),
)]
#[get("/v1/expenses/{expense_id}")]
pub async fn get_expense(actor: Actor, db: Data<Db>, expense_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (project_id, expense) = queries::find(&mut &**reader, actor.territory_id, *expense_id).await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, project_id).await?;
    let stance = Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    stance.require_sight(expense.organisation_id)?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(expense.version))).json(expense))
}
