use super::check_project::require_passing;
use super::detail::{ProjectDetail, load_detail};
use super::moves::move_project;
use super::summary::{ProjectSummary, find_project, hold_project};
use super::versions::{VersionReason, record_version};
use super::visibility::{require_lead, require_visible, wrong_state};
use crate::plans::share_plan;
use crate::project_calls::{ProjectCall, ProjectCallState, share_project_call};
use crate::rules::check::CallTerms;
use crate::rules::project_state::ProjectState;
use crate::schema::{integration_requests, projects};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use concilia_kernel::clock::italian_time;
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, OptionalJson, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role, checks};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Timestamptz;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What goes with a submission.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "Aggiunta la lettera d'intenti del Comune e corretto il calendario."}))]
pub struct SubmitProject {
    /// The answer to the integrations asked for: given with it, and only with it.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub answer: Option<String>,
}

/// Submit a project
///
/// Proposes a draft to its call, while the call is open; or gives back, with an answer, a project of which integrations
/// were asked, until they are due, whether or not the call is still open. Every rule of `check_project` must be
/// respected. What counts is the instant at which the submission is taken up, after those that wait before it. The
/// project is kept as it stands as a new version.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Option<SubmitProject>,
    responses((status = 200, description = "The submitted project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The call takes no projects now (`call_not_open`), the integrations were due \
                  earlier (`conflict`), or the project is not in a state to be submitted (`transition_not_allowed`).")),
)]
#[post("/v1/projects/{project_id}/submit")]
pub async fn submit_project(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: OptionalJson<SubmitProject>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "submit_project", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        require_visible(conn, &actor, id.0).await?;
        let seen: ProjectSummary =
            find_project(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        require_lead(&actor, &seen)?;
        let call = hold_call(conn, &seen).await?;
        // Its years stay as they are until the project is submitted.
        let plan = share_plan(conn, actor.territory_id, call.plan_id).await?.ok_or_else(Problem::not_found)?;
        // Read once the call is held: whoever closes it comes before or after this submission, never during it.
        let instant = database_instant(conn).await?;
        let project = hold_project(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        require_unsubmitted(&project)?;
        let answer = body.value().and_then(|body| body.answer.as_deref());
        let reason = if project.state == ProjectState::IntegrationRequested {
            require_answerable(&call, &project)?;
            answer_integration(conn, &project, answer, instant).await?;
            VersionReason::Integrated
        } else {
            call.require_open(instant)?;
            require_no_answer(answer)?;
            VersionReason::Submitted
        };
        let detail = load_detail(conn, actor.territory_id, project.id).await?;
        require_passing(&detail.parts, &CallTerms::of(&call, &plan))?;
        mark_submitted(conn, &project, instant).await?;
        let step = (project.state, ProjectState::Submitted);
        let agent = Agent::of(&actor, Role::AllianceLead);
        move_project(conn, actor.territory_id, project.id, step, agent, None).await?;
        record_version(conn, actor.territory_id, &detail, reason, Some(actor.id)).await?;
        let detail = load_detail(conn, actor.territory_id, project.id).await?;
        Ok(Reply::ok(&detail)?.etag(etag_of(detail.version)))
    })
    .await
}

/// Its alliance submits what it may rewrite. One that was found admissible becomes submitted again by a merger only.
fn require_unsubmitted(project: &ProjectSummary) -> Result<(), Problem> {
    if project.state.is_editable() {
        return Ok(());
    }
    Err(wrong_state(
        project,
        "Un progetto nello stato «{}» non si presenta.",
        "A project in state '{}' is not submitted.",
    ))
}

async fn hold_call(conn: &mut AsyncPgConnection, project: &ProjectSummary) -> Result<ProjectCall, Problem> {
    let Some(call_id) = project.project_call_id else {
        return Err(wrong_state(
            project,
            "Un progetto senza avviso, nello stato «{}», non si presenta.",
            "A project without a call, in state '{}', is not submitted.",
        ));
    };
    share_project_call(conn, project.territory_id, call_id).await?.ok_or_else(Problem::not_found)
}

async fn database_instant(conn: &mut AsyncPgConnection) -> QueryResult<DateTime<Utc>> {
    #[derive(QueryableByName)]
    struct Clock {
        #[diesel(sql_type = Timestamptz)]
        instant: DateTime<Utc>,
    }
    let clock: Clock = cached(sql_query("SELECT clock_timestamp() AS instant")).get_result(conn).await?;
    Ok(clock.instant)
}

/// Integrations are answered until the call's money is given or the call is given up.
fn require_answerable(call: &ProjectCall, project: &ProjectSummary) -> Result<(), Problem> {
    use ProjectCallState::{Closed, Evaluating, Open};
    if matches!(call.state, Open | Closed | Evaluating) {
        return Ok(());
    }
    Err(Problem::new(Code::CallNotOpen).explain(
        format!("L'avviso, nello stato «{}», non accoglie più integrazioni di {}.", call.state, project.reference),
        format!("The call, in state '{}', takes no more integrations of {}.", call.state, project.reference),
    ))
}

fn require_no_answer(answer: Option<&str>) -> Result<(), Problem> {
    if answer.is_none() {
        return Ok(());
    }
    let text = Text::new("non sono state chieste integrazioni", "no integrations were asked for");
    Err(Problem::new(Code::ValidationFailed)
        .with_error(FieldError::pointer("/answer", "no_integration_requested").explain(&text)))
}

async fn answer_integration(
    conn: &mut AsyncPgConnection,
    project: &ProjectSummary,
    answer: Option<&str>,
    instant: DateTime<Utc>,
) -> Result<(), Problem> {
    let answer = answer.ok_or_else(|| Problem::invalid("/answer", "required"))?;
    let open: (Uuid, DateTime<Utc>) = integration_requests::table
        .filter(integration_requests::territory_id.eq(project.territory_id))
        .filter(integration_requests::project_id.eq(project.id))
        .filter(integration_requests::answered_at.is_null())
        .select((integration_requests::id, integration_requests::due_at))
        .get_result(conn)
        .await?;
    let (request_id, due_at) = open;
    if instant >= due_at {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Le integrazioni andavano presentate prima del {}.", italian_time(due_at)),
            format!("The integrations were due before {due_at:?}."),
        ));
    }
    let answered = diesel::update(integration_requests::table)
        .filter(integration_requests::territory_id.eq(project.territory_id))
        .filter(integration_requests::id.eq(request_id))
        .set((integration_requests::answer.eq(answer), integration_requests::answered_at.eq(instant)));
    cached(answered).execute(conn).await?;
    Ok(())
}

/// The first submission is the one that counts.
async fn mark_submitted(
    conn: &mut AsyncPgConnection,
    project: &ProjectSummary,
    instant: DateTime<Utc>,
) -> QueryResult<()> {
    if project.submitted_at.is_some() {
        return Ok(());
    }
    let marked = diesel::update(projects::table)
        .filter(projects::territory_id.eq(project.territory_id))
        .filter(projects::id.eq(project.id))
        .set(projects::submitted_at.eq(instant));
    cached(marked).execute(conn).await?;
    Ok(())
}
