//! Waiting for the job that the server makes of a push.

use concilia_client::{Concilia, types};
use concilia_samples::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;
use uuid::Uuid;

const STYLE: &str = "importing {bar:40} {pos}/{len} rows{msg}";
const INTERVAL: Duration = Duration::from_millis(250);

/// The job once it has come to an end, good or bad.
pub(crate) async fn wait(concilia: &Concilia, job_id: Uuid) -> Result<types::Job, Failure> {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template(STYLE) {
        bar.set_style(style);
    }
    loop {
        let job = concilia.get_job().job_id(job_id).send().await?.into_inner();
        show(&bar, &job);
        if is_over(job.state) {
            bar.finish();
            return Ok(job);
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn show(bar: &ProgressBar, job: &types::Job) {
    if let Some(total) = job.total {
        bar.set_length(total.unsigned_abs());
    }
    bar.set_position(job.done.unsigned_abs());
    if job.rows_in_error > 0 {
        bar.set_message(format!(", {} in error", job.rows_in_error));
    }
}

fn is_over(state: types::JobState) -> bool {
    matches!(state, types::JobState::Succeeded | types::JobState::Failed | types::JobState::Aborted)
}
