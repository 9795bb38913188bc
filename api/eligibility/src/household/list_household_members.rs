use super::member::HouseholdMember;
use super::queries;
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the members of one's household
///
/// Children and dependants, in the order in which they were named.
#[utoipa::path(
    tag = "eligibility",
    params(PageQuery),
    responses((status = 200, description = "A page of members.", body = Page<HouseholdMember>)),
)]
#[get("/v1/household/members")]
pub async fn list_household_members(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after = query.after()?;
    let reader = db.reader().await?;
    let members = queries::list_members(&mut &**reader, &vault, &actor, after, query.limit()).await?;
    Ok(HttpResponse::Ok().json(page(members, query.limit(), |member| member.id)))
}
