use crate::queries;
use crate::rules::{SERVICE_STATES, ServiceState};
use crate::services::{Service, ServiceInput};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::transition::{self, Agent};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};

/// Write a service
///
/// Writes a draft of a service of the caller's organisation, which must be accredited in the store (404 else). The
/// public sees it once published.
#[utoipa::path(
    tag = "catalogue",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = ServiceInput, example = json!({
        "store_id": "01980000-0000-7000-8000-000000000030", "provider_id": "01980000-0000-7000-8000-000000000020",
        "category": "after_school", "title_it": "Doposcuola", "title_en": "After-school",
        "description_it": "Compiti e giochi in piccoli gruppi.", "description_en": "Homework and play in small groups.",
        "intervention_type": "b", "minimum_age": 6, "maximum_age": 13, "place": "address", "municipality": "Crema",
        "address": "Via Roma 12", "unit": "hour", "price": "9.50", "vat_rate": "5",
        "inclusion": ["learning_disorders"]})),
    responses(
        (status = 201, description = "The service, as a draft.", body = Service,
         headers(("Location" = String, description = "Address of the service."),
                 ("ETag" = String, description = "Version of the service."))),
        (status = 404, description = "There is no such store, or the provider is not accredited to it."),
    ),
)]
#[post("/v1/services")]
pub async fn create_service(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<ServiceInput>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_service", body.hash());
    let territory_id = actor.territory_id;
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let unknown = |field| Problem::not_found().with_error(FieldError::pointer(field, "not_found"));
        actor.require(Role::Provider, body.provider_id).map_err(|_| unknown("/provider_id"))?;
        if !queries::providers::is_accredited(conn, territory_id, body.store_id, body.provider_id).await? {
            return Err(unknown("/store_id"));
        }
        let category = queries::services::category_id(conn, territory_id, body.store_id, &body.category).await?;
        let faults = body.faults();
        let (Some(category_id), true) = (category, faults.is_empty()) else {
            let unknown = category.is_none().then(|| FieldError::pointer("/category", "not_found"));
            return Err(Problem::new(Code::ValidationFailed).with_errors(unknown.into_iter().chain(faults)));
        };
        let id = queries::services::insert(conn, territory_id, category_id, &body).await?;
        let first = (None, ServiceState::Draft.as_str());
        let agent = Agent::of(&actor, Role::Provider);
        transition::record(conn, territory_id, (SERVICE_STATES.aggregate, id), first, agent, None).await?;
        let service = queries::services::find(conn, id).await?;
        Ok(Reply::created(format!("/v1/services/{id}"), &service)?.etag(etag_of(service.version)))
    })
    .await
}
