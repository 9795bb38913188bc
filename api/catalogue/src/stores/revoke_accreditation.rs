use crate::queries;
use crate::reason::Reason;
use crate::rules::ACCREDITATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Revoke an accreditation
///
/// A provider sells no more in a store of the caller's: its published services are withdrawn, and plans that name them are
/// refused. Orders already placed go on. It may be accredited anew.
#[utoipa::path(
    tag = "catalogue",
    params(("store_id" = Uuid, Path, description = "The store."),
           ("organisation_id" = Uuid, Path, description = "The provider.")),
    request_body(content = Reason, example = json!({"reason": "Ha lasciato la rete territoriale."})),
    responses((status = 204, description = "It is accredited no more.")),
)]
#[post("/v1/stores/{store_id}/providers/{organisation_id}/revoke")]
pub async fn revoke_accreditation(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let (store_id, organisation_id) = path.into_inner();
    let territory_id = actor.territory_id;
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let store = queries::stores::lock(conn, territory_id, store_id).await?;
        actor.require(Role::AllianceLead, store.lead_organisation_id)?;
        if !queries::providers::revoke(conn, territory_id, store_id, organisation_id).await? {
            return Err(Problem::not_found());
        }
        let agent = Agent::of(&actor, Role::AllianceLead);
        let step = (Some("accredited"), "revoked");
        record(conn, territory_id, (ACCREDITATION, organisation_id), step, agent, Some(&body.reason)).await?;
        queries::services::withdraw_all(conn, store_id, organisation_id, agent, &body.reason).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
