use super::queries;
use crate::reports::hold_report;
use crate::schema::expenses;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::{Actor, Db, Problem};
use concilia_planning::find_project;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Remove an expense
///
/// From a draft report, with its file, by an officer of its partner or of the lead. What the portal spent stays.
#[utoipa::path(
    tag = "funding",
    params(("expense_id" = Uuid, Path, description = "The expense."),
           ("If-Match" = String, Header, description = "Version that is removed.")),
    responses((status = 204, description = "It is no more."),
              (status = 409, description = "The report is no draft (`transition_not_allowed`), or the portal made the \
                                            expense (`conflict`).")),
)]
#[delete("/v1/expenses/{expense_id}")]
pub async fn remove_expense(
    actor: Actor,
    db: Data<Db>,
    expense_id: Path<Uuid>,
    seen: IfMatch,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let territory_id = actor.territory_id;
        let (project_id, found) = queries::find(conn, territory_id, *expense_id).await?;
        let project = find_project(conn, territory_id, project_id).await?.ok_or_else(Problem::not_found)?;
        Stance::of(conn, &actor, &project).await?.writer(&actor, found.organisation_id)?;
        let report = hold_report(conn, territory_id, found.expense_report_id).await?;
        let (_, found) = queries::find(conn, territory_id, *expense_id).await?;
        seen.check(found.version)?;
        queries::require_draft(&report)?;
        queries::require_typed(&found)?;
        diesel::delete(expenses::table.find(found.id)).execute(conn).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
