use super::document::document;
use super::queries;
use super::signers::Signers;
use crate::meetings::find_in_scope;
use crate::scope::Scope;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::{Agency, pdf_file};
use concilia_kernel::clock::italian_day;
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::language::Language;
use concilia_kernel::{Actor, Db, Problem};
use concilia_network::find_territory;
use uuid::Uuid;

/// Read minutes as a document
///
/// A version of the minutes as PDF, marked as a draft until it is validated; the same version gives the same bytes.
#[utoipa::path(
    tag = "governance",
    params(("minutes_id" = Uuid, Path, description = "The minutes."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The document.", body = inline(Upload), content_type = "application/pdf",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/minutes/{minutes_id}/document")]
pub async fn get_minutes_document(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    let meeting = find_in_scope(&mut &**reader, &scope, found.summary.meeting_id).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let signers = Signers::of(&mut &**reader, actor.territory_id, &meeting, &found).await?;
    let territory = find_territory(&mut &**reader, actor.territory_id).await?.ok_or_else(Problem::not_found)?;
    let agency = Agency::of(Language::Italian, &territory.name, &territory.provinces);
    let name = format!("verbale-{}-{}.pdf", italian_day(found.content.starts_at), found.summary.number);
    Ok(pdf_file(&name, document(agency, &found, signers)).await?.answer(&held))
}
