use super::{Application, hold_own, reread, submission};
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

/// Submit an application
///
/// Checks the rules of the call, freezes what the household now declares, and gives the protocol
/// number. Until the call closes it may still be corrected or withdrawn.
#[utoipa::path(
    tag = "benefits",
    params(("application_id" = Uuid, Path, description = "The application."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The submitted application.", body = Application,
                headers(("ETag" = String, description = "Version of the application."))),
              (status = 409, description = "The call takes no applications now (`call_not_open`), the application \
                                            is no draft (`transition_not_allowed`), or a child is in another \
                                            application to the call or twice in this one (`child_already_applied`)."),
              (status = 422, description = "A requirement of the call is not met (`not_eligible`): `errors` names \
                                            the rule and the member.")),
)]
#[post("/v1/applications/{application_id}/submit")]
pub async fn submit_application(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "submit_application", [0; 32]).with_path(id.0).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (call, application) = hold_own(conn, &actor, id.0).await?;
        let (from, to) = (application.state, ApplicationState::Submitted);
        APPLICATION.check(from, to)?;
        call.require_open(now())?;
        submission::freeze(conn, &vault, &call, &application, &application.household_member_ids).await?;
        let moved = (Some(from.as_str()), to.as_str());
        let agent = Agent::of(&actor, Role::Worker);
        record(conn, actor.territory_id, (APPLICATION.aggregate, application.id), moved, agent, None).await?;
        let told = json!({ "voucher_call_id": call.id });
        publish(conn, actor.territory_id, "application.submitted", application.id, told).await?;
        let application = reread(conn, &vault, actor.territory_id, application.id).await?;
        Ok(Reply::ok(&application)?.etag(etag_of(application.version)))
    })
    .await
}
