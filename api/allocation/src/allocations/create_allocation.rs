use super::{Allocation, compute, hold_call};
use crate::rules::terms::AllocationTerms;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Allocate the budget of a project call
///
/// Computes how the budget is shared out among the call's scored projects, to the cent, and freezes it with every step.
/// It changes nothing for the projects until a second person approves it. One allocation waits for approval at a time;
/// try terms with `simulate_allocation`, find percentages with `suggest_allocation`. After the award, a further
/// allocation corrects the one in force, as long as no grant was accepted. Percentages above the budget are refused with
/// 422, `over_budget`, and by how much.
#[utoipa::path(
    tag = "allocation",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = AllocationTerms, example = json!({
        "method": "bands", "residue": "last_band", "tie_breaks": ["submitted_at_ascending"],
        "bands": [{"minimum_score": "55.00", "percentage": "0.87"}, {"minimum_score": "40.00", "percentage": "0.66"},
                  {"minimum_score": "0.00", "percentage": "0.50"}]
    })),
    responses((status = 201, description = "The allocation, to be approved.", body = Allocation,
                headers(("Location" = String, description = "Address of the allocation."),
                        ("ETag" = String, description = "Version of the allocation."))),
              (status = 409, description = "The call is not being evaluated, not all its projects are scored, a grant was \
                                            accepted, or another allocation waits for approval: `conflict`.")),
)]
#[post("/v1/project-calls/{project_call_id}/allocations")]
pub async fn create_allocation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<AllocationTerms>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_allocation", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = hold_call(conn, &actor, id.0).await?;
        let run = compute(conn, &call, &body, Agent::of(&actor, Role::Ats)).await?;
        Ok(Reply::created(format!("/v1/allocations/{}", run.id), &run)?.etag(etag_of(run.version)))
    })
    .await
}
