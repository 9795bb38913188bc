use crate::VoucherState;
use crate::schema::{voucher_balances, vouchers};
use chrono::NaiveDate;
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Vouchers ended in one transaction of the sweeper.
const BATCH: i64 = 200;

/// What a voucher that ended gave back.
#[derive(Debug, Clone, QueryableByName)]
pub struct Returned {
    #[diesel(sql_type = SqlUuid)]
    pub voucher_id: Uuid,
    /// Zero when nothing was available.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
}

/// Locks the money of several vouchers, in the order of their ids.
pub(super) async fn lock_balances(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_ids: &[Uuid],
) -> QueryResult<()> {
    voucher_balances::table
        .filter(voucher_balances::territory_id.eq(territory_id))
        .filter(voucher_balances::voucher_id.eq_any(voucher_ids))
        .order(voucher_balances::voucher_id)
        .select(voucher_balances::voucher_id)
        .for_no_key_update()
        .load::<Uuid>(connection)
        .await?;
    Ok(())
}

/// Ends active vouchers as `ended` and returns what they have available to their calls. What is held stays until its
/// orders end, and returns when it is released. Vouchers that are not active are passed over.
pub async fn return_unspent(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_ids: &[Uuid],
    ended: VoucherState,
    agent: Agent,
    reason: &str,
) -> Result<Vec<Returned>, Problem> {
    crate::VOUCHER_MOVES.check(VoucherState::Active, ended)?;
    lock_balances(connection, territory_id, voucher_ids).await?;
    // A statement of its own, so that it sees the balances as they are once locked.
    let returned = cached(
        sql_query(END)
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(voucher_ids)
            .bind::<Text, _>(ended)
            .bind::<Nullable<SqlUuid>, _>(agent.id)
            .bind::<Text, _>(agent.role)
            .bind::<Text, _>(reason),
    )
    .load(connection)
    .await?;
    Ok(returned)
}

// The entries are written call by call, so that calls' balances are locked in the same order by all.
const END: &str = "\
WITH ended AS MATERIALIZED (
  UPDATE vouchers v SET state = $3 FROM voucher_balances b
   WHERE v.territory_id = $1 AND v.id = ANY ($2) AND v.state = 'active' AND b.voucher_id = v.id
  RETURNING v.id, v.voucher_call_id, b.available
), moved AS (
  INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, kind, credit_account, debit_account, amount,
    actor_id, actor_role, reason)
  SELECT $1, voucher_call_id, id, 'return', 'available', 'budget', available, $4, $5, $6
    FROM ended WHERE available > 0 ORDER BY voucher_call_id, id
), recorded AS (
  INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role, reason)
  SELECT uuid_v7(), $1, 'voucher', id, 'active', $3, $4, $5, $6 FROM ended
), told AS (
  INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
  SELECT uuid_v7(), $1, 'voucher.' || $3, id, jsonb_build_object('returned', available::text) FROM ended
)
SELECT id AS voucher_id, available AS amount FROM ended ORDER BY id";

/// Ends the vouchers whose last day is before `today`, in batches of one transaction each, and tells how many.
/// Servers that sweep together share the work; a voucher busy with an order waits for the next sweep.
pub async fn expire_vouchers(connection: &mut AsyncPgConnection, today: NaiveDate) -> Result<usize, Problem> {
    let mut expired = 0;
    loop {
        let batch = transaction(connection, async |conn| expire_batch(conn, today).await).await?;
        expired += batch;
        if batch == 0 {
            return Ok(expired);
        }
    }
}

async fn expire_batch(connection: &mut AsyncPgConnection, today: NaiveDate) -> Result<usize, Problem> {
    let due: Vec<(Uuid, Uuid)> = vouchers::table
        .inner_join(voucher_balances::table.on(voucher_balances::voucher_id.eq(vouchers::id)))
        .filter(vouchers::state.eq(VoucherState::Active.as_str()))
        .filter(vouchers::spend_by.lt(today))
        .order(vouchers::id)
        .limit(BATCH)
        .select((vouchers::territory_id, vouchers::id))
        .for_no_key_update()
        .skip_locked()
        .load(connection)
        .await?;
    let mut by_territory: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (territory_id, id) in due {
        by_territory.entry(territory_id).or_default().push(id);
    }
    let mut ended = 0;
    for (territory_id, ids) in by_territory {
        let reason = "the last day of use has passed";
        ended += return_unspent(connection, territory_id, &ids, VoucherState::Expired, Agent::SYSTEM, reason)
            .await?
            .len();
    }
    Ok(ended)
}
