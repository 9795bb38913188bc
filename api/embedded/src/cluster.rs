//! The handle on a running private cluster.

use std::fmt::{self, Write};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::SUPERUSER;
use crate::config::ClusterConfig;
use crate::error::{EmbeddedError, IoContext};
use crate::initialise::initialise;
use crate::layout::{Layout, data_version};
use crate::left_over;
use crate::server::{self, Server};
use crate::sweeper::Sweeper;

/// A running private PostgreSQL.
///
/// Ends with [`Cluster::stop`], when dropped, or with the process: on Linux at once, elsewhere at the
/// next start on the same directory.
pub struct Cluster {
    running: Option<Running>,
    directory: PathBuf,
    socket_dir: PathBuf,
    port: u16,
    tcp_password: Option<String>,
    version: u32,
    pid: u32,
}

struct Running {
    server: Server,
    layout: Layout,
    durable: bool,
    /// Of a throw-away cluster.
    _sweeper: Option<Sweeper>,
    stop_timeout: Duration,
}

impl Cluster {
    /// Starts the cluster, making it first when its data directory holds none, and waits until it
    /// takes connections. Stops what a killed earlier run left behind.
    ///
    /// # Errors
    /// Any [`EmbeddedError`]; [`EmbeddedError::InUse`] when another process runs this cluster.
    pub async fn start(config: ClusterConfig) -> Result<Self, EmbeddedError> {
        let (sender, receiver) = oneshot::channel();
        // The kernel ties the server to the thread that started it, so that thread stays with it.
        thread::Builder::new()
            .name("concilia-postgres".to_owned())
            .spawn(move || match launch(&config) {
                Ok((cluster, server, child)) => {
                    if let Err(unwanted) = sender.send(Ok(cluster)) {
                        // Dropping it waits for the server, which this thread must reap.
                        thread::spawn(move || drop(unwanted));
                    }
                    server.supervise(child);
                }
                Err(error) => drop(sender.send(Err(error))),
            })
            .doing("start a thread for", Path::new("postgres"))?;
        receiver.await.map_err(|_| EmbeddedError::Supervisor)?
    }

    /// URL of `database` through the socket: the fastest way, for this user and root only.
    pub fn url(&self, database: &str) -> String {
        let host = percent_encoded(self.socket_dir.as_os_str().as_bytes());
        format!("postgres://{SUPERUSER}@{host}:{}/{}", self.port, percent_encoded(database.as_bytes()))
    }

    /// URL of `database` through 127.0.0.1, with the password, for `psql` and the like; `None`
    /// without [`ClusterConfig::tcp`].
    pub fn tcp_url(&self, database: &str) -> Option<String> {
        let password = self.tcp_password.as_ref()?;
        let database = percent_encoded(database.as_bytes());
        Some(format!("postgres://{SUPERUSER}:{password}@127.0.0.1:{}/{database}", self.port))
    }

    /// Port of the TCP listener; without one, part of the socket's name.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Directory of the Unix-domain socket.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Directory with the data and `postgresql.conf`.
    pub fn cluster_dir(&self) -> &Path {
        &self.directory
    }

    /// Major version of PostgreSQL.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Process id of the server.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Creates `database` unless it exists. Answers whether it was created.
    ///
    /// # Errors
    /// [`EmbeddedError::Database`] when the server refuses.
    pub async fn ensure_database(&self, database: &str) -> Result<bool, EmbeddedError> {
        let refused = |source| EmbeddedError::Database { name: database.to_owned(), source };
        let (client, connection) = tokio_postgres::Config::new()
            .host_path(&self.socket_dir)
            .port(self.port)
            .user(SUPERUSER)
            .dbname("postgres")
            .connect(NoTls)
            .await
            .map_err(refused)?;
        let connection = tokio::spawn(connection);
        let statement = format!("CREATE DATABASE \"{}\"", database.replace('"', "\"\""));
        let outcome = client.batch_execute(&statement).await;
        drop(client);
        // The answer is in; how the connection closes does not matter.
        connection.await.ok();
        match outcome {
            Ok(()) => Ok(true),
            // The second arises when two create it at the same moment.
            Err(error)
                if matches!(error.code(), Some(&SqlState::DUPLICATE_DATABASE | &SqlState::UNIQUE_VIOLATION)) =>
            {
                Ok(false)
            }
            Err(error) => Err(refused(error)),
        }
    }

