use crate::input::Reason;
use crate::stance::require_lead;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use concilia_planning::{ProjectState, hold_project, move_project};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A grant that the lead gave up.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeclinedGrant {
    /// The project.
    pub project_id: Uuid,
    /// State of the project: `declined`.
    pub state: ProjectState,
}

/// Decline a grant
///
/// By an officer of the lead, with the reason, before the grant is accepted. The project ends as `declined`.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The project, declined.", body = DeclinedGrant),
              (status = 409, description = "The project has no grant to decline: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/grant/decline")]
pub async fn decline_grant(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "decline_grant", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let project = hold_project(conn, actor.territory_id, *project_id).await?.ok_or_else(Problem::not_found)?;
        let author = require_lead(&actor, &project)?;
        let declined = (ProjectState::Funded, ProjectState::Declined);
        let project =
            move_project(conn, actor.territory_id, project.id, declined, author.agent(), Some(&body.reason))
                .await?;
        Reply::ok(&DeclinedGrant { project_id: project.id, state: project.state })
    })
    .await
}
