use super::Failure;
use crate::demo;
use crate::runtime::{Database, Progress, RunningFile, Server, ServerConfig, let_the_last_one_go};
use crate::settings::{DemoChoice, Settings, master_key};
use std::io::Write;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let progress = Progress::on_stderr();
    let master_key = master_key(settings)?;
    let_the_last_one_go(&settings.data_dir).await;
    let database = Database::open(settings, &progress).await?;
    let ended = serve(settings, master_key, &database, &progress).await;
    progress.done();
    database.close().await?;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn serve(
    settings: &Settings,
    master_key: [u8; 32],
    database: &Database,
    progress: &Progress,
) -> Result<(), Failure> {
    progress.step("migrating the database");
    database.migrate().await?;
    let wants_demo = match settings.demo {
        DemoChoice::Yes => true,
        DemoChoice::No => false,
        DemoChoice::Auto => settings.database_url.is_none(),
    };
    if wants_demo {
        demo::load_once(&database.url, master_key, progress).await?;
    }
    progress.step("starting the server");
    let server = Server::start(ServerConfig {
        addr: settings.addr,
        public_url: settings.public_url(),
        database_url: database.url.clone(),
        master_key,
        workers: settings.workers(),
        pool_per_worker: settings.pool_per_worker(),
        rate_limit: settings.rate_limit,
        trust_proxy: settings.trust_proxy,
        cors_origins: settings.cors_origins.clone(),
    })
    .await?;
    progress.done();
    let base_url = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", server.addr));
    let pid = std::process::id();
    let running = RunningFile { pid, base_url: base_url.clone(), database_url: database.url.clone() };
    let running = database.is_private().then(|| running.write(&settings.data_dir)).transpose()?;
    announce(&base_url, database)?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    eprintln!("concilia: stopping");
    drop(running);
    server.stop().await;
    Ok(())
}

fn announce(base_url: &str, database: &Database) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Concilia is ready.")?;
    writeln!(out, "  API        {base_url}/v1/stores")?;
    writeln!(out, "  Docs       {base_url}/docs/")?;
    writeln!(out, "  Contract   {base_url}/openapi.json")?;
    if let Some(url) = &database.operator_url {
        writeln!(out, "  Database   psql '{url}'")?;
    }
    writeln!(out, "  Demo logins: concilia demo-credentials   (cargo run -- demo-credentials)")?;
    writeln!(out, "Ctrl-C stops it.")
}
