use super::Failure;
use std::io::Write;
use std::process::ExitCode;

pub(super) fn run() -> Result<ExitCode, Failure> {
    let text = crate::contract::render(&crate::http::document());
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
