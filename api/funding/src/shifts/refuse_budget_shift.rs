use super::queries::{BudgetShift, announce, find};
use crate::grant::hold_grant;
use crate::input::Reason;
use crate::rules::states::{BudgetShiftState, SHIFT};
use crate::schema::budget_shifts;
use crate::stance::agency;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Refuse a shift between cost items
///
/// By an officer of the agency other than the one who asked for it, with the reason. The budget stays as it is.
#[utoipa::path(
    tag = "funding",
    params(("budget_shift_id" = Uuid, Path, description = "The shift."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The shift, refused.", body = BudgetShift,
                headers(("ETag" = String, description = "Version of the shift."))),
              (status = 409, description = "The caller asked for it (`approver_is_author`), or it was decided: \
                                            `transition_not_allowed`.")),
)]
#[post("/v1/budget-shifts/{budget_shift_id}/refuse")]
pub async fn refuse_budget_shift(
    actor: Actor,
    db: Data<Db>,
    budget_shift_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "refuse_budget_shift", body.hash()).with_path(*budget_shift_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = find(conn, actor.territory_id, *budget_shift_id).await?;
        hold_grant(conn, actor.territory_id, found.project_id).await?;
        let shift = find(conn, actor.territory_id, *budget_shift_id).await?;
        SHIFT.check(shift.state, BudgetShiftState::Refused)?;
        if shift.requested_by == actor.id {
            return Err(Problem::new(Code::ApproverIsAuthor));
        }
        let change = (
            budget_shifts::state.eq(BudgetShiftState::Refused),
            budget_shifts::decided_by.eq(actor.id),
            budget_shifts::decided_at.eq(now()),
            budget_shifts::decision_reason.eq(&body.reason),
            budget_shifts::version.eq(budget_shifts::version + 1),
        );
        let refused: BudgetShift = cached(
            diesel::update(budget_shifts::table.find(shift.id)).set(change).returning(BudgetShift::as_returning()),
        )
        .get_result(conn)
        .await?;
        let (from, reason) = (Some(shift.state), Some(body.reason.as_str()));
        announce(conn, actor.territory_id, &refused, from, agency(&actor), reason).await?;
        Ok(Reply::ok(&refused)?.etag(etag_of(refused.version)))
    })
    .await
}
