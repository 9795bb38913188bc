use super::conflicts::{About, Voter, write_down};
use super::motion::Motion;
use super::queries::{self, NewMotion};
use crate::meetings::{self, Hold, require_begun, require_quorum};
use crate::rules::states::{MOTION, MotionState};
use crate::scope::require_run;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Problem, new_id, now};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What to put to the vote.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"agenda_item": 1, "text": "Ammissione del progetto 2.5", "project_id": null}))]
pub struct CreateMotion {
    /// The item of the meeting's agenda.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    #[validate(range(min = 1, max = 50))]
    pub agenda_item: i16,
    /// What is put to the vote, of one or more lines.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub text: String,
    /// The project it is about; that of the item unless told, and no other than the item's.
    #[serde(default)]
    pub project_id: Option<Uuid>,
}

/// Most motions of a meeting.
const MOST: i64 = 200;

/// Put a motion to the vote
///
/// At a meeting of the committee that is in session and has its quorum. Of a motion about a project, the system finds at
/// once who has a conflict of interest: a seat of an organisation that leads or joins it, a person with a role for one, or
/// who works for one. They are recused: they cannot vote, and do not count as present for it.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateMotion,
    responses((status = 201, description = "The open motion.", body = Motion,
                headers(("Location" = String, description = "Address of the motion."),
                        ("ETag" = String, description = "Version of the motion."))),
              (status = 409, description = "The meeting has not begun or is over (`meeting_not_in_session`), there is no quorum \
                                            (`no_quorum`), or the body does not vote or has voted 200 times (`conflict`).")),
)]
#[post("/v1/meetings/{meeting_id}/motions")]
pub async fn create_motion(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CreateMotion>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_motion", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let motion = open(conn, &actor, id.0, &body).await?;
        Ok(Reply::created(format!("/v1/motions/{}", motion.id), &motion)?.etag(etag_of(motion.version)))
    })
    .await
}

/// Puts a motion to the vote, as who runs the body.
pub async fn open(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    meeting_id: Uuid,
    body: &CreateMotion,
) -> Result<Motion, Problem> {
    let territory_id = actor.territory_id;
    let meeting = meetings::hold(conn, territory_id, meeting_id, Hold::Share).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let role = require_run(conn, actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
    require_begun(&meeting, now())?;
    require_quorum(conn, territory_id, &meeting).await?;
    if queries::count(conn, territory_id, meeting.id).await?.all >= MOST {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Una riunione ha al massimo {MOST} votazioni."),
            format!("A meeting has at most {MOST} motions."),
        ));
    }
    let agenda = meetings::agenda_of(conn, territory_id, meeting.id).await?;
    let item = agenda.into_iter().find(|item| item.position == body.agenda_item);
    let item = item.ok_or_else(|| Problem::invalid("/agenda_item", "not_found"))?;
    let project_id = match (item.project_id, body.project_id) {
        (Some(of_item), Some(named)) if of_item != named => {
            return Err(Problem::invalid("/project_id", "not_applicable"));
        }
        (of_item, named) => of_item.or(named),
    };
    if let Some(project) = project_id
        && concilia_planning::find_project(conn, territory_id, project).await?.is_none()
    {
        return Err(Problem::invalid("/project_id", "not_found"));
    }
    let motion_id = new_id();
    let motion = NewMotion {
        id: motion_id,
        territory_id,
        meeting_id: meeting.id,
        agenda_item: item.position,
        text: body.text.trim(),
        project_id,
        opened_by: actor.id,
    };
    queries::insert(conn, motion).await?;
    if let Some(project_id) = project_id {
        let invited = meetings::invitations_of(conn, territory_id, meeting.id, meeting.notice).await?;
        let about = About { territory_id, meeting_id: meeting.id, motion_id, project_id };
        write_down(conn, about, &Voter::all(&invited)).await?;
    }
    let (made, agent) = ((None, MotionState::Open.as_str()), Agent::of(actor, role));
    record(conn, territory_id, (MOTION.aggregate, motion_id), made, agent, None).await?;
    publish(conn, territory_id, "motion.opened", motion_id, json!({"meeting_id": meeting.id})).await?;
    queries::find(conn, territory_id, motion_id).await?.ok_or_else(Problem::not_found)
}
