use super::{Scorecard, Viewer, queries, with_names};
use crate::conflicts::notice_recusals;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use concilia_planning::find_project_call;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which scorecards to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListScorecards {
    /// Only the cards of this project.
    pub project_id: Option<Uuid>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the scorecards of a call
///
/// One's own cards at any time; the others' once the scoring is closed, without those of projects with which one is in
/// conflict of interest. The agency sees before then who has submitted what, without the points.
#[utoipa::path(
    tag = "evaluation",
    params(("project_call_id" = Uuid, Path, description = "The call."), ListScorecards),
    responses((status = 200, description = "A page of scorecards.", body = Page<Scorecard>)),
)]
#[get("/v1/project-calls/{project_call_id}/scorecards")]
pub async fn list_scorecards(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<ListScorecards>,
) -> Result<web::Json<Page<Scorecard>>, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let viewer = Viewer::of(&actor);
    let reader = db.reader().await?;
    let call = find_project_call(&mut &**reader, actor.territory_id, id.0).await?;
    let call = call.filter(|call| viewer.is_ats || call.published_at.is_some()).ok_or_else(Problem::not_found)?;
    notice_recusals(&db, actor.territory_id, call.id).await?;
    let rows = queries::list(&mut &**reader, viewer, call.id, query.project_id, after, limit).await?;
    let found = page(rows, limit, |row| row.id);
    let items = with_names(&mut &**reader, viewer, found.items).await?;
    Ok(web::Json(Page { items, next: found.next }))
}
