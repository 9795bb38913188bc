//! Employers' jobs, for whoever may see them. Imports are the only jobs that callers start so far.

pub mod get_job;
pub mod list_job_errors;
pub mod list_jobs;

use concilia_kernel::db::Reader;
use concilia_kernel::jobs::{self, Job};
use concilia_kernel::{Actor, Problem, Role};
use uuid::Uuid;

/// A job that the caller may see: its organisation's, or for an officer any of the territory.
async fn find_visible(reader: &Reader, actor: &Actor, job_id: Uuid) -> Result<Job, Problem> {
    let (job, organisation_id) = jobs::find(&mut &**reader, actor.territory_id, job_id).await?;
    match organisation_id {
        Some(organisation_id) => actor.require_any(&[Role::Employer, Role::Ats], organisation_id)?,
        None if actor.has(Role::Ats) => {}
        None => return Err(Problem::not_found()),
    }
    Ok(job)
}
