use super::body::Body;
use super::queries;
use super::seats::{self, check_holders, hand_over};
use actix_web::put;
use actix_web::web::{self, Data};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Db, Problem};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Who is to hold a seat.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "titular_id": "0193a5d0-4444-7000-8000-000000000005", "substitute_id": null
}))]
pub struct ReplaceSeatHolders {
    /// Account that holds it: an evaluator, or an officer of the agency.
    pub titular_id: Uuid,
    /// Account that takes it in the titular's absence.
    #[serde(default)]
    pub substitute_id: Option<Uuid>,
}

/// Give a committee seat to other people
///
/// From now on. Meetings already convened go by who was invited; a new date invites anew.
#[utoipa::path(
    tag = "governance",
    params(("seat_id" = Uuid, Path, description = "The seat.")),
    request_body = ReplaceSeatHolders,
    responses((status = 200, description = "The committee with its seats.", body = Body),
              (status = 409, description = "The person sits already: `already_exists`.")),
)]
#[put("/v1/committee-seats/{seat_id}/holders")]
pub async fn replace_seat_holders(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    body: Json<ReplaceSeatHolders>,
) -> Result<web::Json<Body>, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let seat = seats::hold(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        let holders = (body.titular_id, body.substitute_id);
        check_holders(conn, actor.territory_id, seat.chair, holders).await?;
        hand_over(conn, (actor.territory_id, seat.body_id, seat.id), holders).await?;
        let told = json!({"body_id": seat.body_id});
        publish(conn, actor.territory_id, "committee_seat.handed_over", seat.id, told).await?;
        let changed = queries::find(conn, actor.territory_id, seat.body_id).await?;
        changed.map(web::Json).ok_or_else(Problem::not_found)
    })
    .await
}
