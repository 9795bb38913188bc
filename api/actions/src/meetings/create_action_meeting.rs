use super::{ActionMeeting, record_move};
use crate::queries;
use crate::rules::states::{ActionMeetingState, ActionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, SubsecRound, Utc};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, checks};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A meeting to plan.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Avvio dell'azione", "starts_at": "2021-02-03T09:00:00Z", "ends_at": "2021-02-03T11:00:00Z",
    "place": "Mantova, via dei Toscani 1"
}))]
pub struct NewActionMeeting {
    /// What it is about.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// When it starts; one of the past may be entered.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub starts_at: DateTime<Utc>,
    /// When it ends, after it starts.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub ends_at: DateTime<Utc>,
    /// Where: an address, or on line.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub place: String,
}

/// Plan a meeting of an action
///
/// While the action is planned or running.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = NewActionMeeting,
    responses((status = 201, description = "The planned meeting.", body = ActionMeeting,
                headers(("Location" = String, description = "Address of the action's meetings."),
                        ("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "The action is over: `conflict`.")),
)]
#[post("/v1/actions/{action_id}/meetings")]
pub async fn create_action_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewActionMeeting>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_action_meeting", body.hash()).with_path(id.0);
    let mut meeting = body.into_inner();
    meeting.starts_at = meeting.starts_at.trunc_subsecs(6);
    meeting.ends_at = meeting.ends_at.trunc_subsecs(6);
    if meeting.ends_at <= meeting.starts_at {
        return Err(Problem::invalid("/ends_at", "date_order"));
    }
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let meeting = plan(conn, &actor, id.0, &meeting).await?;
        Ok(Reply::created(format!("/v1/actions/{}/meetings", meeting.action_id), &meeting)?
            .etag(etag_of(meeting.version)))
    })
    .await
}

/// Plans a meeting, as an officer of the agency.
pub async fn plan(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    action_id: Uuid,
    meeting: &NewActionMeeting,
) -> Result<ActionMeeting, Problem> {
    let action = queries::actions::hold(conn, actor.territory_id, action_id).await?;
    let action = action.ok_or_else(Problem::not_found)?;
    if !matches!(action.state, ActionState::Planned | ActionState::Running) {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Un'azione nello stato «{}» non si riunisce.", action.state),
            format!("An action in state '{}' does not meet.", action.state),
        ));
    }
    let meeting = queries::meetings::insert(conn, actor.territory_id, action.id, meeting, actor.id).await?;
    record_move(conn, actor, meeting.id, (None, ActionMeetingState::Planned), None).await?;
    Ok(meeting)
}
