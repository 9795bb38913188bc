use crate::territories::{self, Territory};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};

/// List the territories
///
/// The territories of this installation, by code: public, as their names are on every poster.
#[utoipa::path(
    tag = "network",
    params(PageQuery),
    responses((status = 200, description = "A page of territories.", body = Page<Territory>)),
)]
#[get("/v1/territories")]
pub async fn list_territories(
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<Territory>>, Problem> {
    let reader = db.reader().await?;
    let limit = query.limit();
    let found = territories::list_territories(&mut &**reader, query.after()?, limit).await?;
    Ok(web::Json(page(found, limit, |territory| territory.code.clone())))
}
