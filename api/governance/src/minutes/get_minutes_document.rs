use super::document::document;
use super::queries;
use crate::meetings::find_in_scope;
use crate::scope::Scope;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{self, Data};
use actix_web::{HttpResponse, get};
use concilia_documents::render_pdf;
use concilia_kernel::extract::{Path, Upload};
use concilia_kernel::{Actor, Db, Problem};
use concilia_network::find_territory;
use uuid::Uuid;

/// Read minutes as a document
///
/// A version of the minutes as PDF, marked as a draft until it is validated; the same version gives the same bytes.
#[utoipa::path(
    tag = "governance",
    params(("minutes_id" = Uuid, Path, description = "The minutes.")),
    responses((status = 200, description = "The document.", body = inline(Upload), content_type = "application/pdf",
        headers(("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/minutes/{minutes_id}/document")]
pub async fn get_minutes_document(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    find_in_scope(&mut &**reader, &scope, found.summary.meeting_id).await?.ok_or_else(Problem::not_found)?;
    let territory = find_territory(&mut &**reader, actor.territory_id).await?.ok_or_else(Problem::not_found)?;
    let name = format!(
        "attachment; filename=\"verbale-{}-{}.pdf\"",
        found.content.starts_at.date_naive(),
        found.summary.number
    );
    // Setting pages takes long enough to keep other requests of this thread waiting.
    let drawn = web::block(move || render_pdf(&document(&territory.name, &found))).await;
    let pdf = drawn.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("application/pdf").insert_header((CONTENT_DISPOSITION, name)).body(pdf))
}
