//! Work without a caller: jobs, what time does by itself, the key ring. One thread of its own, so
//! that a long import never delays a request.

use super::connections::POOL_OF_BACKGROUND;
use concilia_identity::IdentityState;
use concilia_kernel::db::PoolSettings;
use concilia_kernel::jobs::{JobHandler, Runner};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Db, Problem, now};
use std::rc::Rc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// How often time is looked at: calls that close, orders that lapse, vouchers that expire.
const SWEEP_EVERY: Duration = Duration::from_secs(15);
/// How often what has served its time is removed: expired tokens, old throttles, old answers.
const CLEAN_UP_EVERY: Duration = Duration::from_hours(1);

pub(super) struct Background {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// What the background works with.
#[derive(Clone)]
pub(super) struct BackgroundState {
    pub pool: PoolSettings,
    pub vault: Vault,
    pub identity: IdentityState,
    pub limiter: crate::http::RateLimiter,
}

impl Background {
    pub(super) fn start(state: BackgroundState) -> std::io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("background".into()).spawn(move || {
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, async move {
                tokio::select! {
                    () = work(state) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { stop, thread })
    }

    pub(super) fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

async fn work(state: BackgroundState) {
    // A batch of an import may run longer than any request.
    let pool =
        PoolSettings { per_worker: POOL_OF_BACKGROUND, statement_timeout: Duration::from_mins(5), ..state.pool };
    let db = match Db::new(pool) {
        Ok(db) => db,
        Err(error) => return tracing::error!(%error, "no pool for the background"),
    };
    let handlers: Vec<Rc<dyn JobHandler>> = vec![
        Rc::new(concilia_eligibility::EmployeeImport::new(state.vault.clone())),
        Rc::new(concilia_ledger::LedgerCheck),
    ];
    let runner = Runner::new(db.clone(), handlers);
    let sweeps = async {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            if let Err(problem) = sweep(&db).await {
                tracing::warn!(%problem, "sweep");
            }
            state.limiter.forget_idle();
        }
    };
    let keys = async {
        loop {
            tokio::time::sleep(concilia_identity::keys::REFRESH_EVERY).await;
            if let Err(problem) = refresh_keys(&db, &state.identity).await {
                tracing::warn!(%problem, "key refresh");
            }
        }
    };
    let clean_ups = async {
        loop {
            if let Err(problem) = clean_up(&db).await {
                tracing::warn!(%problem, "clean-up");
            }
            tokio::time::sleep(CLEAN_UP_EVERY).await;
        }
    };
    tokio::join!(runner.run(), sweeps, keys, clean_ups);
}

async fn refresh_keys(db: &Db, identity: &IdentityState) -> Result<(), Problem> {
    let mut conn = db.conn().await?;
    identity.refresh(&mut conn).await
}

async fn clean_up(db: &Db) -> Result<(), Problem> {
    let mut conn = db.conn().await?;
    concilia_identity::clean_up(&mut conn).await?;
    concilia_kernel::idempotency::forget_old(&mut conn).await?;
    Ok(())
}

async fn sweep(db: &Db) -> Result<(), Problem> {
    let mut conn = db.conn().await?;
    concilia_planning::close_due_project_calls(&mut conn).await?;
    concilia_benefits::close_due_calls(&mut conn).await?;
    concilia_marketplace::sweep_orders(&mut conn, now()).await?;
    concilia_ledger::expire_vouchers(&mut conn, now().date_naive()).await?;
    Ok(())
}
