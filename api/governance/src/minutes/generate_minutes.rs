use super::content::gather;
use super::queries;
use super::view::Minutes;
use crate::meetings::{self, Hold};
use crate::rules::states::{MINUTES, MeetingState, MinutesState};
use crate::scope::require_run;
use crate::settings;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::Duration;
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Problem, new_id, now};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What the secretary writes of a meeting.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"texts": [{"position": 1, "text": "Il presidente illustra i progetti pervenuti."}]}))]
pub struct GenerateMinutes {
    /// What was said, by item of the agenda, each once.
    #[schema(min_items = 0, max_items = 50)]
    #[validate(length(max = 50), nested)]
    pub texts: Vec<ItemText>,
}

/// What was said on an item of the agenda.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemText {
    /// The item.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    #[validate(range(min = 1, max = 50))]
    pub position: i16,
    /// What was said, of one or more lines.
    #[schema(
        min_length = 1,
        max_length = 20000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 20000), custom(function = "checks::text"))]
    pub text: String,
}

/// Make the minutes of a meeting
///
/// Of a meeting that is over: who was invited and there, the agenda, what was decided with its counts, and what is written
/// here of each item. They are sent to those who were there, who may answer within the days of the territory's terms. Made
/// again, they are a new version that supersedes the last, as long as it is not validated; its answers stay with it.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = GenerateMinutes,
    responses((status = 201, description = "The minutes.", body = Minutes,
                headers(("Location" = String, description = "Address of the minutes."),
                        ("ETag" = String, description = "Version of the minutes."))),
              (status = 409, description = "The meeting is not over (`conflict`), or its minutes are validated \
                                            (`transition_not_allowed`).")),
)]
#[post("/v1/meetings/{meeting_id}/minutes")]
pub async fn generate_minutes(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<GenerateMinutes>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "generate_minutes", body.hash()).with_path(id.0);
    texts_of(&body)?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let minutes = generate(conn, &actor, id.0, &body).await?;
        let location = format!("/v1/minutes/{}", minutes.summary.id);
        Ok(Reply::created(location, &minutes)?.etag(etag_of(minutes.summary.version)))
    })
    .await
}

/// The texts by item; refuses two of one item.
fn texts_of(body: &GenerateMinutes) -> Result<HashMap<i16, String>, Problem> {
    let mut texts = HashMap::new();
    for (at, item) in body.texts.iter().enumerate() {
        if texts.insert(item.position, item.text.trim().to_owned()).is_some() {
            return Err(Problem::invalid(format!("/texts/{at}/position"), "duplicate"));
        }
    }
    Ok(texts)
}

/// Makes the minutes of a meeting that was held, as who runs the body.
pub async fn generate(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    meeting_id: Uuid,
    body: &GenerateMinutes,
) -> Result<Minutes, Problem> {
    let texts = texts_of(body)?;
    let territory_id = actor.territory_id;
    let meeting = meetings::hold(conn, territory_id, meeting_id, Hold::Update).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let role = require_run(conn, actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
    if meeting.state != MeetingState::Held {
        return Err(Problem::new(Code::Conflict)
            .explain("Il verbale si fa a riunione chiusa.", "Minutes are made once the meeting is closed."));
    }
    let last = queries::list(conn, territory_id, meeting.id, None, 1).await?.into_iter().next();
    let agent = Agent::of(actor, role);
    if let Some(last) = &last {
        MINUTES.check(last.state, MinutesState::Superseded)?;
        queries::supersede(conn, territory_id, last.id).await?;
        let moved = (Some(last.state.as_str()), MinutesState::Superseded.as_str());
        record(conn, territory_id, (MINUTES.aggregate, last.id), moved, agent, None).await?;
    }
    let content = gather(conn, territory_id, &meeting, texts).await?;
    let positions: Vec<i16> = content.items.iter().map(|item| item.item.position).collect();
    if let Some(at) = body.texts.iter().position(|item| !positions.contains(&item.position)) {
        return Err(Problem::invalid(format!("/texts/{at}/position"), "not_found"));
    }
    let days = settings::find(conn, territory_id).await?.settings.minutes_days;
    let (minutes_id, due_at) = (new_id(), now() + Duration::days(days.into()));
    let number = last.map_or(1, |last| last.number + 1);
    let whose = (territory_id, meeting.id, minutes_id);
    queries::insert(conn, whose, number, &content, (due_at, actor.id)).await?;
    let made = (None, MinutesState::Sent.as_str());
    record(conn, territory_id, (MINUTES.aggregate, minutes_id), made, agent, None).await?;
    let told = json!({"meeting_id": meeting.id, "number": number, "due_at": due_at});
    publish(conn, territory_id, "minutes.sent", minutes_id, told).await?;
    queries::find(conn, territory_id, minutes_id).await?.ok_or_else(Problem::not_found)
}
