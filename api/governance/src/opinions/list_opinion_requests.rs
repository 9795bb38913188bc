use super::request::OpinionRequest;
use super::{queries, require_reader};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the requests for an opinion
///
/// Last first, for the agency, the committee and officers of the network's members.
#[utoipa::path(
    tag = "governance",
    params(PageQuery),
    responses((status = 200, description = "A page of requests.", body = Page<OpinionRequest>),
              (status = 404, description = "There is no such page, or the caller's organisations are not members.")),
)]
#[get("/v1/opinion-requests")]
pub async fn list_opinion_requests(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<OpinionRequest>>, Problem> {
    let limit = query.limit();
    let before = query.after()?;
    let reader = db.reader().await?;
    require_reader(&mut &**reader, &actor).await?;
    let found = queries::list(&mut &**reader, actor.territory_id, before, limit).await?;
    Ok(web::Json(page(found, limit, |request| request.id)))
}
