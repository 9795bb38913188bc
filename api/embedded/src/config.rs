//! What the caller chooses, and the settings that follow.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::binaries::Binaries;

/// Called with a short sentence at each step that may take a moment.
pub type Progress = Arc<dyn Fn(&str) + Send + Sync>;

/// Whether the data outlive the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// Kept in this directory, which is created when missing, and safe against power loss.
    Durable(PathBuf),
    /// Thrown away on stop; never written to disk on purpose. Lives in the temporary directory.
    Ephemeral,
}

/// How to run a private cluster. Build it with [`ClusterConfig::durable`] or
/// [`ClusterConfig::ephemeral`] and change what differs.
#[derive(Clone)]
pub struct ClusterConfig {
    /// Where the data are and whether they stay.
    pub storage: Storage,
    /// The binaries; `None` finds them, and for existing data those of the right version.
    pub binaries: Option<Binaries>,
    /// Also listen on 127.0.0.1, with the generated password.
    pub tcp: bool,
    /// Port for `tcp`; `None` keeps the one of the last start while it is free, else takes a free one.
    pub port: Option<u16>,
    /// Most simultaneous connections.
    pub max_connections: u16,
    /// Server settings that override all others, such as `("work_mem", "16MB")`.
    pub settings: Vec<(String, String)>,
    /// Told what is going on.
    pub progress: Progress,
    /// Longest wait for the server to become ready, which includes recovery after a crash.
    pub start_timeout: Duration,
    /// Longest wait for a clean shutdown before a forced one.
    pub stop_timeout: Duration,
}

impl ClusterConfig {
    /// A cluster whose data survive in `data_dir`.
    pub fn durable(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            storage: Storage::Durable(data_dir.into()),
            binaries: None,
            tcp: true,
            port: None,
            max_connections: 100,
            settings: Vec::new(),
            progress: Arc::new(|_| {}),
            start_timeout: Duration::from_mins(2),
            stop_timeout: Duration::from_secs(30),
        }
    }

    /// A throw-away cluster for tests: fast, without a port, gone when stopped.
    pub fn ephemeral() -> Self {
        Self {
            storage: Storage::Ephemeral,
            tcp: false,
            max_connections: 300,
            start_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(5),
            ..Self::durable(PathBuf::new())
        }
    }

    /// Reports each step to `progress`.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(progress);
        self
    }

    pub(crate) fn is_durable(&self) -> bool {
        matches!(self.storage, Storage::Durable(_))
    }
}

/// Settings written to `postgresql.conf` when a cluster is made: the operator may edit them there.
pub(crate) fn initial_settings(durable: bool) -> &'static [(&'static str, &'static str)] {
    if durable { DURABLE } else { EPHEMERAL }
}

const DURABLE: &[(&str, &str)] = &[
    ("shared_buffers", "'256MB'"),
    ("synchronous_commit", "on"),
    ("wal_compression", "on"),
    ("max_wal_size", "'2GB'"),
    ("jit", "off"),
    ("timezone", "'UTC'"),
    ("log_timezone", "'UTC'"),
    ("log_line_prefix", "'%m [%p] %d '"),
    // Statements and the details of errors quote values, that is, personal data.
    ("log_error_verbosity", "terse"),
    ("log_min_error_statement", "panic"),
];

const EPHEMERAL: &[(&str, &str)] = &[
    ("shared_buffers", "'128MB'"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "'4GB'"),
    ("checkpoint_timeout", "'1h'"),
    ("autovacuum_naptime", "'10s'"),
    ("jit", "off"),
    ("timezone", "'UTC'"),
    ("log_timezone", "'UTC'"),
];
