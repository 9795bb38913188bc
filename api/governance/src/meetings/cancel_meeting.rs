use super::meeting::Meeting;
use super::queries::{self, Hold, hold};
use super::reason::MeetingReason;
use super::writes;
use crate::rules::states::{MEETING, MeetingState};
use crate::scope::require_run;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Problem};
use serde_json::json;
use uuid::Uuid;

/// Call off a meeting
///
/// With the reason. Not once a vote was held at it.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting."),
           ("If-Match" = Option<String>, Header, description = "Version that is called off."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = MeetingReason,
    responses((status = 200, description = "The meeting.", body = Meeting,
                headers(("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "The meeting is over or called off (`transition_not_allowed`), or there are \
                                            motions on it (`conflict`).")),
)]
#[post("/v1/meetings/{meeting_id}/cancel")]
pub async fn cancel_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<MeetingReason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cancel_meeting", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let meeting = hold(conn, actor.territory_id, id.0, Hold::Update).await?.ok_or_else(Problem::not_found)?;
        let role = require_run(conn, &actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
        seen.as_ref().map_or(Ok(()), |seen| seen.check(meeting.version))?;
        let (from, to) = (meeting.state, MeetingState::Cancelled);
        MEETING.check(from, to)?;
        if crate::motions::count(conn, actor.territory_id, meeting.id).await?.all > 0 {
            return Err(Problem::new(Code::Conflict).explain(
                "Nella riunione si è votato: non si annulla, si chiude.",
                "There are motions on the meeting: it can be closed, not called off.",
            ));
        }
        writes::set_state(conn, (actor.territory_id, meeting.id), to, None).await?;
        let moved = (Some(from.as_str()), to.as_str());
        let (agent, reason) = (Agent::of(&actor, role), Some(body.reason.trim()));
        record(conn, actor.territory_id, (MEETING.aggregate, meeting.id), moved, agent, reason).await?;
        let told = json!({"body_id": meeting.body_id});
        publish(conn, actor.territory_id, "meeting.cancelled", meeting.id, told).await?;
        let meeting = queries::find(conn, actor.territory_id, meeting.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(&meeting)?.etag(etag_of(meeting.version)))
    })
    .await
}
