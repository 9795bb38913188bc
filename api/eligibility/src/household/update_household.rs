use super::facts::{Household, HouseholdFacts};
use super::queries;
use actix_web::http::header;
use actix_web::{HttpResponse, put, web::Data};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, etag_of};
use concilia_kernel::problem::ProblemDocument;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};

/// Declare the facts of one's household
///
/// Replaces all facts. Applications already submitted keep what they froze.
#[utoipa::path(
    tag = "eligibility",
    params(("If-Match" = String, Header, description = "Version that the caller has read.", max_length = 64)),
    request_body(content = HouseholdFacts, example = json!({
        "single_parent": false, "both_parents_working": true, "shift_work": true,
        "no_relatives_nearby": false, "woman_entrepreneur": false, "isee": "18250.00",
    })),
    responses(
        (status = 200, description = "The household.", body = Household,
         headers(("ETag" = String, description = "Version of the household."))),
        (status = 412, description = "It changed after it was read.", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[put("/v1/household")]
pub async fn update_household(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    seen: IfMatch,
    facts: Json<HouseholdFacts>,
) -> Result<HttpResponse, Problem> {
    facts.check()?;
    let facts = facts.into_inner();
    let mut conn = db.conn().await?;
    let (household, version) = transaction(&mut conn, async |conn| {
        let (id, version) = queries::lock_household(conn, &actor).await?;
        seen.check(version)?;
        let household = queries::update_facts(conn, &vault, id, version + 1, facts).await?;
        Ok((household, version + 1))
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(version))).json(household))
}
