use super::settlement::{GrantSettlement, announce, compute, last_settlement};
use crate::grant::{HeldGrant, hold_grant};
use crate::rules::states::GrantSettlementState;
use crate::schema::grant_settlements;
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem, new_id, now};
use concilia_planning::{PROJECT, ProjectState};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Compute the settlement of a grant
///
/// By the agency, while the project runs, all its reports are validated and all that was ordered is paid. The admissible
/// grant is the least of what was assigned, of the validated expenses charged to it, and of the greatest grant beside
/// which the co-financing reaches its minimum share of the two, cut to the cent. Computed again, it takes the place of
/// one that was not approved.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 201, description = "The settlement, which waits for a second officer.", body = GrantSettlement,
                headers(("Location" = String, description = "Address of the settlement."),
                        ("ETag" = String, description = "Version of the settlement."))),
              (status = 409, description = "The project is not `running` (`transition_not_allowed`), a report is not \
                                            validated, or a payment is under way: `conflict`.")),
)]
#[post("/v1/projects/{project_id}/settlement")]
pub async fn create_grant_settlement(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_grant_settlement", [0; 32]).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let settlement = settle(conn, actor.territory_id, &held, agency(&actor)).await?;
        let location = format!("/v1/projects/{}/settlement", held.project.id);
        Ok(Reply::created(location, &settlement)?.etag(etag_of(settlement.version)))
    })
    .await
}

/// Computes the settlement of a grant that the transaction holds.
pub(crate) async fn settle(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    author: Author,
) -> Result<GrantSettlement, Problem> {
    PROJECT.check(held.project.state, ProjectState::Settled)?;
    let computed = compute(conn, territory_id, held).await?;
    let before = last_settlement(conn, territory_id, held.project.id).await?;
    if let Some(before) = before.as_ref().filter(|before| before.state == GrantSettlementState::Computed) {
        supersede(conn, territory_id, before, author).await?;
    }
    let (accounts, outcome) = (computed.accounts, computed.outcome);
    let settlement: GrantSettlement = diesel::insert_into(grant_settlements::table)
        .values((
            grant_settlements::id.eq(new_id()),
            grant_settlements::territory_id.eq(territory_id),
            grant_settlements::project_id.eq(held.project.id),
            grant_settlements::number.eq(before.map_or(1, |before| before.number + 1)),
            grant_settlements::state.eq(GrantSettlementState::Computed),
            grant_settlements::assigned.eq(accounts.assigned),
            grant_settlements::grant_expenses.eq(accounts.grant_expenses),
            grant_settlements::monetary.eq(computed.monetary),
            grant_settlements::in_kind.eq(computed.in_kind),
            grant_settlements::within_share.eq(outcome.within_share),
            grant_settlements::admissible.eq(outcome.admissible),
            grant_settlements::paid.eq(accounts.paid),
            grant_settlements::to_pay.eq(outcome.to_pay),
            grant_settlements::give_back.eq(outcome.give_back),
            grant_settlements::computed_by.eq(author.id),
            grant_settlements::computed_at.eq(now()),
        ))
        .returning(GrantSettlement::as_returning())
        .get_result(conn)
        .await?;
    announce(conn, territory_id, &settlement, None, author).await?;
    Ok(settlement)
}

async fn supersede(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    before: &GrantSettlement,
    author: Author,
) -> QueryResult<()> {
    let change = (
        grant_settlements::state.eq(GrantSettlementState::Superseded),
        grant_settlements::version.eq(grant_settlements::version + 1),
    );
    let superseded: GrantSettlement = cached(
        diesel::update(grant_settlements::table.find(before.id))
            .set(change)
            .returning(GrantSettlement::as_returning()),
    )
    .get_result(conn)
    .await?;
    announce(conn, territory_id, &superseded, Some(before.state), author).await
}
