//! The command line: one file per sub-command.

mod check_ledger;
mod check_plan;
mod credentials;
mod demo;
mod keys;
mod migrate;
mod openapi;
mod serve;

use crate::settings::Settings;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Runs Italian territorial work-life-balance plans and their family voucher portal.
#[derive(Debug, Parser)]
#[command(name = "concilia", version, about, long_about = None)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (what `concilia` alone does): database, migrations, demo data, HTTP.
    Serve,
    /// Bring the database to the newest schema and stop.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Load the demo territories into an empty database.
    Demo,
    /// Print, as JSON, the demo's accounts and machine clients with their secrets.
    DemoCredentials,
    /// Prove that the ledger balances; exit status 1 if it does not.
    CheckLedger,
    /// Check a plan written as data: exit status 0 if nothing is wrong, 1 if something is, 2 if it cannot be read.
    CheckPlan(check_plan::CheckPlan),
    /// Show, rotate or retire the keys that sign access tokens.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
}

/// What ends a command badly, in words for the operator.
type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Cli {
    /// Logs go to stderr, as text or as JSON lines.
    pub fn start_logging(&self) {
        let filter = tracing_subscriber::EnvFilter::new(&self.settings.log);
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        if self.settings.log_json {
            builder.json().init();
        } else {
            builder.init();
        }
    }

    pub async fn run(self) -> ExitCode {
        let outcome = match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(&self.settings).await,
            Command::Migrate => migrate::run(&self.settings).await,
            Command::Openapi => openapi::run(),
            Command::Demo => demo::run(&self.settings).await,
            Command::DemoCredentials => credentials::run(&self.settings),
            Command::CheckLedger => check_ledger::run(&self.settings).await,
            Command::CheckPlan(command) => check_plan::run(&command),
            Command::Keys(command) => keys::run(&self.settings, command).await,
        };
        outcome.unwrap_or_else(|error| {
            eprintln!("concilia: {error}");
            ExitCode::FAILURE
        })
    }
}
