use super::access::readable;
use super::documents;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::{Actor, Db, File, Problem};
use uuid::Uuid;

/// Download a document of the reserved area
///
/// The file as it was uploaded: PDF, PNG, JPEG, XLSX or DOCX, under its own media type.
#[utoipa::path(
    tag = "network",
    params(("document_id" = Uuid, Path, description = "The document."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The file.",
        content((inline(Upload) = "application/pdf"),
                (inline(Upload) = "image/png"),
                (inline(Upload) = "image/jpeg"),
                (inline(Upload) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                (inline(Upload) = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/network-documents/{document_id}")]
pub async fn get_network_document(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let audiences = readable(&mut &**reader, &actor).await?;
    let found = documents::find(&mut &**reader, actor.territory_id, &audiences, id.0).await?;
    let (document, content) = found.ok_or_else(Problem::not_found)?;
    let name = format!("{}.{}", document.id, document.media_type.extension());
    Ok(File::new(&name, document.media_type.as_str(), content).answer(&held))
}
