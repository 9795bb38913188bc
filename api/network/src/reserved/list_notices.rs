use super::access::readable;
use super::notices::{self, Notice};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the notices of the reserved area
///
/// Last first. Officers of the network's members see what is for members; the committee and the agency see all.
#[utoipa::path(
    tag = "network",
    params(PageQuery),
    responses((status = 200, description = "A page of notices.", body = Page<Notice>),
              (status = 404, description = "There is no such page, or the caller's organisations are not members.")),
)]
#[get("/v1/notices")]
pub async fn list_notices(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<Notice>>, Problem> {
    let limit = query.limit();
    let before = query.after()?;
    let reader = db.reader().await?;
    let audiences = readable(&mut &**reader, &actor).await?;
    let found = notices::list(&mut &**reader, actor.territory_id, &audiences, before, limit).await?;
    Ok(web::Json(page(found, limit, |notice| notice.id)))
}
