use super::access::readable;
use super::documents::{self, NetworkDocument};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the documents of the reserved area
///
/// Last first. Officers of the network's members see what is for members; the committee and the agency see all.
#[utoipa::path(
    tag = "network",
    params(PageQuery),
    responses((status = 200, description = "A page of documents.", body = Page<NetworkDocument>),
              (status = 404, description = "There is no such page, or the caller's organisations are not members.")),
)]
#[get("/v1/network-documents")]
pub async fn list_network_documents(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<NetworkDocument>>, Problem> {
    let limit = query.limit();
    let before = query.after()?;
    let reader = db.reader().await?;
    let audiences = readable(&mut &**reader, &actor).await?;
    let found = documents::list(&mut &**reader, actor.territory_id, &audiences, before, limit).await?;
    Ok(web::Json(page(found, limit, |document| document.id)))
}
