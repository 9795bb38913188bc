//! The migrations, embedded, and what runs them. Apart from the kernel, so that a new migration rebuilds what starts a
//! database and nothing else.

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("cannot connect to migrate: {0}")]
    Connect(#[from] diesel::ConnectionError),
    #[error("migration failed: {0}")]
    Run(Box<dyn std::error::Error + Send + Sync>),
}

/// Brings the database at `url` to the newest schema and names the migrations it ran.
/// Servers that start together queue on an advisory lock.
pub async fn migrate(url: &str) -> Result<Vec<String>, MigrationError> {
    use diesel_async::SimpleAsyncConnection as _;
    let mut connection = AsyncPgConnection::establish(url).await?;
    connection
        .batch_execute("SELECT pg_advisory_lock(7265737460)")
        .await
        .map_err(|e| MigrationError::Run(e.into()))?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let ran = harness.run_pending_migrations(MIGRATIONS).map_err(MigrationError::Run)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}
