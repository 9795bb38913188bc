use super::approval::end;
use super::{Allocation, hold_run};
use crate::queries;
use crate::rules::states::AllocationState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Problem, Role, checks};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why an allocation is given up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Corretto il punteggio del progetto 2.3"}))]
pub struct DiscardAllocation {
    /// The reason, kept in the allocation's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Discard an allocation
///
/// Gives up a run that waits for approval, so that another may be computed. It stays on record.
#[utoipa::path(
    tag = "allocation",
    params(("allocation_id" = Uuid, Path, description = "The allocation."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = DiscardAllocation,
    responses((status = 200, description = "The discarded allocation.", body = Allocation,
                headers(("ETag" = String, description = "Version of the allocation."))),
              (status = 409, description = "It does not wait for approval: `transition_not_allowed`.")),
)]
#[post("/v1/allocations/{allocation_id}/discard")]
pub async fn discard_allocation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<DiscardAllocation>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "discard_allocation", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (_, run) = hold_run(conn, &actor, id.0).await?;
        let agent = Agent::of(&actor, Role::Ats);
        end(conn, &run, AllocationState::Discarded, agent, Some(&body.reason)).await?;
        let run = queries::allocations::hold(conn, actor.territory_id, run.id).await?;
        let run = run.ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(&run)?.etag(etag_of(run.version)))
    })
    .await
}
