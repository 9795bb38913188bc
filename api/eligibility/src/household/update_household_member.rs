use super::member::HouseholdMember;
use super::person::HouseholdPerson;
use super::queries;
use actix_web::http::header;
use actix_web::{HttpResponse, put, web::Data};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::problem::ProblemDocument;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Correct a member of one's household
///
/// Replaces all that is told of the member. Applications already submitted keep what they froze.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("member_id" = Uuid, Path, description = "The member."),
        ("If-Match" = String, Header, description = "Version that the caller has read.", max_length = 64),
    ),
    request_body(content = HouseholdPerson, example = json!({
        "given_name": "Luca", "family_name": "Rossi", "birth_date": "2019-05-14", "relationship": "child",
        "disability": false, "learning_disorder": true, "other_fragility": false, "school_level": "primary",
    })),
    responses(
        (status = 200, description = "The member.", body = HouseholdMember,
         headers(("ETag" = String, description = "Version of the member."))),
        (status = 409, description = "Another member has the tax code.", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 412, description = "It changed after it was read.", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[put("/v1/household/members/{member_id}")]
pub async fn update_household_member(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    seen: IfMatch,
    member_id: Path<Uuid>,
    body: Json<HouseholdPerson>,
) -> Result<HttpResponse, Problem> {
    let checked = body.into_inner().checked()?;
    let mut conn = db.conn().await?;
    let member = transaction(&mut conn, async |conn| {
        queries::lock_household(conn, &actor).await?;
        let member = queries::find_member(conn, &vault, &actor, *member_id).await?;
        seen.check(member.version)?;
        queries::update_member(conn, &vault, actor.territory_id, member, checked).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(member.version))).json(member))
}
