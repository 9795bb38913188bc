//! Everything that can go wrong, worded for the person who typed the command.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::binaries::MINIMUM_VERSION;

const INSTALL_HELP: &str = "Install it:
  Debian, Ubuntu   sudo apt-get install postgresql
  Fedora, RHEL     sudo dnf install postgresql-server
  Arch             sudo pacman -S postgresql
  Alpine           sudo apk add postgresql17
  macOS            brew install postgresql@17
or set CONCILIA_POSTGRES_BIN to the directory that holds `postgres` and `initdb`,
or set DATABASE_URL to use a PostgreSQL server that is already running.";

/// Why a private PostgreSQL could not be found, prepared, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No usable binaries on this machine.
    #[error("no PostgreSQL {MINIMUM_VERSION} or newer was found on this machine{seen}.\n{INSTALL_HELP}")]
    NotInstalled {
        /// What was found but is too old, as `"; found ..."`, or empty.
        seen: String,
    },

    /// `CONCILIA_POSTGRES_BIN` names a directory that will not do.
    #[error("CONCILIA_POSTGRES_BIN={} cannot be used: {reason}", .directory.display())]
    BadOverride {
        /// The directory as given.
        directory: PathBuf,
        /// What is missing or wrong there.
        reason: String,
    },

    /// The data were written by a major version that is not installed.
    #[error(
        "the data in {} belong to PostgreSQL {data}, but only {installed} is installed: install PostgreSQL \
         {data}, or move the data with pg_upgrade",
        .directory.display()
    )]
    OtherVersion {
        /// The cluster directory.
        directory: PathBuf,
        /// Major version that wrote the data.
        data: u32,
        /// Major versions found, comma separated.
        installed: String,
    },

    /// Another process runs this cluster.
    #[error(
        "{} is in use by another running concilia{holder}: stop it, or choose another data directory",
        .directory.display()
    )]
    InUse {
        /// The data directory.
        directory: PathBuf,
        /// `" (process N)"`, or empty when it did not say.
        holder: String,
    },

    /// Started by root on a system that has neither `postgres` nor `nobody`.
    #[error("PostgreSQL refuses to run as root, and this system has neither a user `postgres` nor `nobody`")]
    NoUnprivilegedUser,

    /// The unprivileged user may not run the binaries or enter a directory.
    #[error(
        "PostgreSQL refuses to run as root and runs as `{user}`, who cannot work in {}: choose a place \
         open to that user, or start concilia as an ordinary user",
        .directory.display()
    )]
    Unreachable {
        /// The directory that must be open to the user.
        directory: PathBuf,
        /// Name of the user.
        user: String,
    },

    /// The directory the data were kept in has gone.
    #[error(
        "the data of {} were kept in {}, which is not there any more: put it back, or delete {} to start \
         with an empty database",
        .data_dir.display(), .cluster.display(), .data_dir.display()
    )]
    LocationLost {
        /// The data directory.
        data_dir: PathBuf,
        /// Where it says the cluster is.
        cluster: PathBuf,
    },

    /// A directory of ours in a shared place belongs to somebody else.
    #[error("{} is not a private directory of the expected user: remove it", .directory.display())]
    NotPrivate {
        /// The directory.
        directory: PathBuf,
    },

    /// No place for the socket is short enough for the operating system.
    #[error("no directory for the Unix-domain socket has a path short enough: set TMPDIR to a short path")]
    SocketPathTooLong,

    /// A server left behind by a killed process would not go.
    #[error("process {pid} of an earlier PostgreSQL on {} does not end: stop it by hand", .directory.display())]
    LeftOver {
        /// Its process id.
        pid: i32,
        /// The cluster directory.
        directory: PathBuf,
    },

    /// A PostgreSQL program failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Name of the program.
        program: &'static str,
        /// The end of what it wrote.
        output: String,
    },

    /// The server ended before it was ready.
    #[error("PostgreSQL ended while starting; the end of {}:\n{tail}", .log.display())]
    EndedEarly {
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// The server did not become ready, or did not end, in time.
    #[error("PostgreSQL did not {what} within {} s; see {}", .after.as_secs(), .log.display())]
    Timeout {
        /// `start` or `stop`.
        what: &'static str,
        /// How long it was given.
        after: Duration,
        /// The log file.
        log: PathBuf,
    },

    /// The operating system refused something.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },

    /// The running server refused a statement.
    #[error("PostgreSQL refused to create the database {name}: {source}")]
    Database {
        /// Name of the database.
        name: String,
        /// The server's answer.
        source: tokio_postgres::Error,
    },

    /// The thread that looks after the server ended unexpectedly.
    #[error("the thread that looks after PostgreSQL ended unexpectedly")]
    Supervisor,
}

/// Adds what was being done, and on what, to the errors of the operating system.
pub(crate) trait IoContext<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T, EmbeddedError>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T, EmbeddedError> {
        self.map_err(|source| EmbeddedError::Io { action, path: path.to_path_buf(), source })
    }
}
