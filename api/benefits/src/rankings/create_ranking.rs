use super::{Computed, Ranking, compute};
use crate::queries::voucher_calls::{self, Hold};
use crate::rules::states::VoucherCallState;
use crate::voucher_calls::close_voucher_call::close;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role, now};
use uuid::Uuid;

/// Rank a voucher call
///
/// Computes the ranking of a closed call from what was frozen at submission: points by criterion, a
/// total order, awards down the list until the money ends. The same inputs give the same ranking: it is
/// answered again (200), and a new run (201) supersedes the last only when something changed. It is
/// public once another person approves it.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The last run: nothing has changed since.", body = Ranking,
                headers(("ETag" = String, description = "Version of the ranking."))),
              (status = 201, description = "A new run.", body = Ranking,
                headers(("Location" = String, description = "Address of the ranking."),
                        ("ETag" = String, description = "Version of the ranking."))),
              (status = 409, description = "The call is not closed: `conflict`.")),
)]
#[post("/v1/voucher-calls/{voucher_call_id}/rankings")]
pub async fn create_ranking(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_ranking", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = voucher_calls::hold(conn, actor.territory_id, id.0, Hold::Update).await?;
        let mut call = call.ok_or_else(Problem::not_found)?;
        if !actor.holds(Role::AllianceLead, call.lead_organisation_id) {
            let public = call.state != VoucherCallState::Draft;
            return Err(if public { Problem::new(Code::Forbidden) } else { Problem::not_found() });
        }
        if call.state == VoucherCallState::Open && call.closes_at <= now() {
            call = close(conn, call, Agent::SYSTEM, None).await?;
        }
        let agent = Agent::of(&actor, Role::AllianceLead);
        let Computed { ranking, is_new } = compute(conn, &vault, &call, agent).await?;
        let reply = if is_new {
            Reply::created(format!("/v1/rankings/{}", ranking.id), &ranking)?
        } else {
            Reply::ok(&ranking)?
        };
        Ok(reply.etag(etag_of(ranking.version)))
    })
    .await
}
