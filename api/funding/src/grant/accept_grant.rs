use super::view::{ProjectGrant, load_view};
use crate::schema::grants;
use crate::stance::{Author, require_lead};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use concilia_planning::{ProjectState, ProjectSummary, find_project_call, hold_project, move_project};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Accept a grant
///
/// By an officer of the lead, of a project to which the approved allocation assigned a grant. The project becomes
/// `accepted`; its executive budget is recorded next (`record_executive_budget`), fitted to what was assigned.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The grant.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "The project has no grant to accept: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/grant/accept")]
pub async fn accept_grant(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "accept_grant", [0; 32]).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let project = hold_project(conn, actor.territory_id, *project_id).await?.ok_or_else(Problem::not_found)?;
        let author = require_lead(&actor, &project)?;
        accept(conn, actor.territory_id, &project, author).await?;
        let view = load_view(conn, actor.territory_id, *project_id).await?;
        Ok(Reply::ok(&view)?.etag(etag_of(view.version)))
    })
    .await
}

/// Opens the file of a grant that the lead accepts. The transaction holds the project.
pub(crate) async fn accept(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project: &ProjectSummary,
    author: Author,
) -> Result<(), Problem> {
    let accepted = (ProjectState::Funded, ProjectState::Accepted);
    move_project(conn, territory_id, project.id, accepted, author.agent(), None).await?;
    let no_award =
        || Problem::new(Code::Conflict).explain("Nessun contributo assegnato.", "No grant was assigned.");
    let award = concilia_allocation::award_of(conn, territory_id, project.id).await?.ok_or_else(no_award)?;
    let call_id = project.project_call_id.ok_or_else(no_award)?;
    let call = find_project_call(conn, territory_id, call_id).await?.ok_or_else(Problem::not_found)?;
    diesel::insert_into(grants::table)
        .values((
            grants::project_id.eq(project.id),
            grants::territory_id.eq(territory_id),
            grants::assigned.eq(award.assigned),
            grants::coordination_limit.eq(call.coordination_limit),
            grants::cofinancing_minimum.eq(call.cofinancing_minimum),
            grants::shift_threshold.eq(call.shift_threshold),
            grants::accepted_by.eq(author.id),
            grants::accepted_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
