use super::Failure;
use crate::runtime::{Database, Progress};
use crate::settings::{Settings, master_key};
use clap::Subcommand;
use concilia_kernel::Db;
use concilia_kernel::db::PoolSettings;
use concilia_kernel::vault::Vault;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, Clone, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys: which signs, which still verify and until when.
    List,
    /// Make a new signing key; the old one verifies until the tokens it signed have expired.
    Rotate,
    /// End a key at once, as when others may know it: the tokens that it signed are refused within seconds.
    Retire {
        /// The key's identifier, as `list` shows it.
        kid: String,
    },
}

pub(super) async fn run(settings: &Settings, command: KeysCommand) -> Result<ExitCode, Failure> {
    let vault = Vault::new(&master_key(settings)?)?;
    let database = Database::open(settings, &Progress::on_stderr()).await?;
    let listed = act(&database, &vault, command).await;
    database.close().await?;
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&listed?)?)?;
    Ok(ExitCode::SUCCESS)
}

async fn act(
    database: &Database,
    vault: &Vault,
    command: KeysCommand,
) -> Result<Vec<concilia_identity::keys::KeyInfo>, Failure> {
    database.migrate().await?;
    let settings =
        PoolSettings { url: database.url.clone(), per_worker: 1, statement_timeout: Duration::from_secs(30) };
    let mut conn = Db::new(settings)?.conn().await?;
    match command {
        KeysCommand::List => {}
        KeysCommand::Rotate => {
            concilia_identity::keys::rotate_keys(&mut conn, vault).await?;
        }
        KeysCommand::Retire { kid } => concilia_identity::keys::retire(&mut conn, &kid).await?,
    }
    Ok(concilia_identity::keys::list_keys(&mut conn).await?)
}
