use crate::rules::states::ActionPaymentState;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use diesel::QueryableByName;
use diesel::sql_types::{Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A payment of an action, or an entry that takes one back.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6002-7000-8000-000000000001", "action_id": "0193a5d0-6001-7000-8000-000000000001",
    "reverses": null, "payee": "Studio Conciliare S.r.l.", "document": "Fattura 12/2021",
    "document_date": "2021-03-01", "paid_on": "2021-03-31", "amount": "1500.00", "taken_back": "0.00", "note": null,
    "state": "approved", "recorded_by": "0193a5d0-6002-7000-8000-000000000002", "recorded_at": "2021-04-01T09:00:00Z",
    "decided_by": "0193a5d0-6002-7000-8000-000000000003", "decided_at": "2021-04-02T09:00:00Z", "reason": null
}))]
pub struct ActionPayment {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The action that pays.
    #[diesel(sql_type = SqlUuid)]
    pub action_id: Uuid,
    /// The payment that this entry takes back, whole or in part; null for a payment.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[schema(required)]
    pub reverses: Option<Uuid>,
    /// Who was paid.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub payee: String,
    /// Kind and number of the document.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub document: String,
    /// Date of the document.
    #[diesel(sql_type = Date)]
    pub document_date: NaiveDate,
    /// Day on which the money went or came back.
    #[diesel(sql_type = Date)]
    pub paid_on: NaiveDate,
    /// EUR.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
    /// EUR of it that approved entries took back.
    #[diesel(sql_type = Numeric)]
    pub taken_back: Money,
    /// What else there is to say.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    #[diesel(sql_type = Text)]
    pub state: ActionPaymentState,
    /// Who recorded it.
    #[diesel(sql_type = SqlUuid)]
    pub recorded_by: Uuid,
    /// When it was recorded.
    #[diesel(sql_type = Timestamptz)]
    pub recorded_at: DateTime<Utc>,
    /// Who decided it: always another.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// When it was decided.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
}
