//! Plans without a request, for the demo.

use super::FamilyPlanInput;
use super::queries::{insert_plan, write_items};
use super::submit_family_plan::{submit, undone, written_out};
use concilia_eligibility::find_worker_id;
use concilia_kernel::extract::IdempotencyKey;
use concilia_kernel::idempotency::RequestIdentity;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Problem, new_id};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Writes a plan of the worker that `actor` is and submits it, as the operations do, in the caller's transaction:
/// the orders, in the order of the items.
pub async fn order_at_once(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    actor: &Actor,
    input: &FamilyPlanInput,
) -> Result<Vec<Uuid>, Problem> {
    let worker_id = find_worker_id(conn, actor.territory_id, actor.id).await?;
    let items = input.check(conn, vault, actor.territory_id, worker_id).await?;
    let id = new_id();
    insert_plan(conn, actor.territory_id, worker_id, input.store_id, id).await?;
    write_items(conn, id, &items).await?;
    let request = RequestIdentity::new(IdempotencyKey(None), "submit_family_plan", [0; 32]);
    let outcome = submit(conn, actor, id, None, None, &request).await.map_err(undone)?;
    Ok(written_out(outcome)?.items.into_iter().filter_map(|item| item.order_id).collect())
}
