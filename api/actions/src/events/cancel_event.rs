use super::{Event, advance};
use crate::queries;
use crate::reason::Reason;
use crate::rules::states::{EVENT, EventState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Cancel a training event
///
/// With a reason. Those who had signed up lose their places.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The cancelled event.", body = Event,
                headers(("ETag" = String, description = "Version of the event."))),
              (status = 409, description = "It is over, cancelled already, or has recorded attendance: \
                                            `transition_not_allowed`, `conflict`.")),
)]
#[post("/v1/events/{event_id}/cancel")]
pub async fn cancel_event(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cancel_event", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let event = queries::events::hold(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        EVENT.check(event.state, EventState::Cancelled)?;
        if queries::attendance::is_any_recorded(conn, territory_id, event.id).await? {
            return Err(Problem::new(concilia_kernel::Code::Conflict).explain(
                "L'evento ha già presenze registrate: si conclude, non si annulla.",
                "The event has recorded attendance: it is concluded, not cancelled.",
            ));
        }
        queries::sign_ups::cancel_all(conn, territory_id, event.id, actor.id).await?;
        let event = advance(conn, &actor, &event, EventState::Cancelled, Some(&body.reason)).await?;
        Ok(Reply::ok(&event)?.etag(etag_of(event.version)))
    })
    .await
}
