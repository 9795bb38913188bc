//! The logins of the demo, as `concilia demo-credentials` prints them.

use concilia_samples::Failure;
use serde::Deserialize;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use uuid::Uuid;

#[derive(Deserialize)]
pub(crate) struct Credentials {
    pub(crate) base_url: String,
    pub(crate) accounts: Vec<Account>,
    pub(crate) machine_clients: Vec<MachineClient>,
}

#[derive(Deserialize, Clone)]
pub(crate) struct Account {
    pub(crate) role: String,
    pub(crate) organisation: String,
    pub(crate) organisation_id: Uuid,
    pub(crate) territory_code: String,
    pub(crate) email: String,
    pub(crate) password: String,
}

#[derive(Deserialize, Clone)]
pub(crate) struct MachineClient {
    pub(crate) role: String,
    pub(crate) organisation: String,
    pub(crate) organisation_id: Uuid,
    pub(crate) territory_code: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

/// From a file, from the standard input (`-`), or from the program itself.
pub(crate) fn read(source: Option<&str>) -> Result<Credentials, Failure> {
    let text = match source {
        Some("-") => io::read_to_string(io::stdin()).map_err(|error| Failure::told(error.to_string()))?,
        Some(path) => std::fs::read_to_string(path).map_err(|error| Failure::told(format!("{path}: {error}")))?,
        None => ask_the_program()?,
    };
    serde_json::from_str(&text)
        .map_err(|error| Failure::told(format!("the credentials are not understood: {error}")))
}

/// Beside this example, on the path, or built for the purpose.
fn ask_the_program() -> Result<String, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "-q", "--"]);
    let candidates = [program_beside().map(Command::new), Some(Command::new("concilia")), Some(cargo)];
    for mut program in candidates.into_iter().flatten() {
        match program.arg("demo-credentials").output() {
            Ok(output) if output.status.success() => {
                return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
            }
            Ok(output) => return Err(Failure::told(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::told(error.to_string())),
        }
    }
    Err(Failure::told("`concilia demo-credentials` cannot be run: give what it prints with --credentials"))
}

/// `target/<profile>/concilia`, for an example in `target/<profile>/examples`.
fn program_beside() -> Option<PathBuf> {
    let example = std::env::current_exe().ok()?;
    let program = example.parent()?.parent()?.join("concilia");
    program.exists().then_some(program)
}
