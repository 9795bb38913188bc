use super::settlement::{GrantSettlement, announce, compute, last_settlement};
use crate::grant::{HeldGrant, hold_grant};
use crate::input::Act;
use crate::rules::states::{GrantSettlementState, SETTLEMENT};
use crate::schema::{grant_settlements, grants};
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use concilia_planning::{ProjectState, move_project};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Approve the settlement of a grant
///
/// By an officer of the agency other than the one who computed it, with the act, if the books still say the same. The
/// project becomes `settled`; what is left to pay may be ordered, or what was paid too much is given back.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = Option<String>, Header, description = "Version of the settlement that is approved.",
            max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Act,
    responses((status = 200, description = "The settlement, in force.", body = GrantSettlement,
                headers(("ETag" = String, description = "Version of the settlement."))),
              (status = 409, description = "The caller computed it (`approver_is_author`), it was approved \
                                            (`transition_not_allowed`), or the books have changed since (`conflict`).")),
)]
#[post("/v1/projects/{project_id}/settlement/approve")]
pub async fn approve_grant_settlement(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<Act>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "approve_grant_settlement", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let settlement = last_settlement(conn, actor.territory_id, *project_id).await?;
        let settlement = settlement.ok_or_else(Problem::not_found)?;
        if let Some(seen) = seen {
            seen.check(settlement.version)?;
        }
        let settlement = approve(conn, actor.territory_id, &held, &settlement, &body, agency(&actor)).await?;
        Ok(Reply::ok(&settlement)?.etag(etag_of(settlement.version)))
    })
    .await
}

/// Approves the settlement of a grant that the transaction holds.
pub(crate) async fn approve(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    settlement: &GrantSettlement,
    act: &Act,
    author: Author,
) -> Result<GrantSettlement, Problem> {
    SETTLEMENT.check(settlement.state, GrantSettlementState::Approved)?;
    if settlement.computed_by == author.id {
        return Err(Problem::new(Code::ApproverIsAuthor));
    }
    let now_computed = compute(conn, territory_id, held).await?;
    if !settlement.agrees_with(&now_computed) {
        return Err(Problem::new(Code::Conflict).explain(
            "Dopo il calcolo del rendiconto finale qualcosa è cambiato: calcolarlo di nuovo.",
            "Something has changed since the settlement was computed: compute it again.",
        ));
    }
    let change = (
        grant_settlements::state.eq(GrantSettlementState::Approved),
        grant_settlements::act.eq(&act.act),
        grant_settlements::act_date.eq(act.act_date),
        grant_settlements::approved_by.eq(author.id),
        grant_settlements::approved_at.eq(now()),
        grant_settlements::version.eq(grant_settlements::version + 1),
    );
    let approved: GrantSettlement = cached(
        diesel::update(grant_settlements::table.find(settlement.id))
            .set(change)
            .returning(GrantSettlement::as_returning()),
    )
    .get_result(conn)
    .await?;
    let change = (grants::admissible.eq(settlement.admissible), grants::version.eq(grants::version + 1));
    cached(diesel::update(grants::table.find(held.project.id)).set(change)).execute(conn).await?;
    let moved = (ProjectState::Running, ProjectState::Settled);
    move_project(conn, territory_id, held.project.id, moved, author.agent(), Some(&act.act)).await?;
    announce(conn, territory_id, &approved, Some(settlement.state), author).await?;
    Ok(approved)
}
