//! Typed configuration: every setting is a flag and an environment variable, listed by `concilia --help`.

mod master_key;

pub use master_key::{MasterKeyError, master_key};

use crate::runtime::connections;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address to serve on.
    #[arg(long, env = "CONCILIA_ADDR", default_value = "127.0.0.1:8080", global = true)]
    pub addr: SocketAddr,

    /// Where the private database, the master key and the logs live.
    #[arg(long, env = "CONCILIA_DATA_DIR", default_value = ".concilia", global = true)]
    pub data_dir: PathBuf,

    /// PostgreSQL server to use instead of a private one (15 or newer).
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Master key that seals personal data: 32 bytes in base64. Unset: a file in the data folder, made once.
    #[arg(long, env = "CONCILIA_MASTER_KEY", hide_env_values = true, global = true)]
    pub master_key: Option<String>,

    /// Address that callers know this server by; `iss` of the tokens.
    #[arg(long, env = "CONCILIA_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,

    /// Load the demo territories into an empty database: `yes`, `no`, or `auto` (only into the private one).
    #[arg(long, env = "CONCILIA_DEMO", default_value = "auto", global = true)]
    pub demo: DemoChoice,

    /// Worker threads; 0 takes one per processor.
    #[arg(long, env = "CONCILIA_WORKERS", default_value_t = 0, global = true)]
    pub workers: usize,

    /// Pooled database connections of each worker thread. Unset: 8, or from nine threads on what keeps all of them within
    /// the 100 connections that PostgreSQL usually takes, 2 at least.
    #[arg(long, env = "CONCILIA_POOL_PER_WORKER", value_parser = clap::value_parser!(u16).range(1..=100), global = true)]
    pub pool_per_worker: Option<u16>,

    /// Requests a minute that one caller (account, API client, or address without a token) may make.
    #[arg(long, env = "CONCILIA_RATE_LIMIT", default_value_t = 600_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000_000), global = true)]
    pub rate_limit: u32,

    /// Take the caller's address from `X-Forwarded-For`: only behind a proxy that sets it.
    #[arg(long, env = "CONCILIA_TRUST_PROXY", global = true)]
    pub trust_proxy: bool,

    /// Origins that browsers may call from, separated by commas; `*` for any.
    #[arg(long, env = "CONCILIA_CORS_ORIGINS", default_value = "*", value_delimiter = ',', global = true)]
    pub cors_origins: Vec<String>,

    /// Log filter, such as `info` or `concilia=debug`.
    #[arg(long, env = "CONCILIA_LOG", default_value = "warn", global = true)]
    pub log: String,

    /// Write logs as JSON lines.
    #[arg(long, env = "CONCILIA_LOG_JSON", global = true)]
    pub log_json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DemoChoice {
    Auto,
    Yes,
    No,
}

impl Settings {
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.addr))
    }

    pub fn workers(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(2, usize::from),
            n => n,
        }
    }

    pub fn pool_per_worker(&self) -> usize {
        self.pool_per_worker.map_or_else(|| default_pool(self.workers()), usize::from)
    }
}

/// What PostgreSQL's usual 100 connections leave to the worker threads: 3 are kept for its superuser.
const FOR_WORKERS: usize = 100 - 3 - connections::OF_BACKGROUND;

fn default_pool(workers: usize) -> usize {
    (FOR_WORKERS / workers).saturating_sub(connections::BESIDE_POOL).clamp(2, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_all_connections_fit_into_what_postgresql_usually_takes() {
        assert_eq!([1, 2, 8, 9, 16, 18, 64].map(default_pool), [8, 8, 8, 7, 2, 2, 2]);
        for workers in 1..=18 {
            assert!(connections::at_most(workers, default_pool(workers)) <= 97, "{workers} workers");
        }
    }
}
