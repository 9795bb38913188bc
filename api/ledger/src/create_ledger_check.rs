use crate::ledger_check_job::KIND;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::IdempotencyKey;
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::jobs::{self, Job, JobState, NewJob};
use concilia_kernel::{Actor, Db, Problem};
use serde_json::json;

/// Check the ledger
///
/// Starts a job of kind `ledger_check` that recomputes every balance of the territory from its entries. Its result
/// counts `entries`, `vouchers`, `calls` and `violations`; it fails with `ledger_unbalanced` when something is wrong.
#[utoipa::path(
    tag = "benefits",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 202, description = "The job.", body = Job,
        headers(("Location" = String, description = "Address of the job.")))),
)]
#[post("/v1/ledger-checks")]
pub async fn create_ledger_check(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_ledger_check", [0; 32]);
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let new = NewJob {
            kind: KIND,
            organisation_id: None,
            parameters: json!({}),
            state: JobState::Queued,
            total: None,
        };
        let job = jobs::create(conn, &actor, new).await?;
        Reply::accepted(format!("/v1/jobs/{}", job.id), &job)
    })
    .await
}
