use super::meeting::Meeting;
use super::queries::{self, Hold, hold};
use super::writes;
use super::{attendances, require_begun};
use crate::rules::quorum::most_together;
use crate::rules::states::{MEETING, MeetingState};
use crate::scope::require_run;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Close a meeting
///
/// It is over: who was there stands, and minutes can be made. A meeting of the committee that never reached its quorum is
/// closed too, and does not count among those it must hold in a year. No motion may be open.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting."),
           ("If-Match" = Option<String>, Header, description = "Version that is closed."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The meeting.", body = Meeting,
                headers(("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "The meeting is over or called off (`transition_not_allowed`), has not begun \
                                            (`meeting_not_in_session`), or a motion is open (`conflict`).")),
)]
#[post("/v1/meetings/{meeting_id}/close")]
pub async fn close_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_meeting", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let meeting = close(conn, &actor, id.0, seen.as_ref()).await?;
        Ok(Reply::ok(&meeting)?.etag(etag_of(meeting.version)))
    })
    .await
}

/// Closes a meeting, as who runs the body.
pub async fn close(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    meeting_id: Uuid,
    seen: Option<&IfMatch>,
) -> Result<Meeting, Problem> {
    let meeting =
        hold(conn, actor.territory_id, meeting_id, Hold::Update).await?.ok_or_else(Problem::not_found)?;
    let role = require_run(conn, actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
    seen.map_or(Ok(()), |seen| seen.check(meeting.version))?;
    let (from, to) = (meeting.state, MeetingState::Held);
    MEETING.check(from, to)?;
    require_begun(&meeting, now())?;
    if crate::motions::count(conn, actor.territory_id, meeting.id).await?.open > 0 {
        return Err(Problem::new(Code::Conflict).explain(
            "C'è una votazione aperta: chiuderla o ritirarla prima.",
            "A motion is open: close it or take it back first.",
        ));
    }
    let stays = attendances::stays(conn, actor.territory_id, meeting.id).await?;
    let stays: Vec<_> = stays.iter().map(|stay| (stay.arrived_at, stay.left_at)).collect();
    let together = i32::try_from(most_together(&stays)).unwrap_or(i32::MAX);
    let quorate = meeting.quorum.is_none_or(|quorum| together >= quorum);
    writes::set_state(conn, (actor.territory_id, meeting.id), to, Some((now(), quorate))).await?;
    let (moved, agent) = ((Some(from.as_str()), to.as_str()), Agent::of(actor, role));
    record(conn, actor.territory_id, (MEETING.aggregate, meeting.id), moved, agent, None).await?;
    let told = json!({"body_id": meeting.body_id, "quorate": quorate});
    publish(conn, actor.territory_id, "meeting.held", meeting.id, told).await?;
    queries::find(conn, actor.territory_id, meeting.id).await?.ok_or_else(Problem::not_found)
}
