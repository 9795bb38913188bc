use super::queries;
use super::view::Minutes;
use crate::meetings::{self, find_in_scope, invitations_of};
use crate::rules::states::MinutesState;
use crate::scope::Scope;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem};
use concilia_network::officer_organisations;
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What one says of minutes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"agreed": true, "remark": null}))]
pub struct ValidateMinutes {
    /// Whether one agrees; an objection asks for another version.
    pub agreed: bool,
    /// What one remarks, of one or more lines; required with an objection.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 2000), custom(function = "checks::text"))]
    pub remark: Option<String>,
}

/// Answer minutes
///
/// Whoever was at the meeting agrees or objects, once: of the committee the person who was there, of the other bodies an
/// officer of an organisation that was. Silence agrees once the days have passed.
#[utoipa::path(
    tag = "governance",
    params(("minutes_id" = Uuid, Path, description = "The minutes."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ValidateMinutes,
    responses((status = 200, description = "The minutes.", body = Minutes,
                headers(("ETag" = String, description = "Version of the minutes."))),
              (status = 403, description = "The caller was not at the meeting."),
              (status = 409, description = "The caller has answered (`already_exists`), or the version is validated or \
                                            superseded (`conflict`).")),
)]
#[post("/v1/minutes/{minutes_id}/validate")]
pub async fn validate_minutes(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<ValidateMinutes>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "validate_minutes", body.hash()).with_path(id.0);
    check_remark(&body)?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let minutes = answer(conn, &actor, id.0, &body).await?;
        Ok(Reply::ok(&minutes)?.etag(etag_of(minutes.summary.version)))
    })
    .await
}

fn check_remark(body: &ValidateMinutes) -> Result<(), Problem> {
    if body.agreed || body.remark.is_some() { Ok(()) } else { Err(Problem::invalid("/remark", "required")) }
}

/// Agrees or objects, as somebody who was at the meeting.
pub async fn answer(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    minutes_id: Uuid,
    body: &ValidateMinutes,
) -> Result<Minutes, Problem> {
    check_remark(body)?;
    let minutes = queries::hold(conn, actor.territory_id, minutes_id).await?.ok_or_else(Problem::not_found)?;
    let scope = Scope::of(conn, actor).await?;
    let meeting = find_in_scope(conn, &scope, minutes.meeting_id).await?.ok_or_else(Problem::not_found)?;
    if !was_there(conn, actor, &meeting).await? {
        return Err(Problem::new(Code::Forbidden)
            .explain("Al verbale risponde chi era presente.", "Minutes are answered by those who were there."));
    }
    if minutes.state != MinutesState::Sent {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Il verbale non attende risposte: il suo stato è «{}».", minutes.state),
            format!("The minutes await no answer: their state is '{}'.", minutes.state),
        ));
    }
    let remark = body.remark.as_deref().map(str::trim);
    queries::answer(conn, (actor.territory_id, minutes.id, actor.id), body.agreed, remark).await?;
    queries::find(conn, actor.territory_id, minutes_id).await?.ok_or_else(Problem::not_found)
}

async fn was_there(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    meeting: &meetings::MeetingRow,
) -> Result<bool, Problem> {
    let stays = meetings::stays(connection, actor.territory_id, meeting.id).await?;
    if stays.iter().any(|stay| stay.account_id == Some(actor.id)) {
        return Ok(true);
    }
    let own = officer_organisations(actor);
    let invited = invitations_of(connection, actor.territory_id, meeting.id, meeting.notice).await?;
    Ok(invited.iter().any(|invitation| {
        invitation.titular_id.is_none()
            && invitation.organisation_id.is_some_and(|id| own.contains(&id))
            && stays.iter().any(|stay| stay.invitation_id == invitation.id)
    }))
}
