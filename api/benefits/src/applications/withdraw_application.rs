use super::{Application, hold_own, reread};
use crate::queries;
use crate::rules::states::{APPLICATION, ApplicationState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, Role, now};
use serde_json::json;
use uuid::Uuid;

/// Withdraw an application
///
/// Takes it back while the call takes applications. What was declared is erased, its children may be in
/// another application, and the worker may make a new one.
#[utoipa::path(
    tag = "benefits",
    params(("application_id" = Uuid, Path, description = "The application."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The withdrawn application.", body = Application,
                headers(("ETag" = String, description = "Version of the application."))),
              (status = 409, description = "The call has closed (`call_not_open`), or the application is past \
                                            withdrawing (`transition_not_allowed`).")),
)]
#[post("/v1/applications/{application_id}/withdraw")]
pub async fn withdraw_application(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "withdraw_application", [0; 32]).with_path(id.0).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (call, application) = hold_own(conn, &actor, id.0).await?;
        let (from, to) = (application.state, ApplicationState::Withdrawn);
        APPLICATION.check(from, to)?;
        call.require_open(now())?;
        queries::applications::withdraw(conn, actor.territory_id, application.id).await?;
        let moved = (Some(from.as_str()), to.as_str());
        let agent = Agent::of(&actor, Role::Worker);
        record(conn, actor.territory_id, (APPLICATION.aggregate, application.id), moved, agent, None).await?;
        let told = json!({ "voucher_call_id": call.id });
        publish(conn, actor.territory_id, "application.withdrawn", application.id, told).await?;
        let application = reread(conn, &vault, actor.territory_id, application.id).await?;
        Ok(Reply::ok(&application)?.etag(etag_of(application.version)))
    })
    .await
}
