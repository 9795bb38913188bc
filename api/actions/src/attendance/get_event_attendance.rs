use super::EventAttendance;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get the attendance of a session
///
/// Who was present, by sign-up; `list_event_sign_ups` names them.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("event_session_id" = Uuid, Path, description = "The session.")),
    responses((status = 200, description = "The attendance.", body = EventAttendance,
        headers(("ETag" = String, description = "Version of the attendance.")))),
)]
#[get("/v1/events/{event_id}/sessions/{event_session_id}/attendance")]
pub async fn get_event_attendance(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (event_id, session_id) = path.into_inner();
    let reader = db.reader().await?;
    let found = queries::attendance::find(&mut &**reader, actor.territory_id, event_id, session_id).await?;
    let attendance = found.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(attendance.version))).json(attendance))
}
