use crate::rules::OrderState;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use concilia_kernel::transition::Transition;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A service ordered for a child or dependant, with its history. What the caller's role may not see is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    pub id: Uuid,
    pub store_id: Uuid,
    /// Plan it comes from.
    pub family_plan_id: Uuid,
    /// Its line in the plan.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub line: i16,
    /// Organisation that provides the service.
    pub provider_id: Uuid,
    /// Its name when it was ordered.
    #[schema(max_length = 300)]
    pub provider_name: String,
    pub service_id: Uuid,
    /// Title of the service when it was ordered, in Italian.
    #[schema(max_length = 200)]
    pub service_title_it: String,
    /// Title of the service when it was ordered, in English.
    #[schema(max_length = 200)]
    pub service_title_en: String,
    /// Session whose place it holds; null for a service without sessions.
    #[schema(required)]
    pub service_session_id: Option<Uuid>,
    /// Start of the session.
    #[schema(required)]
    pub starts_at: Option<DateTime<Utc>>,
    /// End of the session.
    #[schema(required)]
    pub ends_at: Option<DateTime<Utc>>,
    /// Who ordered.
    pub worker: OrderWorker,
    /// For whom, by given name and age; for the family and the provider only.
    #[schema(required)]
    pub child: Option<OrderChild>,
    /// For whom; for the family only.
    #[schema(required)]
    pub household_member_id: Option<Uuid>,
    /// Voucher that covers it; null when none does, and for the provider.
    #[schema(required)]
    pub voucher_id: Option<Uuid>,
    /// Units of the service.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    pub quantity: i32,
    /// Price of one unit when it was ordered.
    pub unit_price: Money,
    /// Price of the whole quantity.
    pub total: Money,
    /// What the voucher covers.
    pub covered: Money,
    /// What the family pays to the provider.
    pub family_share: Money,
    pub state: OrderState,
    /// The family's note; for the family and the provider only.
    #[schema(required, max_length = 500)]
    pub note: Option<String>,
    /// Session that the provider proposes instead; null unless the state is `proposed`.
    #[schema(required)]
    pub proposed_session_id: Option<Uuid>,
    /// What the provider says of its proposal; for the family and the provider only.
    #[schema(required, max_length = 500)]
    pub proposal_note: Option<String>,
    pub placed_at: DateTime<Utc>,
    /// When time moves the order by itself: a request lapses, a delivery counts as accepted.
    #[schema(required)]
    pub due_at: Option<DateTime<Utc>>,
    /// Every move, oldest first; its reason for the family and the provider only.
    #[schema(min_items = 1, max_items = 100)]
    pub history: Vec<Transition>,
    #[serde(skip)]
    pub version: i64,
}

/// Who ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderWorker {
    #[schema(max_length = 120)]
    pub given_name: String,
    #[schema(max_length = 120)]
    pub family_name: String,
}

/// For whom a service is ordered, as little as its provider needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderChild {
    #[schema(max_length = 120)]
    pub given_name: String,
    /// Whole years on the day of the service, or on the day of the plan for a service without sessions.
    #[schema(format = Int32, minimum = 0, maximum = 150)]
    pub age: i16,
}

/// An order in a list: no names of persons.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderSummary {
    pub id: Uuid,
    pub store_id: Uuid,
    /// Plan it comes from.
    pub family_plan_id: Uuid,
    /// Its line in the plan.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub line: i16,
    /// Organisation that provides the service.
    pub provider_id: Uuid,
    /// Its name when it was ordered.
    #[schema(max_length = 300)]
    pub provider_name: String,
    pub service_id: Uuid,
    /// Title of the service when it was ordered, in Italian.
    #[schema(max_length = 200)]
    pub service_title_it: String,
    /// Title of the service when it was ordered, in English.
    #[schema(max_length = 200)]
    pub service_title_en: String,
    /// Start of the session; null for a service without sessions.
    #[schema(required)]
    pub starts_at: Option<DateTime<Utc>>,
    /// Units of the service.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    pub quantity: i32,
    /// Price of the whole quantity.
    pub total: Money,
    /// What the voucher covers.
    pub covered: Money,
    /// What the family pays to the provider.
    pub family_share: Money,
    pub state: OrderState,
    pub placed_at: DateTime<Utc>,
    /// When time moves the order by itself.
    #[schema(required)]
    pub due_at: Option<DateTime<Utc>>,
}
