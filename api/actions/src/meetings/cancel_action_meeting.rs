use super::{ActionMeeting, record_move};
use crate::queries;
use crate::reason::Reason;
use crate::rules::states::{ACTION_MEETING, ActionMeetingState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Cancel a meeting of an action
///
/// With a reason, before it is recorded as held.
#[utoipa::path(
    tag = "actions",
    params(("action_meeting_id" = Uuid, Path, description = "The meeting."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The cancelled meeting.", body = ActionMeeting,
                headers(("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "It was held or cancelled already: `transition_not_allowed`.")),
)]
#[post("/v1/action-meetings/{action_meeting_id}/cancel")]
pub async fn cancel_action_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cancel_action_meeting", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let meeting = queries::meetings::hold(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        let (from, to) = (meeting.state, ActionMeetingState::Cancelled);
        ACTION_MEETING.check(from, to)?;
        let meeting = queries::meetings::cancel(conn, territory_id, id.0).await?;
        record_move(conn, &actor, id.0, (Some(from), to), Some(&body.reason)).await?;
        Ok(Reply::ok(&meeting)?.etag(etag_of(meeting.version)))
    })
    .await
}
