use super::{Progress, RunningFile};
use crate::settings::Settings;
use concilia_embedded::{Cluster, ClusterConfig, EmbeddedError};
use concilia_migrator::{MigrationError, migrate};

/// Name of the database in a private cluster.
const NAME: &str = "concilia";

/// The database a command works on: a server of the operator's, or a private one.
pub struct Database {
    pub url: String,
    /// How `psql` on this machine reaches a private server.
    pub operator_url: Option<String>,
    cluster: Option<Cluster>,
}

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(transparent)]
    Migration(#[from] MigrationError),
    #[error("the migration thread stopped")]
    Stopped,
}

impl Database {
    /// `DATABASE_URL`, else the private server: the one already running in the data folder, or started here.
    pub async fn open(settings: &Settings, progress: &Progress) -> Result<Self, DatabaseError> {
        if let Some(url) = &settings.database_url {
            return Ok(Self { url: url.clone(), operator_url: None, cluster: None });
        }
        if let Some(running) = RunningFile::find(&settings.data_dir) {
            return Ok(Self { url: running.database_url, operator_url: None, cluster: None });
        }
        let steps = progress.clone();
        let config = ClusterConfig::durable(settings.data_dir.join("postgres"))
            .with_progress(move |step| steps.step(&format!("PostgreSQL: {step}")));
        let cluster = Cluster::start(config).await?;
        cluster.ensure_database(NAME).await?;
        let (url, operator_url) = (cluster.url(NAME), cluster.tcp_url(NAME));
        Ok(Self { url, operator_url, cluster: Some(cluster) })
    }

    /// Whether the server is private to this process.
    pub fn is_private(&self) -> bool {
        self.cluster.is_some()
    }

    /// Brings the schema up to date; names what ran.
    pub async fn migrate(&self) -> Result<Vec<String>, DatabaseError> {
        let url = self.url.clone();
        // Migrations block their thread, which only a runtime with several threads allows.
        let ran = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.map_err(|_| DatabaseError::Stopped)?.block_on(migrate(&url)).map_err(DatabaseError::from)
        });
        tokio::task::spawn_blocking(move || ran.join())
            .await
            .map_err(|_| DatabaseError::Stopped)?
            .map_err(|_| DatabaseError::Stopped)?
    }

    /// Stops a private server.
    pub async fn close(self) -> Result<(), DatabaseError> {
        match self.cluster {
            Some(cluster) => Ok(cluster.stop().await?),
            None => Ok(()),
        }
    }
}
