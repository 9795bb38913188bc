use super::{VoucherCall, hold_for_officer};
use crate::queries;
use crate::rules::states::{VOUCHER_CALL, VoucherCallState};
use crate::visibility::acting_role;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a call is closed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Termine raggiunto"}))]
pub struct CloseVoucherCall {
    /// The reason, kept in the call's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

const ROLES: &[Role] = &[Role::AllianceLead, Role::Ats];

/// Close a voucher call
///
/// Takes no more applications, before the closing instant or after it. An act of the lead or of the
/// agency, with its reason. Calls past their closing instant are also closed by the system.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CloseVoucherCall,
    responses((status = 200, description = "The closed call.", body = VoucherCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not open: `transition_not_allowed`.")),
)]
#[post("/v1/voucher-calls/{voucher_call_id}/close")]
pub async fn close_voucher_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CloseVoucherCall>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_voucher_call", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = hold_for_officer(conn, &actor, id.0, ROLES).await?;
        let agent = Agent::of(&actor, acting_role(&actor, call.lead_organisation_id));
        let call = close(conn, call, agent, Some(&body.reason)).await?;
        Ok(Reply::ok(&call)?.etag(etag_of(call.version)))
    })
    .await
}

/// Closes an open call that the transaction holds.
pub async fn close(
    connection: &mut AsyncPgConnection,
    mut call: VoucherCall,
    agent: Agent,
    reason: Option<&str>,
) -> Result<VoucherCall, Problem> {
    let (from, to) = (call.state, VoucherCallState::Closed);
    VOUCHER_CALL.check(from, to)?;
    queries::voucher_calls::set_state(connection, call.territory_id, call.id, to).await?;
    let moved = (Some(from.as_str()), to.as_str());
    record(connection, call.territory_id, (VOUCHER_CALL.aggregate, call.id), moved, agent, reason).await?;
    publish(connection, call.territory_id, "voucher_call.closed", call.id, json!({})).await?;
    call.state = to;
    call.version += 1;
    Ok(call)
}
