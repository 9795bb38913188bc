use super::find_visible;
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::jobs::{self, RowError};
use concilia_kernel::page::page;
use concilia_kernel::problem::field_detail;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A fault of a job's input. The refused value is not repeated: it may be personal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobError {
    /// Line of the input, from 1; the header line of a CSV counts.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub line: i64,
    /// The field at fault; null when the line as a whole is.
    #[schema(required, max_length = 64)]
    pub field: Option<String>,
    /// Stable code of the rule that is broken.
    #[schema(max_length = 64, pattern = "^[a-z0-9_]+$", example = "tax_code_invalid")]
    pub code: String,
    /// The rule, in the caller's language.
    #[schema(max_length = 500)]
    pub detail: String,
}

impl From<RowError> for JobError {
    fn from(error: RowError) -> Self {
        let detail = field_detail(&error.code).to_owned();
        Self { line: error.line, field: error.field, code: error.code, detail }
    }
}

/// List the faults of a job's input
///
/// In the order of the lines; one line may have several. The first 10,000 faults of a job are kept.
#[utoipa::path(
    tag = "eligibility",
    params(("job_id" = Uuid, Path, description = "The job."), PageQuery),
    responses((status = 200, description = "A page of faults.", body = Page<JobError>)),
)]
#[get("/v1/jobs/{job_id}/errors")]
pub async fn list_job_errors(
    actor: Actor,
    db: Data<Db>,
    job_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after = query.after()?;
    let reader = db.reader().await?;
    find_visible(&reader, &actor, *job_id).await?;
    let rows = jobs::list_errors(&mut &**reader, *job_id, after, query.limit()).await?;
    let faults = page(rows, query.limit(), |error| (error.line, error.ordinal));
    Ok(HttpResponse::Ok().json(faults.map(JobError::from)))
}
