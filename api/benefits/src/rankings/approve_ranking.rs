use super::{Ranking, approve};
use crate::queries;
use crate::queries::voucher_calls::Hold;
use crate::rules::states::RankingState;
use crate::visibility::{Viewer, acting_role};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem};
use uuid::Uuid;

/// Approve a ranking
///
/// Makes the run final and public, awards its vouchers, decides its applications and opens the spending,
/// all at once. An officer of the lead or of the agency may, but not the one who computed it.
#[utoipa::path(
    tag = "benefits",
    params(("ranking_id" = Uuid, Path, description = "The ranking."),
           ("If-Match" = Option<String>, Header, description = "Version that is approved."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The final ranking.", body = Ranking,
                headers(("ETag" = String, description = "Version of the ranking."))),
              (status = 409, description = "The caller computed it (`approver_is_author`), it is not to be approved \
                                            (`transition_not_allowed`), its inputs have changed (`conflict`), or \
                                            the ledger does not cover it (`insufficient_balance`).")),
)]
#[post("/v1/rankings/{ranking_id}/approve")]
pub async fn approve_ranking(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "approve_ranking", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let viewer = Viewer::of(Some(&actor));
        let found = queries::rankings::find(conn, &viewer, id.0).await?;
        let found =
            found.filter(|found| found.territory_id == actor.territory_id).ok_or_else(Problem::not_found)?;
        if !viewer.decides(found.territory_id, found.lead_organisation_id) {
            return Err(Problem::new(Code::Forbidden));
        }
        let call =
            queries::voucher_calls::hold(conn, actor.territory_id, found.voucher_call_id, Hold::Update).await?;
        let call = call.ok_or_else(Problem::not_found)?;
        let ranking =
            queries::rankings::hold(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        // One already final is told by its state, whatever version the caller saw.
        if let Some(seen) = seen.filter(|_| ranking.state == RankingState::Computed) {
            seen.check(ranking.version)?;
        }
        let agent = Agent::of(&actor, acting_role(&actor, call.lead_organisation_id));
        let ranking = approve(conn, &vault, &call, &ranking, agent).await?;
        Ok(Reply::ok(&ranking)?.etag(etag_of(ranking.version)))
    })
    .await
}
