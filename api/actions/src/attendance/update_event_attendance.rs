use super::EventAttendance;
use crate::queries;
use crate::rules::states::EventState;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, checks, now};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Who was present at a session.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"present": ["0193a5d0-6005-7000-8000-000000000001"]}))]
pub struct EventAttendanceContent {
    /// Sign-ups with a place of those who were present, each once; whoever is not named was absent.
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 0, max_items = 5000)]
    #[validate(length(max = 5000), custom(function = "distinct"))]
    pub present: Vec<Uuid>,
}

fn distinct(ids: &[Uuid]) -> Result<(), ValidationError> {
    checks::distinct(ids)
}

/// Record the attendance of a session
///
/// From the session's start until the event is concluded: the whole of it each time.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("event_session_id" = Uuid, Path, description = "The session."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = EventAttendanceContent,
    responses((status = 200, description = "The attendance.", body = EventAttendance,
                headers(("ETag" = String, description = "Version of the attendance."))),
              (status = 409, description = "The session has not begun, or the event is not under way: `conflict`.")),
)]
#[put("/v1/events/{event_id}/sessions/{event_session_id}/attendance")]
pub async fn update_event_attendance(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    seen: IfMatch,
    body: Json<EventAttendanceContent>,
) -> Result<HttpResponse, Problem> {
    let path = path.into_inner();
    let mut conn = db.conn().await?;
    let attendance =
        transaction(&mut conn, async |conn| record_attendance(conn, &actor, path, (&body, Some(&seen))).await)
            .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(attendance.version))).json(attendance))
}

/// Records who was present at a session, as an officer of the agency.
pub async fn record_attendance(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    (event_id, session_id): (Uuid, Uuid),
    (body, seen): (&EventAttendanceContent, Option<&IfMatch>),
) -> Result<EventAttendance, Problem> {
    let territory_id = actor.territory_id;
    let event = queries::events::hold(conn, territory_id, event_id).await?.ok_or_else(Problem::not_found)?;
    let found = queries::attendance::find(conn, territory_id, event_id, session_id).await?;
    let attendance = found.ok_or_else(Problem::not_found)?;
    seen.map_or(Ok(()), |seen| seen.check(attendance.version))?;
    if event.state != EventState::Published {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Le presenze di un evento nello stato «{}» non si registrano.", event.state),
            format!("The attendance of an event in state '{}' is not recorded.", event.state),
        ));
    }
    if attendance.starts_at > now() {
        return Err(Problem::new(Code::Conflict)
            .explain("L'incontro non è ancora iniziato.", "The session has not begun yet."));
    }
    let known = queries::attendance::with_a_place(conn, territory_id, event_id, &body.present).await?;
    let unknown = body.present.iter().enumerate().filter(|(_, id)| !known.contains(id)).take(100);
    let errors: Vec<_> = unknown
        .map(|(at, id)| FieldError::pointer(format!("/present/{at}"), "not_found").value(id.to_string()))
        .collect();
    if !errors.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
    }
    let session = (event_id, session_id);
    queries::attendance::write(conn, territory_id, session, &body.present, actor.id).await?;
    let found = queries::attendance::find(conn, territory_id, event_id, session_id).await?;
    found.ok_or_else(Problem::not_found)
}
