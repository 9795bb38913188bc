use super::agreement::find_agreement;
use crate::schema::agreements;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::{Actor, Db, File, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Read the document of an agreement
///
/// The PDF as it was generated, byte for byte: its SHA-256 is in the agreement.
#[utoipa::path(
    tag = "funding",
    params(("agreement_id" = Uuid, Path, description = "The agreement."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The document.", body = inline(Upload), content_type = "application/pdf",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name of the file.")))),
)]
#[get("/v1/agreements/{agreement_id}/document")]
pub async fn get_agreement_document(
    actor: Actor,
    db: Data<Db>,
    agreement_id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let agreement = find_agreement(&mut conn, actor.territory_id, *agreement_id).await?;
    let project = concilia_planning::find_project(&mut conn, actor.territory_id, agreement.project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    Stance::of(&mut conn, &actor, &project).await?;
    let document: Vec<u8> =
        agreements::table.find(agreement.id).select(agreements::document).first(&mut conn).await?;
    let name = format!("convenzione-{}-{}.pdf", project.reference, agreement.number);
    Ok(File::new(&name, File::PDF, document).answer(&held))
}
