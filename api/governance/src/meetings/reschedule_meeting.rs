use super::content::{RescheduleMeeting, when_and_where};
use super::convene_meeting::required_days;
use super::meeting::Meeting;
use super::queries::{self, Hold, hold};
use super::writes::{self, Notice};
use super::{attendances, invitations};
use crate::rules::notice::check_notice;
use crate::rules::states::MeetingState;
use crate::scope::require_run;
use crate::settings;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, Problem, now};
use serde_json::json;
use uuid::Uuid;

/// Move a meeting to another date or place
///
/// A new notice, which needs its days anew, with the same agenda; those who are in the body now are invited. Not once
/// somebody has come. Earlier notices are kept.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting."),
           ("If-Match" = Option<String>, Header, description = "Version that is moved."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RescheduleMeeting,
    responses((status = 200, description = "The meeting.", body = Meeting,
                headers(("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "The meeting is over, called off or under way: `conflict`."),
              (status = 422, description = "The notice is too short (`notice_too_short`), or a field breaks a rule.")),
)]
#[post("/v1/meetings/{meeting_id}/reschedule")]
pub async fn reschedule_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<RescheduleMeeting>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "reschedule_meeting", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let meeting = hold(conn, actor.territory_id, id.0, Hold::Update).await?.ok_or_else(Problem::not_found)?;
        require_run(conn, &actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
        seen.as_ref().map_or(Ok(()), |seen| seen.check(meeting.version))?;
        if meeting.state != MeetingState::Convened
            || attendances::anybody_came(conn, actor.territory_id, meeting.id).await?
        {
            return Err(Problem::new(Code::Conflict).explain(
                "Si sposta solo una riunione convocata a cui nessuno è ancora intervenuto.",
                "Only a convened meeting that nobody has come to can be moved.",
            ));
        }
        let (starts_at, place, online_link) =
            when_and_where(body.starts_at, body.place.as_deref(), body.online_link.as_deref())?;
        let (sent_at, settings) = (now(), settings::find(conn, actor.territory_id).await?.settings);
        let required_days = required_days(&settings, meeting.body_kind);
        check_notice(sent_at, (sent_at, starts_at), required_days)?;
        let notice = Notice {
            number: meeting.notice + 1,
            starts_at,
            place,
            online_link,
            reason: Some(body.reason.trim()),
            sent_at,
            sent_by: Some(actor.id),
            required_days,
        };
        writes::renotify(conn, actor.territory_id, meeting.id, &notice).await?;
        let moved = hold(conn, actor.territory_id, meeting.id, Hold::Update).await?;
        invitations::freeze(conn, actor.territory_id, &moved.ok_or_else(Problem::not_found)?).await?;
        let told = json!({"body_id": meeting.body_id, "starts_at": starts_at, "notice": notice.number});
        publish(conn, actor.territory_id, "meeting.rescheduled", meeting.id, told).await?;
        let meeting = queries::find(conn, actor.territory_id, meeting.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(&meeting)?.etag(etag_of(meeting.version)))
    })
    .await
}
