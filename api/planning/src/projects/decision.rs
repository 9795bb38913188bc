use super::check_project::{require_mandates, require_public_partner};
use super::detail::load_detail;
use super::moves::move_project;
use super::visibility::hold_visible;
use crate::rules::project_state::{PROJECT, ProjectState};
use crate::schema::integration_requests;
use concilia_kernel::extract::etag_of;
use concilia_kernel::idempotency::Reply;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Problem, Role, checks, now};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a project is moved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Il partner pubblico richiesto dall'avviso non ha firmato il mandato"}))]
pub struct ProjectReason {
    /// The reason, kept in the project's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// The agency's decision on a project that was submitted.
pub(super) async fn decide(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    to: ProjectState,
    reason: Option<&str>,
) -> Result<Reply, Problem> {
    let project = hold_visible(conn, actor, project_id).await?;
    PROJECT.check(project.state, to)?;
    if project.state == ProjectState::IntegrationRequested {
        require_overdue(conn, actor.territory_id, project_id).await?;
    }
    if to == ProjectState::Admissible {
        let parts = load_detail(conn, actor.territory_id, project_id).await?.parts;
        require_mandates(&parts)?;
        require_public_partner(&parts)?;
    }
    let agent = Agent::of(actor, Role::Ats);
    move_project(conn, actor.territory_id, project_id, (project.state, to), agent, reason).await?;
    let detail = load_detail(conn, actor.territory_id, project_id).await?;
    Ok(Reply::ok(&detail)?.etag(etag_of(detail.version)))
}

/// An alliance that was given time has it.
async fn require_overdue(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> Result<(), Problem> {
    let in_time = integration_requests::table
        .filter(integration_requests::territory_id.eq(territory_id))
        .filter(integration_requests::project_id.eq(project_id))
        .filter(integration_requests::answered_at.is_null())
        .filter(integration_requests::due_at.gt(now()));
    if diesel::select(exists(in_time)).get_result(conn).await? {
        return Err(Problem::new(Code::Conflict).explain(
            "L'alleanza ha ancora tempo per presentare le integrazioni richieste.",
            "The alliance still has time to submit the integrations asked for.",
        ));
    }
    Ok(())
}
