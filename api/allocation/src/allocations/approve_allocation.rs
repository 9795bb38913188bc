use super::{Act, Allocation, approve, hold_run};
use crate::rules::states::AllocationState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Problem, Role, checks};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The act that approves an allocation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"act": "Decreto n. 452", "act_date": "2020-07-24"}))]
pub struct ApproveAllocation {
    /// Kind and number of the act.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the act; not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub act_date: NaiveDate,
}

/// Approve an allocation
///
/// Puts the run in force by an act: its projects become funded or not funded, its call awarded and its awards public,
/// all at once. A run in force before is superseded. An officer of the agency may, but not the one who computed it.
#[utoipa::path(
    tag = "allocation",
    params(("allocation_id" = Uuid, Path, description = "The allocation."),
           ("If-Match" = Option<String>, Header, description = "Version that is approved."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ApproveAllocation,
    responses((status = 200, description = "The allocation in force.", body = Allocation,
                headers(("ETag" = String, description = "Version of the allocation."))),
              (status = 409, description = "The caller computed it (`approver_is_author`), it is not to be approved \
                                            (`transition_not_allowed`), or its inputs have changed or a grant was \
                                            accepted (`conflict`).")),
)]
#[post("/v1/allocations/{allocation_id}/approve")]
pub async fn approve_allocation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<ApproveAllocation>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "approve_allocation", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (call, run) = hold_run(conn, &actor, id.0).await?;
        // One no longer to be approved is told by its state, whatever version the caller saw.
        if let Some(seen) = seen.filter(|_| run.state == AllocationState::Computed) {
            seen.check(run.version)?;
        }
        let act = Act { number: &body.act, date: body.act_date };
        let run = approve(conn, &call, &run, act, Agent::of(&actor, Role::Ats)).await?;
        Ok(Reply::ok(&run)?.etag(etag_of(run.version)))
    })
    .await
}
