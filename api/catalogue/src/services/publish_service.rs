use crate::queries;
use crate::rules::{SERVICE_STATES, ServiceState};
use crate::services::Service;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::transition::{self, Agent};
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use uuid::Uuid;

/// Publish a service
///
/// Shows a draft or a withdrawn service to the public and opens it to orders. The provider must still be accredited in
/// the store.
#[utoipa::path(
    tag = "catalogue",
    params(("service_id" = Uuid, Path, description = "The service.")),
    responses(
        (status = 200, description = "The service, published.", body = Service,
         headers(("ETag" = String, description = "Version of the service."))),
        (status = 409, description = "It is published already, or its provider is accredited no more."),
    ),
)]
#[post("/v1/services/{service_id}/publish")]
pub async fn publish_service(actor: Actor, db: Data<Db>, service_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let territory_id = actor.territory_id;
    let mut conn = db.conn().await?;
    let service = transaction(&mut conn, async |conn| {
        let present = queries::services::lock(conn, territory_id, service_id.into_inner()).await?;
        actor.require(Role::Provider, present.provider_id)?;
        SERVICE_STATES.check(present.state, ServiceState::Published)?;
        if !queries::providers::is_accredited(conn, territory_id, present.store_id, present.provider_id).await? {
            return Err(Problem::new(Code::Conflict).explain(
                "Il fornitore non è più accreditato nel negozio.",
                "The provider is no longer accredited in the store.",
            ));
        }
        queries::services::set_state(conn, present.id, ServiceState::Published).await?;
        let step = (Some(present.state.as_str()), ServiceState::Published.as_str());
        let agent = Agent::of(&actor, Role::Provider);
        transition::record(conn, territory_id, (SERVICE_STATES.aggregate, present.id), step, agent, None).await?;
        Ok(queries::services::find(conn, present.id).await?)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(service.version))).json(service))
}
