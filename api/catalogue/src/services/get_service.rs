use crate::queries;
use crate::services::Service;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Read a service
///
/// A published service is public. Drafts and withdrawn services are seen by their provider, their store's lead and the
/// agency; others get 404.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("service_id" = Uuid, Path, description = "The service."),
        ("If-None-Match" = Option<String>, Header, description = "Answers 304 when the caller holds this version.", max_length = 255),
    ),
    responses(
        (status = 200, description = "The service.", body = Service,
         headers(("ETag" = String, description = "Version of the service."))),
        (status = 304, description = "The caller holds the present version."),
    ),
)]
#[get("/v1/services/{service_id}")]
pub async fn get_service(
    actor: OptionalActor,
    db: Data<Db>,
    service_id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let service = queries::services::find(&mut &**reader, service_id.into_inner()).await?;
    if !service.is_visible_to(actor.0.as_ref()) {
        return Err(Problem::not_found());
    }
    let etag = etag_of(service.version);
    if held.holds(&etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(service))
}
