use super::{VoucherCall, hold_for_officer};
use crate::queries;
use crate::rules::states::{VOUCHER_CALL, VoucherCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::clock::italian_time;
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::Text;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role, now};
use concilia_ledger::{CallAccount, fund_call};
use concilia_planning::find_project;
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Open a voucher call
///
/// Publishes a draft of a project under way and freezes it, and puts its budget in the ledger. Applications are taken from
/// its opening instant to its closing one. All the voucher calls of a project hand out its cost item D at most; what comes
/// back to a call after its spend-by day may be handed out again.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The open call.", body = VoucherCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not a draft (`transition_not_allowed`), its closing instant \
                                            has passed or the project is not under way (`conflict`), or item D leaves \
                                            less than its budget (`cost_item_exceeded`).")),
)]
#[post("/v1/voucher-calls/{voucher_call_id}/open")]
pub async fn open_voucher_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "open_voucher_call", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = hold_for_officer(conn, &actor, id.0, &[Role::AllianceLead]).await?;
        VOUCHER_CALL.check(call.state, VoucherCallState::Open)?;
        require_not_past(&call)?;
        let project = find_project(conn, call.territory_id, call.project_id).await?;
        project.ok_or_else(Problem::not_found)?.require_running()?;
        require_within_cost_item(conn, &call).await?;
        let call = open(conn, call, Agent::of(&actor, Role::AllianceLead)).await?;
        Ok(Reply::ok(&call)?.etag(etag_of(call.version)))
    })
    .await
}

/// Nobody could apply to a call whose closing instant has passed.
fn require_not_past(call: &VoucherCall) -> Result<(), Problem> {
    if call.closes_at > now() {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        format!("L'avviso chiude il {}, che è già passato.", italian_time(call.closes_at)),
        format!("The call closes at {:?}, which has passed.", call.closes_at),
    ))
}

/// A project with an executive budget hands out its item D at most. The transaction holds the item from then on.
async fn require_within_cost_item(conn: &mut AsyncPgConnection, call: &VoucherCall) -> Result<(), Problem> {
    let left = queries::voucher_calls::left_of_cost_item(conn, call.territory_id, call.project_id).await?;
    let Some(left) = left.filter(|left| call.budget > *left) else { return Ok(()) };
    let text = Text::new(
        format!("la voce D del progetto lascia agli avvisi {left}"),
        format!("item D of the project leaves {left} to voucher calls"),
    );
    let fault = FieldError::pointer("/budget", "cost_item_exceeded").value(call.budget.to_string()).explain(&text);
    Err(Problem::new(Code::CostItemExceeded).with_error(fault))
}

/// Opens a draft that the transaction holds, and funds it.
pub async fn open(
    connection: &mut AsyncPgConnection,
    mut call: VoucherCall,
    agent: Agent,
) -> Result<VoucherCall, Problem> {
    let (from, to) = (call.state, VoucherCallState::Open);
    VOUCHER_CALL.check(from, to)?;
    queries::voucher_calls::set_state(connection, call.territory_id, call.id, to).await?;
    let account = CallAccount {
        territory_id: call.territory_id,
        voucher_call_id: call.id,
        lead_organisation_id: call.lead_organisation_id,
    };
    fund_call(connection, account, call.budget, agent, "budget of the call").await?;
    let moved = (Some(from.as_str()), to.as_str());
    record(connection, call.territory_id, (VOUCHER_CALL.aggregate, call.id), moved, agent, None).await?;
    let told = json!({ "project_id": call.project_id, "edition": call.edition });
    publish(connection, call.territory_id, "voucher_call.opened", call.id, told).await?;
    call.state = to;
    call.version += 1;
    Ok(call)
}
