use super::background::{Background, BackgroundState};
use super::{connections, expectations};
use crate::http::{AppState, Gate, Metrics, Operations, RateLimiter, document, install, pass};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, dev::ServerHandle, web};
use concilia_identity::{IdentitySettings, IdentityState, keys};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::vault::{Vault, VaultError};
use concilia_kernel::{Db, Problem};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// What a server needs to run on a migrated database.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    pub addr: SocketAddr,
    pub public_url: String,
    pub database_url: String,
    pub master_key: [u8; 32],
    pub workers: usize,
    pub pool_per_worker: usize,
    pub rate_limit: u32,
    pub trust_proxy: bool,
    pub cors_origins: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {addr}: {source}")]
    Listen { addr: SocketAddr, source: std::io::Error },
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("the signing keys cannot be read: {0} (is this the master key of this database?)")]
    Keys(Problem),
    #[error("the contract is not sound: {0}")]
    Contract(String),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// A running server.
pub struct Server {
    pub addr: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    background: Background,
}

impl Server {
    pub async fn start(config: ServerConfig) -> Result<Self, StartError> {
        concilia_identity::smoke_test().map_err(StartError::Keys)?;
        let vault = Vault::new(&config.master_key)?;
        let pool = PoolSettings {
            url: config.database_url.clone(),
            per_worker: config.pool_per_worker,
            statement_timeout: Duration::from_secs(30),
        };
        let identity = load_identity(&pool, &vault, &config.public_url).await.map_err(StartError::Keys)?;
        let contract = document();
        let operations = Operations::of(&contract).map_err(StartError::Contract)?;
        let limiter = RateLimiter::per_minute(config.rate_limit);
        expectations::check(&pool, connections::at_most(config.workers, config.pool_per_worker)).await;
        let listen = |source| StartError::Listen { addr: config.addr, source };
        let listener = TcpListener::bind(config.addr).map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        let background = Background::start(BackgroundState {
            pool: pool.clone(),
            vault: vault.clone(),
            identity: identity.clone(),
            limiter: limiter.clone(),
        })?;
        let state = AppState {
            gate: Gate {
                operations: Arc::new(operations),
                verifier: identity.verifier(),
                limiter,
                metrics: Metrics::new().map_err(|e| StartError::Contract(e.to_string()))?,
                trust_proxy: config.trust_proxy,
                cors_origins: config.cors_origins.clone().into(),
            },
            pool,
            vault,
            identity,
            background: background.pulse(),
            contract: crate::contract::render(&contract).into(),
        };
        let server = HttpServer::new(move || {
            App::new().app_data(web::Data::new(state.gate.clone())).wrap(from_fn(pass)).configure(install(&state))
        })
        .workers(config.workers)
        .shutdown_timeout(10)
        .disable_signals()
        .listen(listener)
        .map_err(listen)?
        .run();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        Ok(Self { addr, handle, serving, background })
    }

    /// Answers what is under way, then ends.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        let _ = self.serving.await;
        let background = self.background;
        let _ = tokio::task::spawn_blocking(move || background.stop()).await;
    }
}

async fn load_identity(pool: &PoolSettings, vault: &Vault, public_url: &str) -> Result<IdentityState, Problem> {
    let db = Db::new(PoolSettings { per_worker: 1, ..pool.clone() }).map_err(Problem::internal)?;
    let mut conn = db.conn().await?;
    keys::ensure_signing_key(&mut conn, vault).await?;
    IdentityState::load(&mut conn, vault, IdentitySettings::new(public_url)).await
}
