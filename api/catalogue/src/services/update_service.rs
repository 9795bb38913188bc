use crate::queries;
use crate::services::{Service, ServiceInput};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use uuid::Uuid;

/// Change a service
///
/// Replaces what a provider wrote of a service, in any state. Orders already placed keep their price. The store and
/// the provider are fixed.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("service_id" = Uuid, Path, description = "The service."),
        ("If-Match" = String, Header, description = "Version that the change is based on.", min_length = 1, max_length = 255),
    ),
    request_body(content = ServiceInput, example = json!({
        "store_id": "01980000-0000-7000-8000-000000000030", "provider_id": "01980000-0000-7000-8000-000000000020",
        "category": "after_school", "title_it": "Doposcuola", "title_en": "After-school",
        "description_it": "Compiti e giochi in piccoli gruppi.", "description_en": "Homework and play in small groups.",
        "intervention_type": "b", "minimum_age": 6, "maximum_age": 14, "place": "address", "municipality": "Crema",
        "address": "Via Roma 12", "unit": "hour", "price": "10.00", "vat_rate": "5", "inclusion": []})),
    responses(
        (status = 200, description = "The service as changed.", body = Service,
         headers(("ETag" = String, description = "Version of the service."))),
        (status = 412, description = "The service has changed since."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[put("/v1/services/{service_id}")]
pub async fn update_service(
    actor: Actor,
    db: Data<Db>,
    service_id: Path<Uuid>,
    version: IfMatch,
    body: Json<ServiceInput>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let service = transaction(&mut conn, async |conn| {
        let present = queries::services::lock(conn, actor.territory_id, service_id.into_inner()).await?;
        actor.require(Role::Provider, present.provider_id)?;
        version.check(present.version)?;
        let mut faults = body.faults();
        if body.store_id != present.store_id {
            faults.push(FieldError::pointer("/store_id", "immutable"));
        }
        if body.provider_id != present.provider_id {
            faults.push(FieldError::pointer("/provider_id", "immutable"));
        }
        let category =
            queries::services::category_id(conn, actor.territory_id, present.store_id, &body.category).await?;
        let (Some(category_id), true) = (category, faults.is_empty()) else {
            let unknown = category.is_none().then(|| FieldError::pointer("/category", "not_found"));
            return Err(Problem::new(Code::ValidationFailed).with_errors(unknown.into_iter().chain(faults)));
        };
        queries::services::update(conn, present.id, category_id, &body).await?;
        Ok(queries::services::find(conn, present.id).await?)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(service.version))).json(service))
}
