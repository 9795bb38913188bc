use super::{ActionMeeting, record_move};
use crate::queries;
use crate::rules::states::{ACTION_MEETING, ActionMeetingState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, checks, now};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Who took part in a meeting, and what came of it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "people": 14, "organisation_ids": ["0193a5d0-6001-7000-8000-000000000003"],
    "notes": "Condiviso il calendario dei seminari."
}))]
pub struct HeldActionMeeting {
    /// How many people took part.
    #[schema(format = Int32, minimum = 1, maximum = 100_000)]
    #[validate(range(min = 1, max = 100_000))]
    pub people: i32,
    /// Organisations that took part, each once.
    #[serde(default)]
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 0, max_items = 500)]
    #[validate(length(max = 500), custom(function = "distinct_organisations"))]
    pub organisation_ids: Vec<Uuid>,
    /// What was said and decided.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub notes: Option<String>,
}

fn distinct_organisations(ids: &[Uuid]) -> Result<(), ValidationError> {
    checks::distinct(ids)
}

/// Record that a meeting was held
///
/// From its start on: who took part, and what came of it.
#[utoipa::path(
    tag = "actions",
    params(("action_meeting_id" = Uuid, Path, description = "The meeting."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = HeldActionMeeting,
    responses((status = 200, description = "The meeting.", body = ActionMeeting,
                headers(("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "It has not begun (`conflict`), or was held or cancelled already \
                                            (`transition_not_allowed`).")),
)]
#[post("/v1/action-meetings/{action_meeting_id}/hold")]
pub async fn hold_action_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<HeldActionMeeting>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "hold_action_meeting", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let meeting = hold(conn, &actor, id.0, &body).await?;
        Ok(Reply::ok(&meeting)?.etag(etag_of(meeting.version)))
    })
    .await
}

/// Records that a meeting was held, as an officer of the agency.
pub async fn hold(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    body: &HeldActionMeeting,
) -> Result<ActionMeeting, Problem> {
    let territory_id = actor.territory_id;
    let meeting = queries::meetings::hold(conn, territory_id, id).await?.ok_or_else(Problem::not_found)?;
    let (from, to) = (meeting.state, ActionMeetingState::Held);
    ACTION_MEETING.check(from, to)?;
    if meeting.starts_at > now() {
        return Err(Problem::new(Code::Conflict)
            .explain("La riunione non è ancora iniziata.", "The meeting has not begun yet."));
    }
    let known = concilia_network::existing_organisations(conn, territory_id, &body.organisation_ids).await?;
    let unknown = body.organisation_ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let errors: Vec<_> = unknown
        .map(|(at, id)| FieldError::pointer(format!("/organisation_ids/{at}"), "not_found").value(id.to_string()))
        .collect();
    if !errors.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
    }
    let meeting = queries::meetings::set_held(conn, territory_id, id, body).await?;
    record_move(conn, actor, id, (Some(from), to), None).await?;
    Ok(meeting)
}
