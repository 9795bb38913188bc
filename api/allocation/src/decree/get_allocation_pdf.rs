use super::contents::Contents;
use super::document::document;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::pdf_file;
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Print the table of an allocation
///
/// The table that goes with the decree, as PDF: budget, method and where the residue went, each project with score, band,
/// request and grant, the sums, the act. A run that is not in force is marked on every page. The agency sees every run;
/// evaluators and leads those that are or were in force.
#[utoipa::path(
    tag = "allocation",
    params(("allocation_id" = Uuid, Path, description = "The allocation."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The table.", body = inline(Upload),
        content_type = "application/pdf",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/allocations/{allocation_id}/pdf")]
pub async fn get_allocation_pdf(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let contents = Contents::read(&db, &actor, id.0).await?;
    let file = pdf_file(&format!("{}.pdf", contents.file_name()), document(&contents)).await?;
    Ok(file.answer(&held))
}
