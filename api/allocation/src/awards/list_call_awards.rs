use super::CallAward;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::conditional::answer_page;
use concilia_kernel::extract::{IfNoneMatch, Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};
use concilia_planning::find_published_project_call;
use uuid::Uuid;

/// List the awards of a project call
///
/// Who got how much, by which act, from the best score; open to all once the call is awarded, and empty before that.
#[utoipa::path(
    tag = "allocation",
    params(("project_call_id" = Uuid, Path, description = "The call."), PageQuery,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of awards.", body = Page<CallAward>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/project-calls/{project_call_id}/awards")]
pub async fn list_call_awards(
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<i32> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let (mut calls, mut awards) = (&**reader, &**reader);
    let (call, awards) = futures_util::try_join!(
        find_published_project_call(&mut calls, id.0),
        queries::awards::list(&mut awards, id.0, after, limit),
    )?;
    call.ok_or_else(Problem::not_found)?;
    answer_page(&held, &page(awards, limit, |award| award.position))
}
