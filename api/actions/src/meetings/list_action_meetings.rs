use super::ActionMeeting;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List the meetings of an action
///
/// Planned, held and cancelled ones, in the order of their start.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."), PageQuery),
    responses((status = 200, description = "A page of meetings.", body = Page<ActionMeeting>)),
)]
#[get("/v1/actions/{action_id}/meetings")]
pub async fn list_action_meetings(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<(DateTime<Utc>, Uuid)> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    queries::actions::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    let found = queries::meetings::list(&mut &**reader, actor.territory_id, id.0, after, limit).await?;
    Ok(HttpResponse::Ok().json(page(found, limit, |meeting| (meeting.starts_at, meeting.id))))
}
