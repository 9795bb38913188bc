use super::queries;
use super::view::MinutesSummary;
use crate::meetings::find_in_scope;
use crate::scope::Scope;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List the minutes of a meeting
///
/// Its versions, last first.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting."), PageQuery),
    responses((status = 200, description = "A page of versions.", body = Page<MinutesSummary>)),
)]
#[get("/v1/meetings/{meeting_id}/minutes")]
pub async fn list_minutes(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<MinutesSummary>>, Problem> {
    let limit = query.limit();
    let before = query.after()?;
    let reader = db.reader().await?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    find_in_scope(&mut &**reader, &scope, id.0).await?.ok_or_else(Problem::not_found)?;
    let found = queries::list(&mut &**reader, actor.territory_id, id.0, before, limit).await?;
    Ok(web::Json(page(found, limit, |minutes| minutes.number)))
}
