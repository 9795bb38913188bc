use super::request::OpinionRequest;
use super::sign_opinion_request::sign;
use super::{queries, require_member};
use crate::rules::states::{OPINION, OpinionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, new_id};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What a member asks the assembly.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation_id": "0193a5d0-4444-7000-8000-000000000003", "subject": "Orari dei servizi",
    "text": "Si chiede il parere sugli orari dei servizi per l'infanzia."
}))]
pub struct RequestOpinion {
    /// The member that the caller is an officer of.
    pub organisation_id: Uuid,
    /// What it is about.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub subject: String,
    /// What is asked, of one or more lines.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub text: String,
}

/// Ask the assembly for an opinion
///
/// An officer of a member of the network writes what is asked, and signs it for that member. Others sign it with
/// `sign_opinion_request`: with a quarter of the members it is filed, and receivable for the assemblies that are at least
/// 15 days later, unless the territory's terms say otherwise.
#[utoipa::path(
    tag = "governance",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RequestOpinion,
    responses((status = 201, description = "The request, with its first signature.", body = OpinionRequest,
                headers(("Location" = String, description = "Address of the request."),
                        ("ETag" = String, description = "Version of the request."))),
              (status = 422, description = "The caller is no officer of such a member, or a field breaks a rule.")),
)]
#[post("/v1/opinion-requests")]
pub async fn request_opinion(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<RequestOpinion>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "request_opinion", body.hash());
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let role = require_member(conn, &actor, body.organisation_id).await?;
        let id = new_id();
        let whose = (actor.territory_id, body.organisation_id, id);
        queries::insert(conn, whose, (body.subject.trim(), body.text.trim()), actor.id).await?;
        let made = (None, OpinionState::Collecting.as_str());
        let agent = Agent::of(&actor, role);
        record(conn, actor.territory_id, (OPINION.aggregate, id), made, agent, None).await?;
        sign(conn, &actor, role, id, body.organisation_id).await?;
        let asked = queries::find(conn, actor.territory_id, id).await?.ok_or_else(Problem::not_found)?;
        Ok(Reply::created(format!("/v1/opinion-requests/{id}"), &asked)?.etag(etag_of(asked.version)))
    })
    .await
}
