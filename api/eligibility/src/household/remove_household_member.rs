use super::queries;
use actix_web::{HttpResponse, delete, web::Data};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::problem::ProblemDocument;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Take a member out of one's household
///
/// Applications already made for the member keep what they froze.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("member_id" = Uuid, Path, description = "The member."),
        ("If-Match" = String, Header, description = "Version that the caller has read.", max_length = 64),
    ),
    responses(
        (status = 204, description = "The member is out."),
        (status = 412, description = "It changed after it was read.", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[delete("/v1/household/members/{member_id}")]
pub async fn remove_household_member(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    seen: IfMatch,
    member_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        queries::lock_household(conn, &actor).await?;
        let member = queries::find_member(conn, &vault, &actor, *member_id).await?;
        seen.check(member.version)?;
        Ok(queries::remove_member(conn, member.id).await?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
