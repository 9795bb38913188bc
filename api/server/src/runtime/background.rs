//! Work without a caller: jobs, what time does by itself, the key ring. One thread of its own, so
//! that a long import never delays a request. What fails or panics is told in the log and tried again at its next time,
//! and holds up nothing else.

use super::connections::POOL_OF_BACKGROUND;
use crate::http::BackgroundPulse;
use concilia_identity::IdentityState;
use concilia_kernel::db::PoolSettings;
use concilia_kernel::jobs::{JobHandler, Runner};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Db, Problem, idempotency, now, outbox, today};
use diesel_async::AsyncPgConnection;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// How often time is looked at: calls that close, orders that lapse, vouchers that expire.
const SWEEP_EVERY: Duration = Duration::from_secs(15);
/// How often what has served its time is removed: expired tokens, old throttles, old answers, old events.
const CLEAN_UP_EVERY: Duration = Duration::from_hours(1);
/// After how long a runner of jobs that panicked begins again.
const RUNNER_BACK_AFTER: Duration = Duration::from_secs(2);

pub(super) struct Background {
    stop: oneshot::Sender<()>,
    pulse: BackgroundPulse,
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
        let beating = Arc::new(());
        let pulse = BackgroundPulse(Arc::downgrade(&beating));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("background".into()).spawn(move || {
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, async move {
                tokio::select! {
                    () = work(state) => {}
                    _ = stopped => {}
                }
            });
            // A panic drops it as well.
            drop(beating);
        })?;
        Ok(Self { stop, pulse, thread })
    }

    pub(super) fn pulse(&self) -> BackgroundPulse {
        self.pulse.clone()
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
    let jobs = async {
        // A job that panics is caught where it runs: this is for what runs it.
        while AssertUnwindSafe(runner.run()).catch_unwind().await.is_err() {
            tracing::error!("the job runner panicked");
            tokio::time::sleep(RUNNER_BACK_AFTER).await;
        }
    };
    let sweeps = async {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            sweep(&db).await;
            state.limiter.forget_idle();
        }
    };
    let keys = async {
        loop {
            tokio::time::sleep(concilia_identity::keys::REFRESH_EVERY).await;
            attempt(&db, "key refresh", async |conn| state.identity.refresh(conn).await).await;
        }
    };
    let clean_ups = async {
        loop {
            clean_up(&db).await;
            tokio::time::sleep(CLEAN_UP_EVERY).await;
        }
    };
    tokio::join!(jobs, sweeps, keys, clean_ups);
}

async fn clean_up(db: &Db) {
    attempt(db, "removal of expired logins", concilia_identity::clean_up).await;
    attempt(db, "removal of old answers", idempotency::forget_old).await;
    attempt(db, "removal of old events", outbox::forget_old).await;
}

async fn sweep(db: &Db) {
    attempt(db, "closing of calls for projects", concilia_planning::close_due_project_calls).await;
    attempt(db, "closing of voucher calls", concilia_benefits::close_due_calls).await;
    attempt(db, "lapse of orders", async |conn| concilia_marketplace::sweep_orders(conn, now()).await).await;
    attempt(db, "expiry of vouchers", async |conn| concilia_ledger::expire_vouchers(conn, today()).await).await;
}

/// Does a piece of work on a connection of its own, and tells the log where it fails or panics.
async fn attempt<T, E: Into<Problem>>(
    db: &Db,
    work: &str,
    doing: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, E>,
) {
    guarded(work, async {
        let mut conn = db.conn().await?;
        doing(&mut conn).await.map_err(Into::into)
    })
    .await;
}

async fn guarded<T>(work: &str, doing: impl Future<Output = Result<T, Problem>>) {
    match AssertUnwindSafe(doing).catch_unwind().await {
        Ok(Ok(_)) => {}
        Ok(Err(problem)) => tracing::warn!(work, %problem, "background work failed"),
        Err(_) => tracing::error!(work, "background work panicked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn work_that_fails_or_panics_ends_nothing_else() {
        guarded::<()>("failing", async { Err(Problem::not_found()) }).await;
        guarded::<()>("panicking", async { panic!("as it was told") }).await;
    }
}
