use crate::schema::{voucher_balances, vouchers};
use crate::visibility::Visibility;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::transition::StateMachine;
use concilia_kernel::{Money, text_enum};
use diesel::dsl::{AsSelect, Eq, InnerJoinOn, IntoBoxed, Select};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// State of a voucher. Its money is told by its balances alone.
    pub enum VoucherState {
        /// May be ordered with.
        Active = "active",
        /// Past its last day: what was available went back to the call; what is held waits for its orders.
        Expired = "expired",
        /// Taken back before its time; as `expired` otherwise.
        Revoked = "revoked",
    }
}

/// The moves of a voucher.
pub const VOUCHER_MOVES: StateMachine<VoucherState> = StateMachine {
    aggregate: "voucher",
    moves: &[(VoucherState::Active, VoucherState::Expired), (VoucherState::Active, VoucherState::Revoked)],
};

/// A credit voucher for one child or dependant. `value` = `available` + `held` + `spent` + `paid` + `returned`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Voucher {
    pub id: Uuid,
    /// The call that awarded it.
    pub voucher_call_id: Uuid,
    /// The child or dependant it is for; null to all but the family.
    #[schema(required)]
    pub household_member_id: Option<Uuid>,
    pub state: VoucherState,
    /// Amount awarded.
    pub value: Money,
    /// May still be ordered with.
    pub available: Money,
    /// Reserved by orders in course.
    pub held: Money,
    /// Owed to providers for accepted deliveries.
    pub spent: Money,
    /// Paid to providers.
    pub paid: Money,
    /// Gone back to the call.
    pub returned: Money,
    /// Last day of use, UTC.
    pub spend_by: NaiveDate,
    /// When it was awarded.
    pub created_at: DateTime<Utc>,
}

/// A voucher with its balances, as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = vouchers)]
pub(crate) struct VoucherRow {
    pub id: Uuid,
    voucher_call_id: Uuid,
    worker_id: Uuid,
    household_member_id: Uuid,
    state: VoucherState,
    value: Money,
    spend_by: NaiveDate,
    created_at: DateTime<Utc>,
    #[diesel(embed)]
    balances: Balances,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = voucher_balances)]
pub(crate) struct Balances {
    available: Money,
    held: Money,
    spent: Money,
    paid: Money,
}

impl VoucherRow {
    pub(crate) fn seen_by(self, visibility: &Visibility) -> Voucher {
        let Balances { available, held, spent, paid } = self.balances;
        Voucher {
            id: self.id,
            voucher_call_id: self.voucher_call_id,
            household_member_id: visibility.child(self.worker_id, self.household_member_id),
            state: self.state,
            value: self.value,
            available,
            held,
            spent,
            paid,
            returned: self.value - available - held - spent - paid,
            spend_by: self.spend_by,
            created_at: self.created_at,
        }
    }
}

type WithBalances =
    InnerJoinOn<vouchers::table, voucher_balances::table, Eq<voucher_balances::voucher_id, vouchers::id>>;

/// The vouchers that a caller may read.
pub(crate) fn visible_vouchers(
    visibility: &Visibility,
) -> IntoBoxed<'_, Select<WithBalances, AsSelect<VoucherRow, Pg>>, Pg> {
    let rows = vouchers::table
        .inner_join(voucher_balances::table.on(voucher_balances::voucher_id.eq(vouchers::id)))
        .select(VoucherRow::as_select())
        .into_boxed()
        .filter(vouchers::territory_id.eq(visibility.territory_id));
    if visibility.all {
        return rows;
    }
    let led = vouchers::lead_organisation_id.eq_any(&visibility.leads);
    match visibility.worker_id {
        Some(worker_id) if visibility.leads.is_empty() => rows.filter(vouchers::worker_id.eq(worker_id)),
        Some(worker_id) => rows.filter(led.or(vouchers::worker_id.eq(worker_id))),
        None => rows.filter(led),
    }
}
