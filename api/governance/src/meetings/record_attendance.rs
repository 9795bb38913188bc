use super::attendances::{arrive, leave};
use super::invitations;
use super::meeting::Meeting;
use super::queries::{self, Hold, hold};
use super::require_doors_open;
use crate::rules::attendance::{Capacity, Change, TitularIsPresent, change};
use crate::scope::require_run;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Who is there for an invitation, or is not.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "invitation_id": "0193a5d0-4444-7000-8000-000000000011", "attendee": "titular", "present": true
}))]
pub struct RecordAttendance {
    /// The invitation.
    pub invitation_id: Uuid,
    /// The titular or the substitute of a committee's seat; the delegate of an organisation at the other bodies.
    pub attendee: Capacity,
    /// Whether they are there; false records that they have left.
    pub present: bool,
    /// Name of a delegate.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub delegate_name: Option<String>,
}

/// Record who is at a meeting
///
/// One invitation at a time, from an hour before the meeting until it is closed. A substitute is refused while the titular
/// is there; a titular who comes later takes the seat over, and the substitute leaves it. What is so already changes
/// nothing. Who comes and goes is kept with its times.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting.")),
    request_body = RecordAttendance,
    responses((status = 200, description = "The meeting, with who is there.", body = Meeting,
                headers(("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "The titular is there (`substitute_not_admitted`), or the meeting is not in \
                                            session (`meeting_not_in_session`).")),
)]
#[post("/v1/meetings/{meeting_id}/attendance")]
pub async fn record_attendance(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    body: Json<RecordAttendance>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let meeting = transaction(&mut conn, async |conn| attend(conn, &actor, id.0, &body).await).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(meeting.version))).json(meeting))
}

/// Records who is there, as who runs the body.
pub async fn attend(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    meeting_id: Uuid,
    body: &RecordAttendance,
) -> Result<Meeting, Problem> {
    let meeting =
        hold(conn, actor.territory_id, meeting_id, Hold::Update).await?.ok_or_else(Problem::not_found)?;
    require_run(conn, actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
    require_doors_open(&meeting, now())?;
    let invited = invitations::list(conn, actor.territory_id, meeting.id, meeting.notice).await?;
    let invitation = invited.into_iter().find(|one| one.id == body.invitation_id);
    let invitation = invitation.ok_or_else(|| Problem::invalid("/invitation_id", "not_found"))?;
    let invitable = match body.attendee {
        Capacity::Titular => invitation.titular_id.is_some(),
        Capacity::Substitute => invitation.substitute_id.is_some(),
        Capacity::Delegate => invitation.titular_id.is_none(),
    };
    if !invitable {
        return Err(Problem::invalid("/attendee", "not_applicable"));
    }
    if body.delegate_name.is_some() && body.attendee != Capacity::Delegate {
        return Err(Problem::invalid("/delegate_name", "not_applicable"));
    }
    let change = change(invitation.capacity, body.attendee, body.present)
        .map_err(|TitularIsPresent| substitute_not_admitted())?;
    let at = now();
    if matches!(change, Change::Leaves | Change::TakesOver) {
        leave(conn, actor.territory_id, invitation.id, at).await?;
    }
    if matches!(change, Change::Arrives | Change::TakesOver) {
        let who = (body.attendee, body.delegate_name.as_deref().map(str::trim));
        let whose = (actor.territory_id, meeting.id);
        arrive(conn, whose, &invitation, who, (at, Some(actor.id))).await?;
    }
    queries::find(conn, actor.territory_id, meeting.id).await?.ok_or_else(Problem::not_found)
}

/// The substitute acts only in the titular's absence.
pub(crate) fn substitute_not_admitted() -> Problem {
    Problem::new(Code::SubstituteNotAdmitted).explain(
        "Il titolare è presente: il supplente interviene e vota solo in sua assenza.",
        "The titular is there: the substitute attends and votes only in their absence.",
    )
}
