use super::Action;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get an action
///
/// What the action does, its money, and whom it expects to reach.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The action.", body = Action,
        headers(("ETag" = String, description = "Version of the action.")))),
)]
#[get("/v1/actions/{action_id}")]
pub async fn get_action(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let action = queries::actions::find(&mut &**reader, actor.territory_id, id.0).await?;
    let action = action.ok_or_else(Problem::not_found)?;
    answer(&held, &etag_of(action.version), &action)
}
