use super::{Event, EventContent, check_action};
use crate::queries;
use crate::queries::events::SessionsKept;
use crate::rules::states::EventState;
use crate::sign_ups::promote;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use uuid::Uuid;

/// Change a training event
///
/// Rewrites the whole of a draft or published event. Sessions named by their identifier change, the others are new, and
/// those left out are dropped; one with recorded attendance stays as it is. More places go to those who wait, at once.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = EventContent,
    responses((status = 200, description = "The changed event.", body = Event,
                headers(("ETag" = String, description = "Version of the event."))),
              (status = 409, description = "The event is over (`transition_not_allowed`), more places are taken \
                                            (`no_places_left`), or a session has recorded attendance \
                                            (`conflict`).")),
)]
#[put("/v1/events/{event_id}")]
pub async fn update_event(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<EventContent>,
) -> Result<HttpResponse, Problem> {
    let mut content = body.into_inner();
    content.normalise();
    content.check_together()?;
    let mut conn = db.conn().await?;
    let event = transaction(&mut conn, async |conn| {
        let territory_id = actor.territory_id;
        let event = queries::events::hold(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        seen.check(event.version)?;
        check_may_change(&event, &content)?;
        check_action(conn, territory_id, content.action_id).await?;
        let kept = queries::events::write_sessions(conn, territory_id, event.id, &content).await?;
        if kept == SessionsKept::AttendanceStands {
            return Err(Problem::new(Code::Conflict).explain(
                "Un incontro con presenze registrate non si toglie e non si sposta.",
                "A session with recorded attendance is neither dropped nor moved.",
            ));
        }
        queries::events::update(conn, territory_id, event.id, &content).await?;
        promote(conn, territory_id, event.id).await?;
        queries::events::find(conn, territory_id, event.id).await?.ok_or_else(Problem::not_found)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(event.version))).json(event))
}

fn check_may_change(event: &Event, content: &EventContent) -> Result<(), Problem> {
    if !matches!(event.state, EventState::Draft | EventState::Published) {
        return Err(Problem::new(Code::TransitionNotAllowed)
            .explain(
                format!("Un evento nello stato «{}» non si modifica più.", event.state),
                format!("An event in state '{}' can no longer be changed.", event.state),
            )
            .with_error(FieldError::pointer("/state", "transition_not_allowed").value(event.state.as_str())));
    }
    let own: Vec<Uuid> = event.sessions.0.iter().map(|session| session.id).collect();
    let unknown = content.sessions.iter().enumerate();
    let unknown = unknown.filter(|(_, session)| session.id.is_some_and(|id| !own.contains(&id)));
    let errors: Vec<_> =
        unknown.map(|(at, _)| FieldError::pointer(format!("/sessions/{at}/id"), "not_found")).collect();
    if !errors.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
    }
    let taken = event.capacity - event.free_places;
    if content.capacity < taken {
        return Err(Problem::new(Code::NoPlacesLeft)
            .explain(format!("{taken} posti sono già assegnati."), format!("{taken} places are already taken."))
            .with_error(FieldError::pointer("/capacity", "range").value(content.capacity)));
    }
    Ok(())
}
