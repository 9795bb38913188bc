use crate::rules::BookingRule;
use crate::rules::preview::{Totals, of_children, of_plan, of_vouchers};
use chrono::{DateTime, Utc};
use concilia_kernel::{Money, text_enum};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// State of a family plan.
    pub enum FamilyPlanState {
        /// Being written: its preview follows prices, balances and places.
        Draft = "draft",
        /// Its items have become orders.
        Submitted = "submitted",
    }
}

/// A plan of services, with what it costs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FamilyPlan {
    pub id: Uuid,
    /// Store whose services it plans.
    pub store_id: Uuid,
    pub state: FamilyPlanState,
    pub created_at: DateTime<Utc>,
    /// When it became orders; null while it is a draft.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// Cost of all items.
    pub total: Money,
    /// What vouchers cover.
    pub covered: Money,
    /// What the family adds.
    pub family_share: Money,
    /// The items, in the order in which vouchers cover them.
    #[schema(min_items = 1, max_items = 50)]
    pub items: Vec<FamilyPlanItem>,
    /// Totals per child or dependant.
    #[schema(min_items = 1, max_items = 50)]
    pub children: Vec<ChildTotals>,
    /// Totals per voucher.
    #[schema(min_items = 0, max_items = 50)]
    pub vouchers: Vec<VoucherTotals>,
    #[serde(skip)]
    pub version: i64,
}

/// One item of a plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FamilyPlanItem {
    /// Place of the item in the plan, from 1.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub line: i16,
    /// Organisation that provides the service.
    pub provider_id: Uuid,
    pub service_id: Uuid,
    /// Null for a service without sessions.
    #[schema(required)]
    pub service_session_id: Option<Uuid>,
    /// For whom.
    pub household_member_id: Uuid,
    /// Voucher that covers it; null when the family pays it all.
    #[schema(required)]
    pub voucher_id: Option<Uuid>,
    /// Units of the service.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    pub quantity: i32,
    /// Note for the provider.
    #[schema(required, max_length = 500)]
    pub note: Option<String>,
    /// Price of one unit.
    pub unit_price: Money,
    /// Price of the whole quantity.
    pub total: Money,
    /// What the voucher covers.
    pub covered: Money,
    /// What the family adds.
    pub family_share: Money,
    /// The order it became; null while the plan is a draft.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// Rules that would refuse it if the plan were submitted now.
    #[schema(min_items = 0, max_items = 2)]
    pub warnings: Vec<BookingRule>,
}

/// What a plan costs for one child or dependant.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChildTotals {
    pub household_member_id: Uuid,
    /// Cost of the items.
    pub total: Money,
    /// What vouchers cover.
    pub covered: Money,
    /// What the family adds.
    pub family_share: Money,
}

/// What a plan takes from one voucher.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherTotals {
    pub voucher_id: Uuid,
    /// Available on the voucher now.
    pub available: Money,
    /// What the plan takes from it.
    pub covered: Money,
}

/// A plan in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct FamilyPlanSummary {
    pub id: Uuid,
    /// Store whose services it plans.
    pub store_id: Uuid,
    pub state: FamilyPlanState,
    pub created_at: DateTime<Utc>,
    /// When it became orders; null while it is a draft.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// How many items it has.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub item_count: i32,
}

/// A plan without its items.
#[derive(Debug)]
pub(super) struct Header {
    pub id: Uuid,
    pub store_id: Uuid,
    pub state: FamilyPlanState,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub submitted_at: Option<DateTime<Utc>>,
}

impl FamilyPlan {
    /// Writes the plan out. `available` tells what each voucher has now.
    pub(super) fn compose(header: &Header, items: Vec<FamilyPlanItem>, available: &[(Uuid, Money)]) -> Self {
        let Totals { total, covered, family_share } = of_plan(&items);
        Self {
            id: header.id,
            store_id: header.store_id,
            state: header.state,
            created_at: header.created_at,
            submitted_at: header.submitted_at,
            total,
            covered,
            family_share,
            children: of_children(&items),
            vouchers: of_vouchers(&items, available),
            items,
            version: header.version,
        }
    }
}
