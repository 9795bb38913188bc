use crate::problem::Problem;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, TransactionManager};

/// Runs `work` in a transaction: committed when it answers, rolled back when it refuses.
///
/// Unlike diesel-async's own, the future need not be `Send`: handlers and jobs stay on their thread.
/// A caller that goes away drops the future; the pool then discards the open connection, and
/// PostgreSQL rolls back.
pub async fn transaction<T, F>(connection: &mut AsyncPgConnection, work: F) -> Result<T, Problem>
where
    F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, Problem>,
{
    AnsiTransactionManager::begin_transaction(connection).await?;
    match work(connection).await {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(connection).await?;
            Ok(value)
        }
        Err(problem) => {
            if let Err(error) = AnsiTransactionManager::rollback_transaction(connection).await {
                tracing::warn!(%error, "rollback failed");
            }
            Err(problem)
        }
    }
}
