use super::contents::Contents;
use super::workbook::workbook;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::xlsx_file;
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Export an allocation as a workbook
///
/// The table that goes with the decree, as an XLSX file: amounts are numbers and sums are formulas. A run that is not in
/// force is marked. The agency sees every run; evaluators and leads those that are or were in force.
#[utoipa::path(
    tag = "allocation",
    params(("allocation_id" = Uuid, Path, description = "The allocation."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The table.", body = inline(Upload),
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/allocations/{allocation_id}/xlsx")]
pub async fn get_allocation_xlsx(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let contents = Contents::read(&db, &actor, id.0).await?;
    let file = xlsx_file(&format!("{}.xlsx", contents.file_name()), workbook(&contents)).await?;
    Ok(file.answer(&held))
}
