use clap::Parser;
use concilia_server::commands::Cli;
use std::process::ExitCode;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.start_logging();
    cli.run().await
}
