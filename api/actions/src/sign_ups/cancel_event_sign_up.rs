use super::{EventSignUp, promote};
use crate::queries;
use crate::queries::sign_ups::Owner;
use crate::rules::states::{SIGN_UP, SignUpState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role, now};
use serde_json::json;
use uuid::Uuid;

/// Cancel a sign-up
///
/// Before the event begins. A place that frees goes to the first who waits.
#[utoipa::path(
    tag = "actions",
    params(("sign_up_id" = Uuid, Path, description = "The sign-up."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The cancelled sign-up.", body = EventSignUp),
              (status = 409, description = "It is cancelled already (`transition_not_allowed`), or the event has begun \
                                            (`cancellation_too_late`).")),
)]
#[post("/v1/event-sign-ups/{sign_up_id}/cancel")]
pub async fn cancel_event_sign_up(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cancel_event_sign_up", [0; 32]).with_path(id.0).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (territory_id, owner) = (actor.territory_id, Owner::of(&actor));
        let found = queries::sign_ups::find(conn, &owner, id.0).await?.ok_or_else(Problem::not_found)?;
        let event = queries::events::hold(conn, territory_id, found.event_id).await?;
        let event = event.ok_or_else(Problem::not_found)?;
        // Read again: it may have got a place, or lost it, while this one waited for the event.
        let sign_up = queries::sign_ups::find(conn, &owner, id.0).await?.ok_or_else(Problem::not_found)?;
        let (from, to) = (sign_up.state, SignUpState::Cancelled);
        SIGN_UP.check(from, to)?;
        if event.starts_at <= now() {
            return Err(Problem::new(Code::CancellationTooLate)
                .explain("L'evento è già iniziato.", "The event has already begun."));
        }
        queries::sign_ups::cancel(conn, territory_id, id.0).await?;
        let role = Role::ALL.iter().find(|role| actor.has(**role)).map_or("account", |role| role.as_str());
        let agent = Agent { id: Some(actor.id), role };
        let moved = (Some(from.as_str()), to.as_str());
        record(conn, territory_id, (SIGN_UP.aggregate, id.0), moved, agent, None).await?;
        publish(conn, territory_id, "event_sign_up.cancelled", id.0, json!({"event_id": event.id})).await?;
        promote(conn, territory_id, event.id).await?;
        let sign_up = queries::sign_ups::find(conn, &owner, id.0).await?.ok_or_else(Problem::not_found)?;
        Reply::ok(&sign_up.opened(&vault)?)
    })
    .await
}
