use super::body::Body;
use super::{queries, seats};
use actix_web::post;
use actix_web::web::{self, Data};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::Path;
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Db, Problem, today};
use serde_json::json;
use uuid::Uuid;

/// End a committee seat
///
/// From today it is no longer a seat, nor do its people hold it. Meetings already convened go by who was invited.
#[utoipa::path(
    tag = "governance",
    params(("seat_id" = Uuid, Path, description = "The seat.")),
    responses((status = 200, description = "The committee with its seats.", body = Body)),
)]
#[post("/v1/committee-seats/{seat_id}/end")]
pub async fn end_committee_seat(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<web::Json<Body>, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let seat = seats::hold(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        seats::end(conn, actor.territory_id, seat.id, today()).await?;
        let told = json!({"body_id": seat.body_id});
        publish(conn, actor.territory_id, "committee_seat.ended", seat.id, told).await?;
        let changed = queries::find(conn, actor.territory_id, seat.body_id).await?;
        changed.map(web::Json).ok_or_else(Problem::not_found)
    })
    .await
}
