//! A ranking as it is published: protocol numbers and points, no names and no reasons.

use crate::rules::ranking::Outcome;
use crate::rules::states::RankingState;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use concilia_kernel::conditional::hex;
use diesel::QueryableByName;
use diesel::sql_types::{
    BigInt, Binary, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// A run of the ranking of a voucher call.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000001", "voucher_call_id": "0193a5d0-1111-7000-8000-000000000001",
    "number": 1, "state": "final", "inputs_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "computed_at": "2026-04-02T08:00:00Z", "approved_at": "2026-04-03T09:00:00Z",
    "totals": {"lines": 312, "awarded": 240, "wait_listed": 70, "excluded": 2, "available": "72000.00",
               "awarded_amount": "72000.00"}
}))]
pub struct Ranking {
    /// Identifier of the run.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    #[serde(skip)]
    #[schema(ignore)]
    pub territory_id: Uuid,
    /// The call it ranks.
    #[diesel(sql_type = SqlUuid)]
    pub voucher_call_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    #[serde(skip)]
    #[schema(ignore)]
    pub lead_organisation_id: Uuid,
    /// 1 for the call's first run, then 2, 3...
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1)]
    pub number: i32,
    /// State of the run.
    #[diesel(sql_type = Text)]
    pub state: RankingState,
    /// SHA-256 of the rules and of everything they were applied to: the same hash, the same ranking.
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "as_hex")]
    #[schema(value_type = String, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub inputs_hash: Vec<u8>,
    /// When it was computed.
    #[diesel(sql_type = Timestamptz)]
    pub computed_at: DateTime<Utc>,
    /// When it was approved; null before.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    /// How many lines, and how much money.
    #[diesel(embed)]
    pub totals: RankingTotals,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[serde(skip)]
    #[schema(ignore)]
    pub computed_by: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// Sums of a ranking.
#[derive(Debug, Clone, Copy, Serialize, QueryableByName, ToSchema)]
pub struct RankingTotals {
    /// Lines ranked: one for each child or dependant.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub lines: i32,
    /// Lines that get a voucher.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub awarded: i32,
    /// Lines that wait for one.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub wait_listed: i32,
    /// Lines that cannot get one.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub excluded: i32,
    /// EUR that the run may award: the budget times the share of the first award.
    #[diesel(sql_type = Numeric)]
    pub available: Money,
    /// EUR that the run awards.
    #[diesel(sql_type = Numeric)]
    pub awarded_amount: Money,
}

/// A line in its place.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
pub struct RankingRow {
    /// Place in the list, from 1.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1)]
    pub position: i32,
    /// Protocol number of the application.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 11, max_length = 11, pattern = r"^\d{4}/\d{6}$", example = "2026/000123")]
    pub protocol_number: String,
    /// Line of the application.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub line: i16,
    /// Points in all.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0, maximum = 20_000)]
    pub points: i32,
    /// What became of it.
    #[diesel(sql_type = Text)]
    pub outcome: Outcome,
    /// Place in the waiting list, from 1; null for others.
    #[diesel(sql_type = Nullable<Integer>)]
    #[schema(required, format = Int32, minimum = 1)]
    pub waiting_position: Option<i32>,
    /// EUR awarded.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
}

fn as_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(bytes))
}
