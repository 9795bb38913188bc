use crate::VoucherState;
use crate::schema::vouchers;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The active vouchers of a worker, oldest first: household member, voucher.
pub async fn active_vouchers(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    worker_id: Uuid,
) -> QueryResult<Vec<(Uuid, Uuid)>> {
    vouchers::table
        .filter(vouchers::territory_id.eq(territory_id))
        .filter(vouchers::worker_id.eq(worker_id))
        .filter(vouchers::state.eq(VoucherState::Active.as_str()))
        .order(vouchers::id)
        .select((vouchers::household_member_id, vouchers::id))
        .load(connection)
        .await
}
