use super::feed;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Revoke a feed of one's agenda
///
/// Its address answers 404 from now on.
#[utoipa::path(
    tag = "governance",
    params(("agenda_feed_id" = Uuid, Path, description = "The feed.")),
    responses((status = 204, description = "Revoked.")),
)]
#[delete("/v1/agenda-feeds/{agenda_feed_id}")]
pub async fn revoke_agenda_feed(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    if feed::revoke(&mut conn, (actor.territory_id, actor.id), id.0).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::not_found())
}
