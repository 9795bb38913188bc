use super::stored_order::{StoredOrder, load_order, load_orders};
use concilia_kernel::db::{DbError, PoolSettings, Turns};
use concilia_kernel::{Db, Problem};
use std::collections::HashMap;
use std::rc::Rc;
use uuid::Uuid;

/// Orders read in one turn at most: a turn of many more would keep those that look at one waiting.
const ORDERS_A_TURN: usize = 64;

/// Where those who look at orders on one worker thread meet: orders that are asked for at the same time are read together.
#[derive(Clone)]
pub struct OrderReads {
    turns: Turns<Uuid, Option<Rc<StoredOrder>>>,
    db: Db,
}

impl OrderReads {
    /// Starts its turns on the current worker thread, on a connection of their own.
    pub fn start(db: Db, settings: PoolSettings) -> Result<Self, DbError> {
        let own = Db::planned_by_index(PoolSettings { per_worker: 1, ..settings })?;
        let turns = Turns::start(ORDERS_A_TURN, async move |ids: &[Uuid]| {
            let orders = read_together(&own, ids).await;
            if let Err(problem) = &orders {
                tracing::warn!(%problem, orders = ids.len(), "orders could not be read together");
            }
            orders.map_or_else(|_| vec![], |orders| ids.iter().map(|id| Some(orders.get(id).cloned())).collect())
        });
        Ok(Self { turns, db })
    }

    /// The order, if it exists: who may see it is for the caller to say.
    pub(super) async fn read(&self, id: Uuid) -> Result<Option<StoredOrder>, Problem> {
        match self.turns.ask(id).await {
            Some(order) => Ok(order.map(Rc::unwrap_or_clone)),
            None => Ok(load_order(&mut &**self.db.reader().await?, id).await?),
        }
    }
}

async fn read_together(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Rc<StoredOrder>>, Problem> {
    let orders = load_orders(&mut &**db.reader().await?, ids).await?;
    Ok(orders.into_iter().map(|order| (order.id, Rc::new(order))).collect())
}
