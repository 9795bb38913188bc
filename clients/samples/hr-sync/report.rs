//! What became of the rows.

use concilia_client::{Concilia, List, TryStreamExt, types};
use concilia_samples::Failure;
use std::process::ExitCode;

const COUNTS: [&str; 5] = ["created", "updated", "unchanged", "ended", "rejected"];

/// Status when the import went through and some rows did not.
const ROWS_REFUSED: u8 = 2;

pub(crate) async fn print(concilia: &Concilia, job: &types::Job) -> Result<ExitCode, Failure> {
    print_counts(job);
    let refused = print_errors(concilia, job).await?;
    if job.state != types::JobState::Succeeded {
        let reason = job.failure_code.as_deref().unwrap_or("no reason given");
        eprintln!("hr-sync: the import {}: {reason}", job.state);
        return Ok(ExitCode::FAILURE);
    }
    Ok(if refused || job.rows_in_error > 0 { ExitCode::from(ROWS_REFUSED) } else { ExitCode::SUCCESS })
}

fn print_counts(job: &types::Job) {
    let Some(result) = &job.result else { return };
    for name in COUNTS {
        println!("{name:<10}{:>8}", result.get(name).copied().unwrap_or_default());
    }
}

/// Prints each fault as it arrives, page by page; tells whether there were any.
async fn print_errors(concilia: &Concilia, job: &types::Job) -> Result<bool, Failure> {
    let mut errors = concilia.list_job_errors().job_id(job.id).limit(200).items();
    let mut any = false;
    while let Some(error) = errors.try_next().await? {
        let field = error.field.as_deref().unwrap_or("-");
        println!("line {}: {field}: {}: {}", error.line, error.code, error.detail);
        any = true;
    }
    Ok(any)
}
