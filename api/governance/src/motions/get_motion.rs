use super::motion::Motion;
use super::queries;
use crate::meetings::find_in_scope;
use crate::scope::Scope;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a motion
///
/// The motion with its recusals and, once decided, its count and what each seat did.
#[utoipa::path(
    tag = "governance",
    params(("motion_id" = Uuid, Path, description = "The motion.")),
    responses((status = 200, description = "The motion.", body = Motion,
        headers(("ETag" = String, description = "Version of the motion.")))),
)]
#[get("/v1/motions/{motion_id}")]
pub async fn get_motion(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let motion = queries::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    find_in_scope(&mut &**reader, &scope, motion.meeting_id).await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(motion.version))).json(motion))
}
