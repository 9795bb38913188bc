use crate::queries;
use crate::stores::Store;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};

/// List the stores
///
/// Every store of the portal with its categories, in the order of the slugs.
#[utoipa::path(
    tag = "catalogue",
    params(PageQuery),
    responses((status = 200, description = "A page of stores.", body = Page<Store>)),
)]
#[get("/v1/stores")]
pub async fn list_stores(db: Data<Db>, query: Query<PageQuery>) -> Result<HttpResponse, Problem> {
    let after: Option<String> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let stores = queries::stores::page(&mut &**reader, after.as_deref(), limit + 1).await?;
    Ok(HttpResponse::Ok().json(page(stores, limit, |store| store.slug.clone())))
}
