use crate::queries;
use crate::stores::Store;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Read a store
///
/// A store of the portal with its categories and its terms for orders.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store."),
        ("If-None-Match" = Option<String>, Header, description = "Answers 304 when the caller holds this version.", max_length = 255),
    ),
    responses(
        (status = 200, description = "The store.", body = Store,
         headers(("ETag" = String, description = "Version of the store."))),
        (status = 304, description = "The caller holds the present version."),
    ),
)]
#[get("/v1/stores/{store_id}")]
pub async fn get_store(db: Data<Db>, store_id: Path<Uuid>, held: IfNoneMatch) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let store = queries::stores::find(&mut &**reader, store_id.into_inner()).await?;
    let etag = etag_of(store.version);
    if held.holds(&etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(store))
}
