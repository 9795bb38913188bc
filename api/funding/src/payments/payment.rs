use crate::rules::states::GrantPaymentState;
use crate::schema::grant_payments;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A payment of a grant to the lead of its project.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = grant_payments)]
pub struct GrantPayment {
    /// Identifier.
    pub id: Uuid,
    /// The project.
    pub project_id: Uuid,
    /// The tranche it pays, or pays a part of.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub tranche_number: i16,
    /// EUR.
    pub amount: Money,
    /// State of the payment.
    pub state: GrantPaymentState,
    /// EUR of validated expenses charged to the grant when the payment was asked for.
    pub validated: Money,
    /// Act that orders the payment.
    #[schema(min_length = 1, max_length = 200)]
    pub act: String,
    /// Date of the act.
    pub act_date: NaiveDate,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When a second officer approved it; null before.
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    /// Day on which the treasury paid; null before.
    #[schema(required)]
    pub paid_on: Option<NaiveDate>,
    /// Reference of the treasury's order; null until paid.
    #[schema(required, max_length = 140)]
    pub payment_reference: Option<String>,
    /// When it was cancelled; null unless it was.
    #[schema(required)]
    pub cancelled_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
    #[serde(skip)]
    #[schema(ignore)]
    pub created_by: Uuid,
}
