use super::attachment::SEALED;
use super::queries;
use crate::schema::expense_attachments;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, File, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Read the document of an expense
///
/// The PDF that was attached; for the agency, the lead's officers and those of the partner that bore the expense.
#[utoipa::path(
    tag = "funding",
    params(("expense_id" = Uuid, Path, description = "The expense."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The document.", body = inline(Upload), content_type = "application/pdf",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name of the file.")))),
)]
#[get("/v1/expenses/{expense_id}/attachment")]
pub async fn get_expense_attachment(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    expense_id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let (project_id, expense) = queries::find(&mut conn, actor.territory_id, *expense_id).await?;
    let project = concilia_planning::find_project(&mut conn, actor.territory_id, project_id).await?;
    let stance = Stance::of(&mut conn, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    stance.require_sight(expense.organisation_id)?;
    let sealed: Vec<u8> = expense_attachments::table
        .filter(expense_attachments::territory_id.eq(actor.territory_id))
        .filter(expense_attachments::expense_id.eq(expense.id))
        .select(expense_attachments::sealed)
        .first(&mut conn)
        .await?;
    let file = vault.open(SEALED, &sealed)?;
    Ok(File::new(&format!("{}.pdf", expense.id), File::PDF, file).answer(&held))
}
