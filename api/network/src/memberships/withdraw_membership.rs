use super::decision::{MembershipReason, answer, decide, hold};
use super::membership::Membership;
use crate::{MembershipState, officer_role};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem};
use uuid::Uuid;

/// Withdraw from the network
///
/// An officer of a member declares in writing, with the reason, that it leaves the network. A person must: an API client
/// is refused with 403. The organisation may ask to join again.
#[utoipa::path(
    tag = "network",
    params(("membership_id" = Uuid, Path, description = "The membership."),
           ("If-Match" = Option<String>, Header, description = "Version that is ended."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = MembershipReason, example = json!({"reason": "Cessazione dell'attività nel territorio"})),
    responses((status = 200, description = "The ended membership.", body = Membership,
                headers(("ETag" = String, description = "Version of the membership."))),
              (status = 409, description = "The organisation is not a member: `transition_not_allowed`.")),
)]
#[post("/v1/memberships/{membership_id}/withdraw")]
#[allow(clippy::too_many_arguments, reason = "each argument is an extractor")]
pub async fn withdraw_membership(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<MembershipReason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "withdraw_membership", body.hash()).with_path(id.0).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let row = hold(conn, &actor, id.0, None).await?;
        let role = officer_role(&actor, row.organisation_id).ok_or_else(Problem::not_found)?;
        if actor.login_session_id.is_none() {
            return Err(Problem::new(Code::Forbidden));
        }
        seen.as_ref().map_or(Ok(()), |seen| seen.check(row.version))?;
        let ended = (MembershipState::Withdrawn, Some(body.reason.trim()));
        answer(&decide(conn, &vault, &actor, role, &row, ended).await?)
    })
    .await
}