    /// Stops the server: cleanly, and by force when that takes longer than the configured time. The
    /// data of a throw-away cluster are deleted.
    ///
    /// # Errors
    /// [`EmbeddedError::Timeout`] when even force did not end it.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        let Some(running) = self.running.take() else {
            return Ok(());
        };
        tokio::task::spawn_blocking(move || running.halt()).await.map_err(|_| EmbeddedError::Supervisor)?
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(running) = self.running.take()
            && let Err(error) = running.halt()
        {
            tracing::error!(%error, "could not stop PostgreSQL");
        }
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cluster")
            .field("directory", &self.directory)
            .field("socket_dir", &self.socket_dir)
            .field("port", &self.port)
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

impl Running {
    fn halt(&self) -> Result<(), EmbeddedError> {
        // Nobody needs the data of a throw-away cluster to be in order.
        if self.server.stop(self.durable.then_some(self.stop_timeout)) {
            self.layout.clean(self.durable);
            Ok(())
        } else {
            Err(EmbeddedError::Timeout { what: "stop", after: self.stop_timeout, log: self.layout.log() })
        }
    }
}

fn launch(config: &ClusterConfig) -> Result<(Cluster, Server, Child), EmbeddedError> {
    let layout = Layout::prepare(config)?;
    launch_in(&layout, config)
        .inspect_err(|_| {
            if !config.is_durable() {
                layout.clean(false);
            }
        })
        .map(|started| started.into_cluster(layout, config))
}

struct Started {
    child: Child,
    port: u16,
    tcp_password: Option<String>,
    sweeper: Option<Sweeper>,
}

fn launch_in(layout: &Layout, config: &ClusterConfig) -> Result<Started, EmbeddedError> {
    let cluster = layout.cluster();
    let version = layout.binaries.version();
    if let Some(data) = data_version(&cluster) {
        if data != version {
            return Err(EmbeddedError::OtherVersion { directory: cluster, data, installed: version.to_string() });
        }
        left_over::clear(&cluster, config.stop_timeout, &*config.progress)?;
    } else {
        (config.progress)(&format!("Preparing a PostgreSQL {version} database in {}", layout.root.display()));
        initialise(layout, config.is_durable())?;
    }
    left_over::clear_sockets(&layout.socket_dir);
    (config.progress)(&format!("Starting PostgreSQL {version}"));
    let (mut child, port) = server::start(layout, config)?;
    let tcp_password = if config.tcp {
        let path = layout.password();
        Some(fs::read_to_string(&path).doing("read", &path)?.trim().to_owned())
    } else {
        None
    };
    let sweeper = if config.is_durable() {
        None
    } else {
        let sweeper = Sweeper::start(&layout.home, &layout.socket_dir, child.id());
        Some(sweeper.inspect_err(|_| server::give_up(&mut child))?)
    };
    Ok(Started { child, port, tcp_password, sweeper })
}

impl Started {
    fn into_cluster(self, layout: Layout, config: &ClusterConfig) -> (Cluster, Server, Child) {
        let server = Server::new(&self.child);
        let cluster = Cluster {
            directory: layout.cluster(),
            socket_dir: layout.socket_dir.clone(),
            port: self.port,
            tcp_password: self.tcp_password,
            version: layout.binaries.version(),
            pid: server.pid(),
            running: Some(Running {
                server: server.clone(),
                layout,
                durable: config.is_durable(),
                _sweeper: self.sweeper,
                stop_timeout: config.stop_timeout,
            }),
        };
        (cluster, server, self.child)
    }
}

fn percent_encoded(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, &byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
