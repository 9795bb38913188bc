use super::decision::{answer, decide, hold, require_other_person};
use super::membership::Membership;
use crate::MembershipState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Admit an organisation to the network
///
/// Grants a request to join. What the organisation stated in it (name, kind, size, VAT number, seat) becomes what is
/// known of it, also where it was known by other data. An officer of the agency may, but not the one who made the
/// request.
#[utoipa::path(
    tag = "network",
    params(("membership_id" = Uuid, Path, description = "The membership."),
           ("If-Match" = Option<String>, Header, description = "Version that is decided."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The membership.", body = Membership,
                headers(("ETag" = String, description = "Version of the membership."))),
              (status = 409, description = "The request has been decided (`transition_not_allowed`), or the caller \
                                            made it (`approver_is_author`).")),
)]
#[post("/v1/memberships/{membership_id}/admit")]
pub async fn admit_membership(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "admit_membership", [0; 32]).with_path(id.0).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let row = hold(conn, &actor, id.0, seen.as_ref()).await?;
        require_other_person(&actor, &row)?;
        answer(&decide(conn, &vault, &actor, Role::Ats, &row, (MembershipState::Admitted, None)).await?)
    })
    .await
}
