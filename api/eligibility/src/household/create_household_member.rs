use super::member::HouseholdMember;
use super::person::HouseholdPerson;
use super::{MOST_MEMBERS, queries};
use actix_web::{HttpResponse, post, web::Data};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::problem::ProblemDocument;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, new_id};

/// Name a member of one's household
///
/// A child or dependant; at most 20. All that is told is kept sealed.
#[utoipa::path(
    tag = "eligibility",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = HouseholdPerson, example = json!({
        "given_name": "Luca", "family_name": "Rossi", "birth_date": "2019-05-14", "relationship": "child",
        "disability": false, "learning_disorder": true, "other_fragility": false, "school_level": "primary",
    })),
    responses(
        (status = 201, description = "The member.", body = HouseholdMember,
         headers(("Location" = String, description = "Address of the member."),
                 ("ETag" = String, description = "Version of the member."))),
        (status = 409, description = "Another member has the tax code, or the key is in use.", body = ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[post("/v1/household/members")]
pub async fn create_household_member(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    key: IdempotencyKey,
    body: Json<HouseholdPerson>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_household_member", body.hash()).sealed(&vault);
    let (person, _) = body.into_inner().checked()?;
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let (household_id, _) = queries::lock_household(conn, &actor).await?;
        if queries::count_members(conn, household_id).await? >= MOST_MEMBERS {
            return Err(Problem::invalid("", "too_many"));
        }
        let id = new_id();
        let created_at =
            queries::insert_member(conn, &vault, actor.territory_id, household_id, id, &person).await?;
        let member = HouseholdMember { id, person, created_at, version: 1 };
        Ok(Reply::created(format!("/v1/household/members/{id}"), &member)?.etag(etag_of(member.version)))
    })
    .await
}
