use super::Failure;
use crate::demo;
use crate::runtime::{Database, Progress};
use crate::settings::{Settings, master_key};
use std::process::ExitCode;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let progress = Progress::on_stderr();
    let master_key = master_key(settings)?;
    let database = Database::open(settings, &progress).await?;
    let loaded = async {
        database.migrate().await?;
        demo::load_once(&database.url, master_key, &progress).await
    }
    .await;
    progress.done();
    database.close().await?;
    let message = if loaded? { "demo loaded" } else { "the database already holds territories: nothing loaded" };
    eprintln!("concilia: {message}");
    Ok(ExitCode::SUCCESS)
}
