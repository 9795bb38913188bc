use super::Failure;
use crate::runtime::{Database, Progress};
use crate::settings::Settings;
use std::io::Write;
use std::process::ExitCode;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let database = Database::open(settings, &Progress::on_stderr()).await?;
    let ran = database.migrate().await;
    database.close().await?;
    let ran = ran?;
    let mut out = std::io::stdout().lock();
    for name in &ran {
        writeln!(out, "{name}")?;
    }
    writeln!(out, "{} migration(s) run", ran.len())?;
    Ok(ExitCode::SUCCESS)
}
