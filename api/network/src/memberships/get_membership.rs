use super::membership::Membership;
use super::queries;
use crate::officer_role;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Read a membership
///
/// The membership with what was stated in the request and its history: for the agency and for officers of the
/// organisation.
#[utoipa::path(
    tag = "network",
    params(("membership_id" = Uuid, Path, description = "The membership.")),
    responses((status = 200, description = "The membership.", body = Membership,
        headers(("ETag" = String, description = "Version of the membership.")))),
)]
#[get("/v1/memberships/{membership_id}")]
pub async fn get_membership(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::find(&mut &**reader, &vault, actor.territory_id, id.0).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    if !actor.has(Role::Ats) && officer_role(&actor, found.summary.organisation.id).is_none() {
        return Err(Problem::not_found());
    }
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(found.version))).json(found))
}
