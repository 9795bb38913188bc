use super::messages;
use crate::problem::Problem;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// A pooled connection.
pub type Conn = Object<AsyncPgConnection>;

#[derive(Debug, thiserror::Error)]
#[error("cannot reach the database: {0}")]
pub struct DbError(pub String);

#[derive(Debug, Clone)]
pub struct PoolSettings {
    pub url: String,
    /// Pooled connections of each worker thread.
    pub per_worker: usize,
    /// No statement of a request runs longer.
    pub statement_timeout: Duration,
}

/// The database as one worker thread sees it: a pool for transactions and a shared connection
/// for autocommit reads. Not `Send`: each worker makes its own.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    reader: Rc<Mutex<Option<Rc<Reader>>>>,
    settings: Rc<PoolSettings>,
    planner_settings: &'static str,
}

/// Statements are planned once, by index: for those that look up any number of rows by their keys. PostgreSQL would think
/// about each anew for longer than it takes to run it, and read small tables whole.
const BY_INDEX: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
                        SET enable_mergejoin = off";

/// A shared connection whose peer is silent for so long is lost.
const LOST_AFTER: Duration = Duration::from_secs(10);

async fn set_up(
    connection: &mut AsyncPgConnection,
    statement_timeout: Duration,
    planner_settings: &str,
) -> diesel::QueryResult<()> {
    let setup = format!(
        "SET timezone = 'UTC'; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = 60000; {}; {planner_settings}",
        statement_timeout.as_millis(),
        messages::IN_ENGLISH
    );
    connection.batch_execute(&setup).await
}

impl Db {
    /// Connections are opened on demand. They are handed out again without a probe (`Fast`): the
    /// default probe costs a round trip on each check-out, and a dead connection says so itself.
    pub fn new(settings: PoolSettings) -> Result<Self, DbError> {
        Self::with(settings, "")
    }

    /// One whose statements are planned once, by index.
    pub fn planned_by_index(settings: PoolSettings) -> Result<Self, DbError> {
        Self::with(settings, BY_INDEX)
    }

    fn with(settings: PoolSettings, planner_settings: &'static str) -> Result<Self, DbError> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        let timeout = settings.statement_timeout;
        config.custom_setup = Box::new(move |url| {
            let url = url.to_owned();
            Box::pin(async move {
                let mut connection = AsyncPgConnection::establish(&url).await?;
                set_up(&mut connection, timeout, planner_settings)
                    .await
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(connection)
            })
        });
        let manager = AsyncDieselConnectionManager::new_with_config(settings.url.clone(), config);
        let pool = Pool::builder(manager)
            .max_size(settings.per_worker)
            .wait_timeout(Some(Duration::from_secs(10)))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|e| DbError(e.to_string()))?;
        Ok(Self { pool, reader: Rc::default(), settings: Rc::new(settings), planner_settings })
    }

    /// A connection for a transaction or for a heavy query.
    pub async fn conn(&self) -> Result<Conn, Problem> {
        self.pool.get().await.map_err(|error| Problem::unavailable(1, error))
    }

    /// The shared connection, for short autocommit reads only: pass `&mut &*reader` to diesel.
    pub async fn reader(&self) -> Result<Rc<Reader>, Problem> {
        // Held while one is opened, so that those who miss it together open it once, and wait for it once.
        let turn = tokio::time::timeout(LOST_AFTER, self.reader.lock()).await;
        let mut current = turn.map_err(|error| Problem::unavailable(1, error))?;
        if let Some(reader) = current.as_ref().filter(|reader| reader.alive.load(Ordering::Relaxed)) {
            return Ok(Rc::clone(reader));
        }
        let fresh = Reader::open(&self.settings, self.planner_settings)
            .await
            .map_err(|error| Problem::unavailable(1, error))?;
        Ok(Rc::clone(current.insert(Rc::new(fresh))))
    }
}

/// A connection shared by reference: statements of concurrent requests are pipelined on it.
pub struct Reader {
    connection: AsyncPgConnection,
    alive: Arc<AtomicBool>,
}

impl Reader {
    async fn open(
        settings: &PoolSettings,
        planner_settings: &str,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let mut config: tokio_postgres::Config = settings.url.parse()?;
        // All reads of a thread depend on it: a peer that has gone without a word must not hold them for long.
        config.connect_timeout(LOST_AFTER).tcp_user_timeout(LOST_AFTER);
        let (client, driver) = config.connect(tokio_postgres::NoTls).await?;
        let alive = Arc::new(AtomicBool::new(true));
        let ended = Arc::clone(&alive);
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::warn!(%error, "shared read connection lost");
            }
            ended.store(false, Ordering::Relaxed);
        });
        let mut connection = AsyncPgConnection::try_from(client).await?;
        set_up(&mut connection, settings.statement_timeout, planner_settings).await?;
        Ok(Self { connection, alive })
    }
}

impl Deref for Reader {
    type Target = AsyncPgConnection;
    fn deref(&self) -> &AsyncPgConnection {
        &self.connection
    }
}
