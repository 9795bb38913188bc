use super::decision::{MembershipReason, answer, decide, hold};
use super::membership::Membership;
use crate::MembershipState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Exclude a member
///
/// Ends the membership of an organisation by an act of the agency, with the reason. The organisation may ask to join
/// again.
#[utoipa::path(
    tag = "network",
    params(("membership_id" = Uuid, Path, description = "The membership."),
           ("If-Match" = Option<String>, Header, description = "Version that is decided."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = MembershipReason,
    responses((status = 200, description = "The ended membership.", body = Membership,
                headers(("ETag" = String, description = "Version of the membership."))),
              (status = 409, description = "The organisation is not a member: `transition_not_allowed`.")),
)]
#[post("/v1/memberships/{membership_id}/exclude")]
#[allow(clippy::too_many_arguments, reason = "each argument is an extractor")]
pub async fn exclude_membership(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<MembershipReason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "exclude_membership", body.hash()).with_path(id.0).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let row = hold(conn, &actor, id.0, seen.as_ref()).await?;
        let ended = (MembershipState::Excluded, Some(body.reason.trim()));
        answer(&decide(conn, &vault, &actor, Role::Ats, &row, ended).await?)
    })
    .await
}
