use super::effect::{ground, put_in_force, refusal};
use super::queries::{BudgetShift, announce, find};
use crate::budget::BudgetReason;
use crate::grant::{HeldGrant, hold_grant, touch};
use crate::rules::shifts::judge;
use crate::rules::states::{BudgetShiftState, SHIFT};
use crate::schema::budget_shifts;
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Approve a shift between cost items
///
/// By an officer of the agency other than the one who asked for it. It is judged again on the budget as it is now, and
/// is in force at once; the threshold counts anew from the budget that it makes.
#[utoipa::path(
    tag = "funding",
    params(("budget_shift_id" = Uuid, Path, description = "The shift."),
           ("If-Match" = Option<String>, Header, description = "Version that is approved.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The shift, in force.", body = BudgetShift,
                headers(("ETag" = String, description = "Version of the shift."))),
              (status = 409, description = "The caller asked for it (`approver_is_author`), it was decided \
                                            (`transition_not_allowed`), or the project is not under way (`conflict`).")),
)]
#[post("/v1/budget-shifts/{budget_shift_id}/approve")]
pub async fn approve_budget_shift(
    actor: Actor,
    db: Data<Db>,
    budget_shift_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "approve_budget_shift", [0; 32]).with_path(*budget_shift_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = find(conn, actor.territory_id, *budget_shift_id).await?;
        let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
        let shift = find(conn, actor.territory_id, *budget_shift_id).await?;
        if let Some(seen) = seen {
            seen.check(shift.version)?;
        }
        let shift = approve(conn, actor.territory_id, &held, &shift, agency(&actor)).await?;
        Ok(Reply::ok(&shift)?.etag(etag_of(shift.version)))
    })
    .await
}

/// Approves a shift of a grant that the transaction holds.
pub(crate) async fn approve(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    shift: &BudgetShift,
    author: Author,
) -> Result<BudgetShift, Problem> {
    SHIFT.check(shift.state, BudgetShiftState::Approved)?;
    held.project.require_running()?;
    if shift.requested_by == author.id {
        return Err(Problem::new(Code::ApproverIsAuthor));
    }
    let asked = shift.shift();
    let (ground, budget) = ground(conn, territory_id, held, asked.from).await?;
    judge(asked, &ground).map_err(refusal)?;
    let reason = BudgetReason::ApprovedShift;
    let number = put_in_force(conn, territory_id, held.project.id, (&budget, asked), reason, author).await?;
    touch(conn, &held.grant).await?;
    let change = (
        budget_shifts::state.eq(BudgetShiftState::Approved),
        budget_shifts::budget_number.eq(number),
        budget_shifts::decided_by.eq(author.id),
        budget_shifts::decided_at.eq(now()),
        budget_shifts::version.eq(budget_shifts::version + 1),
    );
    let approved: BudgetShift = cached(
        diesel::update(budget_shifts::table.find(shift.id)).set(change).returning(BudgetShift::as_returning()),
    )
    .get_result(conn)
    .await?;
    announce(conn, territory_id, &approved, Some(shift.state), author, None).await?;
    Ok(approved)
}
