use super::ImportMode;
use super::receive::{ImportSettings, Push, Server, receive};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, Query};
use concilia_kernel::jobs::Job;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// How to understand a push.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// `full` ends today the employment of those who are not in the push; `partial` (unless told)
    /// leaves them alone.
    #[param(inline)]
    pub mode: Option<ImportMode>,
}

impl ImportQuery {
    pub(super) fn mode(&self) -> ImportMode {
        self.mode.unwrap_or(ImportMode::Partial)
    }
}

/// Push employees as NDJSON
///
/// One JSON object per line, of any number of lines, at most 65,536 bytes each. Members: `external_id`
/// (the employer's own identifier, 1 to 64 characters), `tax_code` (codice fiscale of a person,
/// omocodia admitted), `given_name`, `family_name` (1 to 120), `email` (optional), `employed_from`,
/// `employed_to` (optional; `2026-03-01` or `01/03/2026`), `contract_type` (`permanent`, `fixed_term`,
/// `apprenticeship`, `temporary_agency`, `collaboration`, `other`), `shift_worker` (true or false),
/// `workplace` (optional, at most 200).
///
/// Answers at once with a job. A bad row never stops the good ones: `list_job_errors` tells its line,
/// field and code. The result counts rows `created`, `updated`, `unchanged`, `rejected` and, for a full
/// push, employees `ended`. When an external id is repeated the last good line holds; a line superseded
/// within the same batch of 5,000 counts as `unchanged`. A tax code already held by another employee of
/// the employer is refused. In a full push the person of a bad row is not missing if its external id can
/// be read; a push without a good row ends nobody and fails with `full_push_empty`.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("employer_id" = Uuid, Path, description = "The employer."),
        ImportQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated push harmless: the same \
            key and body give the same job.", min_length = 1, max_length = 255),
    ),
    request_body(
        content = inline(concilia_kernel::extract::Upload), content_type = "application/x-ndjson", description = "Employees, one per line.",
        example = "{\"external_id\":\"00042\",\"tax_code\":\"RSSMRA80A41E897B\",\"given_name\":\"Maria\",\
            \"family_name\":\"Rossi\",\"employed_from\":\"2019-09-01\",\"contract_type\":\"permanent\",\
            \"shift_worker\":true}\n",
    ),
    responses(
        (status = 202, description = "The job that imports them.", body = Job,
         headers(("Location" = String, description = "Address of the job."))),
        (status = 409, description = "A push with the same key is being received.",
         body = concilia_kernel::problem::ProblemDocument, content_type = "application/problem+json"),
    ),
)]
#[post("/v1/employers/{employer_id}/employee-imports/ndjson")]
#[allow(clippy::too_many_arguments, reason = "each argument is an extractor")]
pub async fn create_employee_import_ndjson(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    settings: Option<Data<ImportSettings>>,
    employer_id: Path<Uuid>,
    query: Query<ImportQuery>,
    key: IdempotencyKey,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let push = Push {
        operation: "create_employee_import_ndjson",
        employer_id: employer_id.into_inner(),
        mode: query.mode(),
        media_type: "application/x-ndjson",
    };
    receive(Server { actor, db, vault, settings }, push, key, &request, payload).await
}
