use super::FamilyPlanInput;
use super::create_family_plan::write_draft;
use super::submission::Submission;
use concilia_eligibility::find_worker_id;
use concilia_kernel::extract::IdempotencyKey;
use concilia_kernel::idempotency::RequestIdentity;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Writes a plan of the worker and submits it, inside the caller's transaction. Returns its orders in the order of the
/// items. Refuses as the operations do.
pub async fn order_at_once(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    worker: &Actor,
    input: &FamilyPlanInput,
) -> Result<Vec<Uuid>, Problem> {
    let worker_id = find_worker_id(conn, worker.territory_id, worker.id).await?;
    let id = write_draft(conn, vault, worker.territory_id, worker_id, input).await?;
    let request = RequestIdentity::new(IdempotencyKey(None), "submit_family_plan", [0; 32]);
    let plan = Submission::new(worker, id, request).place(conn, vault).await?;
    Ok(plan.items.into_iter().filter_map(|item| item.order_id).collect())
}
