use crate::queries;
use crate::stores::StoreProvider;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List a store's providers
///
/// The organisations accredited to sell in a store, in the order of their names.
#[utoipa::path(
    tag = "catalogue",
    params(("store_id" = Uuid, Path, description = "The store."), PageQuery),
    responses((status = 200, description = "A page of providers.", body = Page<StoreProvider>)),
)]
#[get("/v1/stores/{store_id}/providers")]
pub async fn list_store_providers(
    db: Data<Db>,
    store_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<(String, Uuid)> = query.after()?;
    let limit = query.limit();
    let store_id = store_id.into_inner();
    let reader = db.reader().await?;
    let providers = queries::providers::page(&mut &**reader, store_id, after, limit + 1).await?;
    if providers.is_empty() && !queries::stores::exists(&mut &**reader, store_id).await? {
        return Err(Problem::not_found());
    }
    Ok(HttpResponse::Ok().json(page(providers, limit, |one| (one.name.clone(), one.organisation_id))))
}
