//! A request for an opinion as members see it.

use crate::rules::states::OpinionState;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A request for the assembly's opinion.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000050", "organisation_id": "0193a5d0-4444-7000-8000-000000000003",
    "subject": "Orari dei servizi", "text": "Si chiede il parere sugli orari dei servizi per l'infanzia.",
    "state": "filed", "signatures": ["0193a5d0-4444-7000-8000-000000000003"], "needed": 1,
    "filed_at": "2026-03-01T10:00:00Z", "receivable_at": null, "meeting_id": null, "opinion": null, "answered_at": null,
    "created_at": "2026-02-20T10:00:00Z"
}))]
pub struct OpinionRequest {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The member that asks.
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    /// What it is about.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub subject: String,
    /// What is asked.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
    /// Where it stands.
    #[diesel(sql_type = Text)]
    pub state: OpinionState,
    /// The members that signed it, in the order in which they did.
    #[diesel(sql_type = Array<SqlUuid>)]
    #[schema(min_items = 1, max_items = 5000)]
    pub signatures: Vec<Uuid>,
    /// Signatures it needed when it was filed: a quarter of the members, rounded up; null while they are collected.
    #[diesel(sql_type = Nullable<Integer>)]
    #[schema(required, format = Int32, minimum = 1)]
    pub needed: Option<i32>,
    /// When it was filed: with the last signature that was needed.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub filed_at: Option<DateTime<Utc>>,
    /// The next assembly, convened, for which it is receivable: filed at least 15 days before it, or as many more as
    /// the territory's terms ask, counted as those of a notice. Null when there is none.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[schema(required)]
    pub receivable_at: Option<Uuid>,
    /// The assembly that answered it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[schema(required)]
    pub meeting_id: Option<Uuid>,
    /// The assembly's opinion.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 4000)]
    pub opinion: Option<String>,
    /// When it was answered.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was written.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}
