use super::queries;
use super::request::OpinionRequest;
use crate::meetings::{self, Hold};
use crate::rules::opinion::in_time;
use crate::rules::states::{BodyKind, MeetingState, OPINION, OpinionState};
use crate::settings;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::Text;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What the assembly answered.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "meeting_id": "0193a5d0-4444-7000-8000-000000000010", "opinion": "La Conferenza esprime parere favorevole."
}))]
pub struct AnswerOpinionRequest {
    /// The assembly that answered: held, and for which the request was filed in time.
    pub meeting_id: Uuid,
    /// Its opinion, of one or more lines.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub opinion: String,
}

/// Record the assembly's opinion
///
/// On a filed request, by the agency, once the assembly was held.
#[utoipa::path(
    tag = "governance",
    params(("opinion_request_id" = Uuid, Path, description = "The request."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = AnswerOpinionRequest,
    responses((status = 200, description = "The answered request.", body = OpinionRequest,
                headers(("ETag" = String, description = "Version of the request."))),
              (status = 409, description = "The request is not filed, or answered: `transition_not_allowed`."),
              (status = 422, description = "The meeting is no assembly that was held, or the request was filed too late \
                                            for it.")),
)]
#[post("/v1/opinion-requests/{opinion_request_id}/answer")]
pub async fn answer_opinion_request(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<AnswerOpinionRequest>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "answer_opinion_request", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let held = queries::hold(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        OPINION.check(held.state, OpinionState::Answered)?;
        let meeting = meetings::hold(conn, territory_id, body.meeting_id, Hold::Share).await?;
        let meeting = meeting.filter(|m| m.body_kind == BodyKind::Assembly && m.state == MeetingState::Held);
        let meeting = meeting.ok_or_else(|| Problem::invalid("/meeting_id", "not_found"))?;
        let days = settings::find(conn, territory_id).await?.settings.opinion_notice_days;
        if !held.filed_at.is_some_and(|filed| in_time(filed, meeting.starts_at, days)) {
            let text = Text::new(
                format!("la richiesta non è stata depositata almeno {days} giorni prima della riunione"),
                format!("the request was not filed at least {days} days before the meeting"),
            );
            let error = FieldError::pointer("/meeting_id", "range").explain(&text);
            return Err(Problem::new(Code::ValidationFailed).with_error(error));
        }
        queries::answer(conn, (territory_id, id.0), meeting.id, body.opinion.trim()).await?;
        let moved = (Some(held.state.as_str()), OpinionState::Answered.as_str());
        let agent = Agent::of(&actor, Role::Ats);
        record(conn, territory_id, (OPINION.aggregate, id.0), moved, agent, None).await?;
        let told = json!({"meeting_id": meeting.id});
        publish(conn, territory_id, "opinion_request.answered", id.0, told).await?;
        let answered = queries::find(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(&answered)?.etag(etag_of(answered.version)))
    })
    .await
}
