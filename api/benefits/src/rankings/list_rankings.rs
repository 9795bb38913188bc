use super::Ranking;
use crate::queries;
use crate::visibility::Viewer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer_page;
use concilia_kernel::extract::{IfNoneMatch, Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List the rankings of a voucher call
///
/// Its runs, last first. Open to all once final; officers of the lead and of the agency see every run.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The call."), PageQuery,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of rankings.", body = Page<Ranking>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/voucher-calls/{voucher_call_id}/rankings")]
pub async fn list_rankings(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<i32> = query.after()?;
    let limit = query.limit();
    let viewer = Viewer::of(actor.as_ref());
    let reader = db.reader().await?;
    let (mut calls, mut runs) = (&**reader, &**reader);
    let (call, rankings) = futures_util::try_join!(
        queries::voucher_calls::find(&mut calls, &viewer, id.0),
        queries::rankings::list(&mut runs, &viewer, id.0, after, limit),
    )?;
    call.ok_or_else(Problem::not_found)?;
    answer_page(&held, &page(rankings, limit, |ranking| ranking.number))
}
