use super::CompanyPath;
use crate::queries;
use crate::reason::Reason;
use crate::rules::states::{COMPANY_PATH, CompanyPathState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Close a company path
///
/// No more companies join, with a reason; those on their way go on.
#[utoipa::path(
    tag = "actions",
    params(("company_path_id" = Uuid, Path, description = "The path."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The closed path.", body = CompanyPath),
              (status = 409, description = "It is closed already: `transition_not_allowed`.")),
)]
#[post("/v1/company-paths/{company_path_id}/close")]
pub async fn close_company_path(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_company_path", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let path = queries::company_paths::hold(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        let (from, to) = (path.state, CompanyPathState::Closed);
        COMPANY_PATH.check(from, to)?;
        let path = queries::company_paths::close(conn, territory_id, id.0).await?;
        let moved = (Some(from.as_str()), to.as_str());
        let agent = Agent::of(&actor, Role::Ats);
        record(conn, territory_id, (COMPANY_PATH.aggregate, id.0), moved, agent, Some(&body.reason)).await?;
        Reply::ok(&path)
    })
    .await
}
