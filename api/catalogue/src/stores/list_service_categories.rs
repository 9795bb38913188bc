use crate::queries;
use crate::stores::ServiceCategory;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List a store's categories
///
/// The categories of a store's services, in the store's order.
#[utoipa::path(
    tag = "catalogue",
    params(("store_id" = Uuid, Path, description = "The store."), PageQuery),
    responses((status = 200, description = "A page of categories.", body = Page<ServiceCategory>)),
)]
#[get("/v1/stores/{store_id}/categories")]
pub async fn list_service_categories(
    db: Data<Db>,
    store_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<(i16, String)> = query.after()?;
    let limit = query.limit();
    let store_id = store_id.into_inner();
    let reader = db.reader().await?;
    let categories = queries::stores::category_page(&mut &**reader, store_id, after, limit + 1).await?;
    if categories.is_empty() && !queries::stores::exists(&mut &**reader, store_id).await? {
        return Err(Problem::not_found());
    }
    Ok(HttpResponse::Ok().json(page(categories, limit, |one| (one.position, one.code.clone()))))
}
