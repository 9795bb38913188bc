use super::reason::act;
use super::{ProjectCall, ProjectCallState};
use crate::rules::project_state::ProjectState;
use crate::schema::projects;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Archive a project call
///
/// Puts away an awarded call, on which nothing more will happen: each of its projects is closed, declined or revoked, or
/// never got a grant.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The archived call.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not awarded (`transition_not_allowed`), or one of its projects \
                  is not over (`conflict`).")),
)]
#[post("/v1/project-calls/{project_call_id}/archive")]
pub async fn archive_project_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "archive_project_call", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let archived = act(conn, &actor, id.0, ProjectCallState::Archived, None).await?;
        require_over(conn, actor.territory_id, id.0).await?;
        Ok(archived)
    })
    .await
}

/// Grants are given before a call can be archived, so no project comes under way behind this.
async fn require_over(conn: &mut AsyncPgConnection, territory_id: Uuid, call_id: Uuid) -> Result<(), Problem> {
    use ProjectState::{Accepted, Funded, Running, Settled, Signed, Variation};
    let under_way = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::project_call_id.eq(call_id))
        .filter(projects::state.eq_any([Funded, Accepted, Signed, Running, Variation, Settled]))
        .order(projects::reference)
        .select(projects::reference);
    let under_way: Vec<String> = under_way.load(conn).await?;
    if under_way.is_empty() {
        return Ok(());
    }
    let references = under_way.join(", ");
    Err(Problem::new(Code::Conflict).explain(
        format!("Non sono conclusi i progetti {references}."),
        format!("Projects {references} are not over."),
    ))
}
