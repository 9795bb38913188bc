use concilia_embedded::{Cluster, ClusterConfig};
use concilia_migrator::migrate;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

const TEMPLATE: &str = "template";

/// Addresses of the one cluster of this process.
struct Shared {
    admin_url: String,
    /// With `placeholder` for the name of a database.
    pattern: String,
}

static SHARED: OnceLock<Shared> = OnceLock::new();
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Address of a migrated database with nothing in it, of which no other test knows.
pub(crate) async fn fresh_database() -> String {
    clone_of(TEMPLATE).await
}

/// Address of a copy of the database at `url`. Nobody may be connected to the original.
pub(crate) async fn copy_of(url: &str) -> String {
    let (_, name) = url.rsplit_once('/').expect("an address with a name");
    clone_of(name).await
}

async fn clone_of(original: &str) -> String {
    let shared = SHARED.get_or_init(start);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = AsyncPgConnection::establish(&shared.admin_url).await.expect("connection");
    admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {original}")).await.expect("clone");
    shared.pattern.replace("placeholder", &name)
}

/// Starts the cluster on a thread that lives as long as the process, as the cluster does.
fn start() -> Shared {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(async {
            let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
            cluster.ensure_database(TEMPLATE).await.expect("database");
            migrate(&cluster.url(TEMPLATE)).await.expect("migrations");
            let shared = Shared { admin_url: cluster.url("postgres"), pattern: cluster.url("placeholder") };
            send.send(shared).expect("a test waits");
            std::future::pending::<()>().await;
        });
    });
    receive.recv().expect("the cluster starts")
}
