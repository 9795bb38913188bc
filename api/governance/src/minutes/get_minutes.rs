use super::queries;
use super::view::Minutes;
use crate::meetings::find_in_scope;
use crate::scope::Scope;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read minutes
///
/// A version of a meeting's minutes with its answers, for those who may see the meeting.
#[utoipa::path(
    tag = "governance",
    params(("minutes_id" = Uuid, Path, description = "The minutes.")),
    responses((status = 200, description = "The minutes.", body = Minutes,
        headers(("ETag" = String, description = "Version of the minutes.")))),
)]
#[get("/v1/minutes/{minutes_id}")]
pub async fn get_minutes(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    find_in_scope(&mut &**reader, &scope, found.summary.meeting_id).await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(found.summary.version))).json(found))
}
