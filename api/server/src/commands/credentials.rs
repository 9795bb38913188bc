use super::Failure;
use crate::demo;
use crate::runtime::RunningFile;
use crate::settings::{Settings, master_key};
use std::io::Write;
use std::process::ExitCode;

pub(super) fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let base_url =
        RunningFile::find(&settings.data_dir).map_or_else(|| settings.public_url(), |found| found.base_url);
    let credentials = demo::credentials(&master_key(settings)?, base_url)?;
    let text = serde_json::to_string_pretty(&credentials)?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}
