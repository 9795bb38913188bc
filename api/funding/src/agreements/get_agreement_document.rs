use super::agreement::find_agreement;
use crate::schema::agreements;
use crate::stance::Stance;
use actix_web::http::header::{CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Upload};
use concilia_kernel::{Actor, Db, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Read the document of an agreement
///
/// The PDF as it was generated, byte for byte: its SHA-256 is in the agreement.
#[utoipa::path(
    tag = "funding",
    params(("agreement_id" = Uuid, Path, description = "The agreement.")),
    responses((status = 200, description = "The document.", body = inline(Upload), content_type = "application/pdf",
        headers(("Content-Disposition" = String, description = "Name of the file.")))),
)]
#[get("/v1/agreements/{agreement_id}/document")]
pub async fn get_agreement_document(
    actor: Actor,
    db: Data<Db>,
    agreement_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let agreement = find_agreement(&mut conn, actor.territory_id, *agreement_id).await?;
    let project = concilia_planning::find_project(&mut conn, actor.territory_id, agreement.project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    Stance::of(&mut conn, &actor, &project).await?;
    let document: Vec<u8> =
        agreements::table.find(agreement.id).select(agreements::document).first(&mut conn).await?;
    let reference: String =
        project.reference.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = DispositionParam::Filename(format!("convenzione-{reference}-{}.pdf", agreement.number));
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![name] };
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(document))
}
