use super::{VoucherCall, VoucherCallContent, check_employers};
use crate::queries;
use crate::rules::states::{VOUCHER_CALL, VoucherCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role};

/// Create a voucher call
///
/// Makes a draft call of a funded project, seen by the officers of its lead and of the agency. Only
/// the project's lead may. The draft is changed with `update_voucher_call` until it is opened.
#[utoipa::path(
    tag = "benefits",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = VoucherCallContent,
    responses((status = 201, description = "The draft.", body = VoucherCall,
        headers(("Location" = String, description = "Address of the call."),
                ("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The project is not under way: `conflict`.")),
)]
#[post("/v1/voucher-calls")]
pub async fn create_voucher_call(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<VoucherCallContent>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_voucher_call", body.hash());
    let mut content = body.into_inner();
    content.to_microseconds();
    content.check_together()?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let unknown = || Problem::invalid("/project_id", "not_found");
        let project = concilia_planning::find_project(conn, actor.territory_id, content.project_id).await?;
        let project = project.ok_or_else(unknown)?;
        let lead = project.lead_organisation_id;
        actor.require(Role::AllianceLead, lead).map_err(|_| unknown())?;
        project.require_running()?;
        check_employers(conn, actor.territory_id, &content).await?;
        let call = queries::voucher_calls::insert(conn, actor.territory_id, lead, &content).await?;
        record(
            conn,
            actor.territory_id,
            (VOUCHER_CALL.aggregate, call.id),
            (None, VoucherCallState::Draft.as_str()),
            Agent::of(&actor, Role::AllianceLead),
            None,
        )
        .await?;
        Ok(Reply::created(format!("/v1/voucher-calls/{}", call.id), &call)?.etag(etag_of(call.version)))
    })
    .await
}
