use super::payment::GrantPayment;
use crate::grant::Grant;
use crate::rules::payments::Standing;
use crate::rules::states::{GrantPaymentState, PAYMENT};
use crate::rules::tranches::TrancheKind;
use crate::schema::grant_payments;
use crate::stance::Author;
use crate::tranches::Tranche;
use concilia_kernel::transition::record;
use concilia_kernel::{Money, Problem, now, outbox};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;

/// A payment of the territory.
pub(crate) async fn find<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> Result<GrantPayment, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found = grant_payments::table
        .filter(grant_payments::territory_id.eq(territory_id))
        .filter(grant_payments::id.eq(id))
        .select(GrantPayment::as_select())
        .get_result(conn)
        .await;
    Ok(found?)
}

/// Where the payments of a grant that the transaction holds stand.
pub(super) async fn standing(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    grant: &Grant,
    tranches: &[Tranche],
) -> Result<Standing, Problem> {
    let totals = crate::reports::validated_totals(conn, territory_id, grant.project_id).await?;
    let interim = tranches.iter().filter(|tranche| tranche.kind == TrancheKind::Interim);
    Ok(Standing {
        assigned: grant.assigned,
        ordered: grant.ordered,
        ordered_interim: interim.map(|tranche| tranche.ordered).sum::<Money>(),
        validated: totals.grant,
        settled: grant.admissible,
    })
}

/// Writes a payment's move into the history and the outbox.
pub(super) async fn announce(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    payment: &GrantPayment,
    from: Option<GrantPaymentState>,
    author: Author,
    reason: Option<&str>,
) -> QueryResult<()> {
    let moved = (from.map(GrantPaymentState::as_str), payment.state.as_str());
    record(conn, territory_id, (PAYMENT.aggregate, payment.id), moved, author.agent(), reason).await?;
    let event = format!("{}.{}", PAYMENT.aggregate, payment.state);
    let told = json!({ "project_id": payment.project_id, "amount": payment.amount });
    outbox::publish(conn, territory_id, &event, payment.id, told).await
}

/// Cancels what of a grant was ordered and is not paid. The transaction holds the grant.
pub(crate) async fn cancel_open(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    author: Author,
    reason: &str,
) -> QueryResult<()> {
    let open = [GrantPaymentState::Requested, GrantPaymentState::Approved];
    let due: Vec<(Uuid, GrantPaymentState)> = grant_payments::table
        .filter(grant_payments::territory_id.eq(territory_id))
        .filter(grant_payments::project_id.eq(project_id))
        .filter(grant_payments::state.eq_any(open))
        .order(grant_payments::id)
        .select((grant_payments::id, grant_payments::state))
        .for_no_key_update()
        .load(conn)
        .await?;
    for (id, from) in due {
        let cancelled = cancel(conn, id).await?;
        announce(conn, territory_id, &cancelled, Some(from), author, Some(reason)).await?;
    }
    Ok(())
}

pub(super) async fn cancel(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<GrantPayment> {
    diesel::update(grant_payments::table.find(id))
        .set((
            grant_payments::state.eq(GrantPaymentState::Cancelled),
            grant_payments::cancelled_at.eq(now()),
            grant_payments::version.eq(grant_payments::version + 1),
        ))
        .returning(GrantPayment::as_returning())
        .get_result(conn)
        .await
}
