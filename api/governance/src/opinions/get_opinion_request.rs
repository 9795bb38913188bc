use super::request::OpinionRequest;
use super::{queries, require_reader};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a request for an opinion
///
/// For the agency, the committee and officers of the network's members.
#[utoipa::path(
    tag = "governance",
    params(("opinion_request_id" = Uuid, Path, description = "The request.")),
    responses((status = 200, description = "The request.", body = OpinionRequest,
        headers(("ETag" = String, description = "Version of the request.")))),
)]
#[get("/v1/opinion-requests/{opinion_request_id}")]
pub async fn get_opinion_request(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    require_reader(&mut &**reader, &actor).await?;
    let found = queries::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(found.version))).json(found))
}
