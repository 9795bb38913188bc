//! Moves without a request, for the demo.

use super::make_move::{Details, ask, refuse_unless_done};
use crate::rules::Move;
use concilia_kernel::{Actor, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Makes a move of an order as `actor`, with all that it brings about, in the caller's transaction.
pub async fn move_order(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    order_id: Uuid,
    made: &'static Move,
) -> Result<(), Problem> {
    let outcome = ask(conn, actor, order_id, made, None, &Details::default()).await?;
    refuse_unless_done(&outcome, made)
}
