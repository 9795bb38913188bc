use super::{Event, advance};
use crate::certificates::issue;
use crate::queries;
use crate::rules::states::{EVENT, EventState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Conclude a training event
///
/// After its last session, once the attendance of each is recorded. Attendance becomes final, and whoever attended the
/// stated share of the hours gets a certificate, numbered without gaps in the territory and year.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The concluded event.", body = Event,
                headers(("ETag" = String, description = "Version of the event."))),
              (status = 409, description = "It is not published (`transition_not_allowed`), is not over, or lacks the \
                                            attendance of a session (`conflict`).")),
)]
#[post("/v1/events/{event_id}/conclude")]
pub async fn conclude_event(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "conclude_event", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let concluded = conclude(conn, &actor, id.0).await?;
        Ok(Reply::ok(&concluded)?.etag(etag_of(concluded.version)))
    })
    .await
}

/// Concludes an event and issues its certificates, as an officer of the agency.
pub async fn conclude(conn: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<Event, Problem> {
    let territory_id = actor.territory_id;
    let event = queries::events::hold(conn, territory_id, id).await?.ok_or_else(Problem::not_found)?;
    EVENT.check(event.state, EventState::Concluded)?;
    if event.ends_at > now() {
        return Err(
            Problem::new(Code::Conflict).explain("L'evento non è ancora finito.", "The event is not over yet.")
        );
    }
    let unrecorded = queries::attendance::unrecorded_sessions(conn, territory_id, event.id).await?;
    if unrecorded > 0 {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Mancano le presenze di {unrecorded} incontri."),
            format!("The attendance of {unrecorded} sessions is missing."),
        ));
    }
    let concluded = advance(conn, actor, &event, EventState::Concluded, None).await?;
    issue(conn, &concluded, actor.id).await?;
    Ok(concluded)
}
