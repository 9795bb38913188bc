use super::{Event, EventContent, check_action};
use crate::queries;
use crate::rules::states::{EVENT, EventState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use diesel_async::AsyncPgConnection;

/// Create a training event
///
/// Makes a draft that the agency sees until it is published.
#[utoipa::path(
    tag = "actions",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = EventContent,
    responses((status = 201, description = "The draft.", body = Event,
        headers(("Location" = String, description = "Address of the event."),
                ("ETag" = String, description = "Version of the event.")))),
)]
#[post("/v1/events")]
pub async fn create_event(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<EventContent>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_event", body.hash());
    let mut content = body.into_inner();
    content.normalise();
    content.check_together()?;
    let foreign = content.sessions.iter().position(|session| session.id.is_some());
    if let Some(at) = foreign {
        return Err(Problem::new(Code::ValidationFailed)
            .with_error(FieldError::pointer(format!("/sessions/{at}/id"), "not_found")));
    }
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let event = create(conn, &actor, &content).await?;
        Ok(Reply::created(format!("/v1/events/{}", event.id), &event)?.etag(etag_of(event.version)))
    })
    .await
}

/// Makes a draft, as an officer of the agency.
pub async fn create(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    content: &EventContent,
) -> Result<Event, Problem> {
    check_action(conn, actor.territory_id, content.action_id).await?;
    let event = queries::events::insert(conn, actor.territory_id, actor.id, content).await?;
    let made = (None, EventState::Draft.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(conn, actor.territory_id, (EVENT.aggregate, event.id), made, agent, None).await?;
    Ok(event)
}
