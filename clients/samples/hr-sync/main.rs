//! Sends the employees in a CSV file to Concilia, waits for the import, and reports what became of every row.
//!
//! Exit status: 0 when every row was taken, 1 when nothing was imported or the import failed, 2 when rows were refused.

#![allow(clippy::print_stdout, reason = "a command-line program reports on its standard output")]

mod import;
mod metered_file;
mod report;

use clap::Parser;
use concilia_client::{Concilia, types, upload};
use concilia_samples::Failure;
use metered_file::MeteredFile;
use std::path::PathBuf;
use std::process::ExitCode;
use uuid::Uuid;

/// Send the employees in a CSV file to Concilia
#[derive(Parser)]
struct Arguments {
    /// Address of the server
    #[arg(long, env = "CONCILIA_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The employer's machine client
    #[arg(long, env = "CONCILIA_CLIENT_ID")]
    client_id: String,
    /// Its secret
    #[arg(long, env = "CONCILIA_CLIENT_SECRET", hide_env_values = true)]
    client_secret: String,
    /// The employer; that of the client's role unless told
    #[arg(long)]
    employer: Option<Uuid>,
    /// The file holds all employees: whoever is missing has left
    #[arg(long)]
    full: bool,
    /// The file
    file: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return explain(&usage),
    };
    match run(arguments).await {
        Ok(status) => status,
        Err(failure) => {
            eprintln!("hr-sync: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Help, or a wrong use of the program, which must not pass for refused rows.
fn explain(usage: &clap::Error) -> ExitCode {
    if usage.print().is_err() || usage.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let concilia = Concilia::builder(arguments.url)
        .client_credentials(arguments.client_id, arguments.client_secret)
        .accept_language("en")
        .connect()
        .await?;
    let employer_id = match arguments.employer {
        Some(employer_id) => employer_id,
        None => own_employer(&concilia).await?,
    };
    let mode = if arguments.full {
        types::CreateEmployeeImportCsvMode::Full
    } else {
        types::CreateEmployeeImportCsvMode::Partial
    };
    let unreadable = |error| Failure::told(format!("{}: {error}", arguments.file.display()));
    let file = MeteredFile::open(&arguments.file).await.map_err(unreadable)?;
    let job = concilia
        .create_employee_import_csv()
        .employer_id(employer_id)
        .mode(mode)
        .body(upload::reader(file))
        .send()
        .await?;
    let job = import::wait(&concilia, job.id).await?;
    report::print(&concilia, &job).await
}

/// The organisation for which the client acts as an employer.
async fn own_employer(concilia: &Concilia) -> Result<Uuid, Failure> {
    let me = concilia.get_me().send().await?.into_inner();
    let mut employers = me.roles.into_iter().filter(|held| held.role == types::Role::Employer);
    match (employers.next(), employers.next()) {
        (Some(held), None) => Ok(held.organisation.id),
        (None, _) => Err(Failure::told("the client is not of an employer")),
        (Some(_), Some(_)) => Err(Failure::told("the client is of several employers: choose one with --employer")),
    }
}
