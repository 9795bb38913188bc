use super::detail::{ProjectDetail, load_detail};
use super::moves::move_project;
use super::visibility::hold_visible;
use crate::rules::project_state::ProjectState;
use crate::schema::integration_requests;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, SubsecRound, Utc};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Problem, Role, checks, new_id, now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What is asked of an alliance, and until when.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "request": "Indicare i mesi di ogni attività e allegare l'accordo con il Comune.", "due_at": "2099-06-15T10:00:00Z"
}))]
pub struct RequestProjectIntegration {
    /// What is asked.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub request: String,
    /// Until when the alliance may change the project and submit it again.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub due_at: DateTime<Utc>,
}

/// Ask for integrations of a project
///
/// Gives a submitted project back to its alliance, which may change it and submit it again until the integrations are
/// due, even after the call has closed. An act of the agency.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RequestProjectIntegration,
    responses((status = 200, description = "The project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project is not submitted: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/request-integration")]
pub async fn request_project_integration(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<RequestProjectIntegration>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "request_project_integration", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let project = hold_visible(conn, &actor, id.0).await?;
        let (asked_at, due_at) = (now(), body.due_at.trunc_subsecs(6));
        if due_at <= asked_at {
            return Err(Problem::invalid("/due_at", "in_past"));
        }
        let step = (ProjectState::Submitted, ProjectState::IntegrationRequested);
        let agent = Agent::of(&actor, Role::Ats);
        move_project(conn, actor.territory_id, project.id, step, agent, None).await?;
        diesel::insert_into(integration_requests::table)
            .values((
                integration_requests::id.eq(new_id()),
                integration_requests::territory_id.eq(actor.territory_id),
                integration_requests::project_id.eq(project.id),
                integration_requests::request.eq(body.request.trim()),
                integration_requests::due_at.eq(due_at),
                integration_requests::requested_by.eq(actor.id),
                integration_requests::requested_at.eq(asked_at),
            ))
            .execute(conn)
            .await?;
        let detail = load_detail(conn, actor.territory_id, project.id).await?;
        Ok(Reply::ok(&detail)?.etag(etag_of(detail.version)))
    })
    .await
}
