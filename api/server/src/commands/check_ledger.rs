use super::Failure;
use crate::runtime::{Database, Progress};
use crate::settings::Settings;
use concilia_kernel::Db;
use concilia_kernel::db::PoolSettings;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let database = Database::open(settings, &Progress::on_stderr()).await?;
    let report = check(&database).await;
    database.close().await?;
    let report = report?;
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&report)?)?;
    Ok(if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn check(database: &Database) -> Result<concilia_ledger::LedgerReport, Failure> {
    database.migrate().await?;
    let settings =
        PoolSettings { url: database.url.clone(), per_worker: 1, statement_timeout: Duration::from_mins(30) };
    let mut conn = Db::new(settings)?.conn().await?;
    Ok(concilia_ledger::check_ledger(&mut conn, None).await?)
}
