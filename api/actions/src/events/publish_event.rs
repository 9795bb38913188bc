use super::{Event, advance};
use crate::queries;
use crate::rules::states::EventState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Publish a training event
///
/// It becomes public, and people sign up while its window is open.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The published event.", body = Event,
                headers(("ETag" = String, description = "Version of the event."))),
              (status = 409, description = "It is no draft (`transition_not_allowed`), or its sign-up window is past \
                                            (`conflict`).")),
)]
#[post("/v1/events/{event_id}/publish")]
pub async fn publish_event(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "publish_event", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let event = publish(conn, &actor, id.0).await?;
        Ok(Reply::ok(&event)?.etag(etag_of(event.version)))
    })
    .await
}

/// Publishes an event, as an officer of the agency.
pub async fn publish(conn: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<Event, Problem> {
    let event = queries::events::hold(conn, actor.territory_id, id).await?;
    let event = event.ok_or_else(Problem::not_found)?;
    if event.state == EventState::Draft && event.sign_up_closes_at <= now() {
        return Err(Problem::new(Code::Conflict).explain(
            "Le iscrizioni sarebbero già chiuse: spostare le date.",
            "Sign-up would be closed already: move the dates.",
        ));
    }
    advance(conn, actor, &event, EventState::Published, None).await
}
