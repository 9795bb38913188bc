use super::agreement::{Agreement, find_agreement};
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read an agreement
///
/// For the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("agreement_id" = Uuid, Path, description = "The agreement.")),
    responses((status = 200, description = "The agreement.", body = Agreement,
        headers(("ETag" = String, description = "Version of the agreement.")))),
)]
#[get("/v1/agreements/{agreement_id}")]
pub async fn get_agreement(actor: Actor, db: Data<Db>, agreement_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let agreement = find_agreement(&mut &**reader, actor.territory_id, *agreement_id).await?;
    let project =
        concilia_planning::find_project(&mut &**reader, actor.territory_id, agreement.project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(agreement.version))).json(agreement))
}
