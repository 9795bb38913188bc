use crate::grant::{ProjectGrant, hold_grant, load_view};
use crate::stance::require_lead;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use concilia_planning::{ProjectState, move_project};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Start a project
///
/// By an officer of the lead, once the agreement is signed. From now on the project reports expenses, and may open
/// stores and voucher calls.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The grant of the project, which is `running`.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "The project is not `signed`: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/start")]
pub async fn start_project(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "start_project", [0; 32]).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        start(conn, &actor, *project_id).await?;
        let view = load_view(conn, actor.territory_id, *project_id).await?;
        Ok(Reply::ok(&view)?.etag(etag_of(view.version)))
    })
    .await
}

/// Starts a project, as an officer of its lead.
pub async fn start(conn: &mut AsyncPgConnection, actor: &Actor, project_id: Uuid) -> Result<(), Problem> {
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    let author = require_lead(actor, &held.project)?;
    let moved = (ProjectState::Signed, ProjectState::Running);
    move_project(conn, actor.territory_id, held.project.id, moved, author.agent(), None).await?;
    Ok(())
}
