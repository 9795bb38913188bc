use super::member::HouseholdMember;
use super::queries;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a member of one's household
#[utoipa::path(
    tag = "eligibility",
    description = "A child or dependant of the caller.",
    params(("member_id" = Uuid, Path, description = "The member.")),
    responses((status = 200, description = "The member.", body = HouseholdMember,
               headers(("ETag" = String, description = "Version of the member.")))),
)]
#[get("/v1/household/members/{member_id}")]
pub async fn get_household_member(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    member_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let member = queries::find_member(&mut &**reader, &vault, &actor, *member_id).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(member.version))).json(member))
}
