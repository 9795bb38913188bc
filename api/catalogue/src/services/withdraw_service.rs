use crate::queries;
use crate::reason::Reason;
use crate::rules::{SERVICE_STATES, ServiceState};
use crate::services::Service;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path, etag_of};
use concilia_kernel::transition::{self, Agent};
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Withdraw a service
///
/// Takes a published service out of the public catalogue. Orders already placed go on.
#[utoipa::path(
    tag = "catalogue",
    params(("service_id" = Uuid, Path, description = "The service.")),
    request_body(content = Reason, example = json!({"reason": "Il gruppo non si è formato."})),
    responses(
        (status = 200, description = "The service, withdrawn.", body = Service,
         headers(("ETag" = String, description = "Version of the service."))),
        (status = 409, description = "The service is not published."),
    ),
)]
#[post("/v1/services/{service_id}/withdraw")]
pub async fn withdraw_service(
    actor: Actor,
    db: Data<Db>,
    service_id: Path<Uuid>,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let territory_id = actor.territory_id;
    let mut conn = db.conn().await?;
    let service = transaction(&mut conn, async |conn| {
        let present = queries::services::lock(conn, territory_id, service_id.into_inner()).await?;
        actor.require(Role::Provider, present.provider_id)?;
        SERVICE_STATES.check(present.state, ServiceState::Withdrawn)?;
        queries::services::set_state(conn, present.id, ServiceState::Withdrawn).await?;
        let aggregate = (SERVICE_STATES.aggregate, present.id);
        let step = (Some(present.state.as_str()), ServiceState::Withdrawn.as_str());
        let agent = Agent::of(&actor, Role::Provider);
        transition::record(conn, territory_id, aggregate, step, agent, Some(&body.reason)).await?;
        Ok(queries::services::find(conn, present.id).await?)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(service.version))).json(service))
}
