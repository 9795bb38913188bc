//! Scratch directories and a plain connection.

use std::fs;
use std::path::{Path, PathBuf};

use concilia_embedded::ClusterConfig;
use rand::distr::{Alphanumeric, SampleString};
use tokio_postgres::NoTls;

/// A directory for one test, deleted with what is in it at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    pub fn within(parent: &Path) -> Self {
        let name = Alphanumeric.sample_string(&mut rand::rng(), 8);
        let path = parent.join(format!("concilia-test-{name}"));
        fs::create_dir_all(&path).expect("scratch directory");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A durable cluster that does not take 256 MB of memory.
pub fn durable(data_dir: &Path) -> ClusterConfig {
    let mut config = ClusterConfig::durable(data_dir);
    config.settings.push(("shared_buffers".to_owned(), "16MB".to_owned()));
    config
}

/// Runs `statements` and answers the first column of the last row.
pub async fn query(url: &str, statements: &str) -> String {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connection");
    tokio::spawn(connection);
    let messages = client.simple_query(statements).await.expect("statements");
    messages
        .iter()
        .rev()
        .find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        })
        .unwrap_or_default()
}

pub fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}
