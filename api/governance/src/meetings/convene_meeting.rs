use super::content::{ConveneMeeting, when_and_where};
use super::meeting::{AgendaItem, Meeting};
use super::queries::{self, Hold};
use super::writes::{self, Notice};
use super::{invitations, queries::hold};
use crate::bodies;
use crate::rules::notice::{check_notice, sending};
use crate::rules::states::{BodyKind, MEETING, MeetingState};
use crate::scope::require_run;
use crate::settings::{self, GovernanceSettings};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, new_id, now};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Convene a meeting
///
/// Sends the invitations of a body with agenda, date and place. Notice is counted in days of Italian calendars
/// (Europe/Rome), that of sending not counted: at least 5 for the committee and 10 for the assembly, or as many more as
/// the territory's terms ask; none for a working group. Invitations that went out by other means count from the day on
/// which they did (`sent_at`). Who is invited is frozen: the committee's seats with their
/// titular and substitute, all members of the network, or the group. The agency convenes; a working group also by its
/// referent.
#[utoipa::path(
    tag = "governance",
    params(("body_id" = Uuid, Path, description = "The body."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ConveneMeeting,
    responses((status = 201, description = "The meeting.", body = Meeting,
                headers(("Location" = String, description = "Address of the meeting."),
                        ("ETag" = String, description = "Version of the meeting."))),
              (status = 409, description = "The body has nobody to invite, or the committee no chair: `conflict`."),
              (status = 422, description = "The notice is too short (`notice_too_short`), or a field breaks a rule.")),
)]
#[post("/v1/bodies/{body_id}/meetings")]
pub async fn convene_meeting(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<ConveneMeeting>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "convene_meeting", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let meeting = convene(conn, &actor, id.0, &body).await?;
        Ok(Reply::created(format!("/v1/meetings/{}", meeting.summary.id), &meeting)?
            .etag(etag_of(meeting.version)))
    })
    .await
}

/// Convenes a body, as who runs it.
pub async fn convene(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    body_id: Uuid,
    body: &ConveneMeeting,
) -> Result<Meeting, Problem> {
    let held = bodies::hold(conn, actor.territory_id, body_id).await?.ok_or_else(Problem::not_found)?;
    let role = require_run(conn, actor, held.id, (held.kind, held.referent_id)).await?;
    let (starts_at, place, online_link) =
        when_and_where(body.starts_at, body.place.as_deref(), body.online_link.as_deref())?;
    let sent_at = sending(body.sent_at, now())?;
    let settings = settings::find(conn, actor.territory_id).await?.settings;
    let required_days = required_days(&settings, held.kind);
    check_notice(sent_at, (now(), starts_at), required_days)?;
    check_projects(conn, actor.territory_id, body).await?;
    let notice = Notice {
        number: 1,
        starts_at,
        place,
        online_link,
        reason: None,
        sent_at,
        sent_by: Some(actor.id),
        required_days,
    };
    let meeting_id = new_id();
    let whose = (actor.territory_id, held.id, meeting_id);
    writes::insert(conn, whose, body.duration_minutes, &notice, &agenda(body)).await?;
    let meeting = hold(conn, actor.territory_id, meeting_id, Hold::Update).await?;
    invitations::freeze(conn, actor.territory_id, &meeting.ok_or_else(Problem::not_found)?).await?;
    let made = (None, MeetingState::Convened.as_str());
    let agent = Agent::of(actor, role);
    record(conn, actor.territory_id, (MEETING.aggregate, meeting_id), made, agent, None).await?;
    let told = json!({"body_id": held.id, "starts_at": starts_at, "notice": 1});
    publish(conn, actor.territory_id, "meeting.convened", meeting_id, told).await?;
    queries::find(conn, actor.territory_id, meeting_id).await?.ok_or_else(Problem::not_found)
}

/// Days of notice that a body needs.
pub(super) fn required_days(settings: &GovernanceSettings, kind: BodyKind) -> i16 {
    match kind {
        BodyKind::Committee => settings.committee_notice_days,
        BodyKind::Assembly => settings.assembly_notice_days,
        BodyKind::WorkingGroup => 0,
    }
}

fn agenda(body: &ConveneMeeting) -> Vec<AgendaItem> {
    let item = |(item, position): (&super::content::NewAgendaItem, i16)| AgendaItem {
        position,
        title: item.title.trim().to_owned(),
        description: item.description.as_deref().map(|text| text.trim().to_owned()),
        project_id: item.project_id,
    };
    body.agenda.iter().zip(1..).map(item).collect()
}

/// Refuses projects that are not of the territory.
async fn check_projects(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    body: &ConveneMeeting,
) -> Result<(), Problem> {
    let named: Vec<Uuid> = body.agenda.iter().filter_map(|item| item.project_id).collect();
    if named.is_empty() {
        return Ok(());
    }
    let found = concilia_planning::find_projects(connection, territory_id, &named).await?;
    let known: HashSet<Uuid> = found.into_iter().map(|project| project.id).collect();
    let unknown = body.agenda.iter().enumerate().filter_map(|(at, item)| {
        let id = item.project_id.filter(|id| !known.contains(id))?;
        Some(FieldError::pointer(format!("/agenda/{at}/project_id"), "not_found").value(id.to_string()))
    });
    let errors: Vec<FieldError> = unknown.collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}
