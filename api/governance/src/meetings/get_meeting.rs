use super::meeting::Meeting;
use super::queries::{find_in_scope, with_people};
use crate::scope::Scope;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a meeting
///
/// The meeting with its agenda, who was invited and who is or was there, for those who may see its body.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting.")),
    responses((status = 200, description = "The meeting.", body = Meeting,
        headers(("ETag" = String, description = "Version of the meeting.")))),
)]
#[get("/v1/meetings/{meeting_id}")]
pub async fn get_meeting(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    let row = find_in_scope(&mut &**reader, &scope, id.0).await?.ok_or_else(Problem::not_found)?;
    let meeting = with_people(&mut &**reader, actor.territory_id, row).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(meeting.version))).json(meeting))
}
