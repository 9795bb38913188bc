use super::family_plan::FamilyPlan;
use super::submission::Submission;
use super::submission_queue::SubmissionQueue;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, OptionalJson, Path, etag_of};
use concilia_kernel::idempotency::RequestIdentity;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Money, Problem, checks};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What the family expects of the submission.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitFamilyPlan {
    /// Most that the family is ready to add in all. Without it no item may cost the family more than the plan's last
    /// preview showed when it was written.
    #[schema(value_type = Option<String>, format = "decimal", max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$", example = "12.50")]
    #[validate(custom(function = "checks::not_negative"))]
    #[serde(default)]
    pub expected_family_share: Option<Money>,
}

/// Submit a family plan
///
/// All items become orders that hold money on their vouchers and a place of their sessions, or none does: a refusal
/// names the line and the rule. The family never adds more than it was shown: when a voucher covers less than that by
/// now, the answer is 409 `insufficient_balance`, and a look at the plan shows the new figures.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("family_plan_id" = Uuid, Path, description = "The plan."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that is submitted, if it matters.",
         min_length = 1, max_length = 255),
    ),
    request_body(content = Option<SubmitFamilyPlan>, example = json!({"expected_family_share": "12.50"})),
    responses(
        (status = 200, description = "The plan with its orders.", body = FamilyPlan,
         headers(("ETag" = String, description = "Version of the plan."))),
        (status = 409, description = "An item cannot be ordered, or the plan has been submitted."),
        (status = 412, description = "The plan has changed since."),
    ),
)]
#[post("/v1/family-plans/{family_plan_id}/submit")]
pub async fn submit_family_plan(
    actor: Actor,
    queue: Data<SubmissionQueue>,
    vault: Data<Vault>,
    family_plan_id: Path<Uuid>,
    key: IdempotencyKey,
    versions: Option<IfMatch>,
    body: OptionalJson<SubmitFamilyPlan>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "submit_family_plan", body.hash()).with_path(*family_plan_id);
    let expected = body.value().and_then(|body| body.expected_family_share);
    let submission =
        Submission::new(&actor, *family_plan_id, request).of_versions(versions.as_ref()).for_at_most(expected);
    let plan = queue.place(submission, &vault).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(plan.version))).json(plan))
}
