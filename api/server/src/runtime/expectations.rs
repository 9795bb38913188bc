//! What the server expects of PostgreSQL and an operator may have set otherwise: told in the log at the start, as it works
//! without, only worse.

use concilia_kernel::db::{PoolSettings, speaks_english};
use concilia_kernel::{Db, Problem};
use diesel::dsl::sql;
use diesel::sql_types::Integer;
use diesel_async::RunQueryDsl;

/// Looks at a connection as the server opens them; `connections` is how many it opens at most.
pub(super) async fn check(pool: &PoolSettings, connections: usize) {
    if let Err(problem) = look(pool, connections).await {
        tracing::warn!(%problem, "PostgreSQL's settings could not be looked at");
    }
}

async fn look(pool: &PoolSettings, connections: usize) -> Result<(), Problem> {
    let db = Db::new(PoolSettings { per_worker: 1, ..pool.clone() }).map_err(Problem::internal)?;
    let mut conn = db.conn().await?;
    if !speaks_english(&mut conn).await? {
        tracing::warn!(
            "PostgreSQL's messages are not in English: requests that deadlock or time out will answer 500 for 503; \
             as a superuser, GRANT SET ON PARAMETER lc_messages to the role of this server"
        );
    }
    let offered = diesel::select(sql::<Integer>(
        "current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer",
    ));
    let offered: i32 = offered.get_result(&mut conn).await?;
    if usize::try_from(offered).is_ok_and(|offered| offered < connections) {
        tracing::warn!(
            connections,
            offered,
            "this server may open more connections than PostgreSQL takes: raise max_connections, or lower \
             CONCILIA_WORKERS or CONCILIA_POOL_PER_WORKER"
        );
    }
    Ok(())
}
