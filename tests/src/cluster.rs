//! One ephemeral cluster per process; a template with the demo loaded; a clone of it per test.

use concilia_embedded::{Cluster, ClusterConfig};
use concilia_migrator::migrate;
use concilia_server::demo;
use concilia_server::runtime::Progress;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The master key of every test.
pub const MASTER_KEY: [u8; 32] = [42; 32];

/// Connections kept by the tests themselves, beside their servers'.
struct Shared {
    admin_url: String,
    prefix: String,
}

static SHARED: OnceLock<Shared> = OnceLock::new();
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A database of one test, with the schema and the demo in it.
#[derive(Debug, Clone)]
pub struct TestDb {
    pub url: String,
}

impl TestDb {
    /// A database cloned from the demo's.
    pub async fn demo() -> Self {
        Self::clone_of("demo").await
    }

    /// A migrated database with nothing in it.
    pub async fn empty() -> Self {
        Self::clone_of("empty").await
    }

    async fn clone_of(template: &str) -> Self {
        let shared = tokio::task::spawn_blocking(|| SHARED.get_or_init(start)).await.unwrap();
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = AsyncPgConnection::establish(&shared.admin_url).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
        Self { url: shared.prefix.replace("placeholder", &name) }
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.unwrap()
    }
}

/// Starts the cluster on a thread that lives as long as the process, as the cluster does.
fn start() -> Shared {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut config = ClusterConfig::ephemeral();
            config.settings.push(("max_connections".into(), "400".into()));
            let cluster = Cluster::start(config).await.unwrap();
            for template in ["empty", "demo"] {
                cluster.ensure_database(template).await.unwrap();
                migrate(&cluster.url(template)).await.unwrap();
            }
            demo::load_once(&cluster.url("demo"), MASTER_KEY, &Progress::silent()).await.unwrap();
            let shared = Shared { admin_url: cluster.url("postgres"), prefix: cluster.url("placeholder") };
            send.send(shared).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receive.recv().expect("the cluster starts")
}
