//! A run of an allocation, and its rows, as others see them.

use crate::rules::plan::{AllocationOutcome, BandSum, PlanRow};
use crate::rules::states::AllocationState;
use crate::rules::terms::AllocationTerms;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::conditional::hex;
use concilia_kernel::db::Gathered;
use concilia_kernel::{Money, Ratio};
use concilia_network::OrganisationName;
use concilia_planning::Points;
use diesel::QueryableByName;
use diesel::sql_types::{
    BigInt, Binary, Date, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// A run of the allocation of a call's budget. It never changes once computed; a correction is a new run.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-5555-7000-8000-000000000001", "project_call_id": "0193a5d0-4444-7000-8000-000000000001",
    "number": 1, "state": "approved",
    "terms": {"method": "bands", "bands": [{"minimum_score": "55.00", "percentage": "0.87"},
              {"minimum_score": "40.00", "percentage": "0.66"}, {"minimum_score": "0.00", "percentage": "0.50"}],
              "residue": "last_band", "tie_breaks": []},
    "inputs_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "minimum_score": null,
    "budget": "171718.40", "requested_grant": "238000.00", "admissible_amount": "238000.00",
    "base_amount": "171680.00", "assigned_grant": "171718.40", "residue": "0.00",
    "bands": [{"band": 1, "minimum_score": "55.00", "percentage": "0.87", "projects": 3,
               "requested_grant": "100000.00", "admissible_amount": "100000.00", "base_amount": "87000.00",
               "residue_share": "0.00", "assigned_grant": "87000.00"}],
    "projects": 7, "funded": 7, "computed_at": "2020-07-20T08:00:00Z", "approved_at": "2020-07-24T09:00:00Z",
    "act": "Decreto n. 452", "act_date": "2020-07-24"
}))]
pub struct Allocation {
    /// Identifier of the run.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    #[serde(skip)]
    #[schema(ignore)]
    pub territory_id: Uuid,
    /// The call whose budget it shares out.
    #[diesel(sql_type = SqlUuid)]
    pub project_call_id: Uuid,
    /// 1 for the call's first run, then 2, 3...
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1)]
    pub number: i32,
    /// State of the run.
    #[diesel(sql_type = Text)]
    pub state: AllocationState,
    /// The method, with all that it needs to be run again.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = AllocationTerms)]
    pub terms: Gathered<AllocationTerms>,
    /// SHA-256 of budget, minimum score, terms and projects: the same hash, the same allocation.
    #[diesel(sql_type = Binary)]
    #[serde(serialize_with = "as_hex")]
    #[schema(value_type = String, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub inputs_hash: Vec<u8>,
    /// Least score with which a project is funded; null for none.
    #[diesel(sql_type = Nullable<Numeric>)]
    #[schema(required)]
    pub minimum_score: Option<Points>,
    /// EUR to share out.
    #[diesel(sql_type = Numeric)]
    pub budget: Money,
    /// EUR requested by all its projects.
    #[diesel(sql_type = Numeric, column_name = requested)]
    pub requested_grant: Money,
    /// EUR admissible of all its projects.
    #[diesel(sql_type = Numeric, column_name = admissible)]
    pub admissible_amount: Money,
    /// EUR that the method gives, before the residue is placed.
    #[diesel(sql_type = Numeric)]
    pub base_amount: Money,
    /// EUR assigned; with `residue` it is the budget, to the cent.
    #[diesel(sql_type = Numeric, column_name = assigned)]
    pub assigned_grant: Money,
    /// EUR that stay unassigned.
    #[diesel(sql_type = Numeric)]
    pub residue: Money,
    /// Sums by band, from the highest scores; none in methods without bands.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<BandSum>, min_items = 0, max_items = 12)]
    pub bands: Gathered<Vec<BandSum>>,
    /// Projects in it.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1)]
    pub projects: i32,
    /// Projects that get something.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0)]
    pub funded: i32,
    /// When it was computed.
    #[diesel(sql_type = Timestamptz)]
    pub computed_at: DateTime<Utc>,
    /// When it was approved; null before.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    /// The act that approved it; null before.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 200)]
    pub act: Option<String>,
    /// Date of the act; null before.
    #[diesel(sql_type = Nullable<Date>)]
    #[schema(required)]
    pub act_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    #[serde(skip)]
    #[schema(ignore)]
    pub computed_by: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

fn as_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(bytes))
}

/// A project as an allocation names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllocatedProject {
    /// Identifier.
    pub id: Uuid,
    /// Its number in the plan, unique in the territory.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300, example = "Conciliare le responsabilità")]
    pub title: String,
}

/// A project in an allocation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AllocationRow {
    /// Place by score, from 1.
    #[schema(format = Int32, minimum = 1)]
    pub position: i32,
    /// The project.
    pub project: AllocatedProject,
    /// The organisation that led it when the run was computed.
    pub lead: OrganisationName,
    /// The committee's final score.
    pub score: Points,
    /// Band of its score, 1 for the highest; null in methods without bands, or below them.
    #[schema(required, format = Int32, minimum = 1, maximum = 12)]
    pub band: Option<i16>,
    /// Share of the admissible amount that the method gives; null where it gives none.
    #[schema(required)]
    pub percentage: Option<Ratio>,
    /// EUR requested.
    pub requested_grant: Money,
    /// EUR admissible: the request, unless a lower amount was set.
    pub admissible_amount: Money,
    /// Why less than the request is admissible; null when all of it is.
    #[schema(required, min_length = 1, max_length = 1000)]
    pub admissible_reason: Option<String>,
    /// EUR that the method gives, before the residue is placed.
    pub base_amount: Money,
    /// EUR of the residue.
    pub residue_share: Money,
    /// EUR assigned.
    pub assigned_grant: Money,
    /// What became of it.
    pub outcome: AllocationOutcome,
}

impl AllocationRow {
    pub fn of(row: &PlanRow, title: String, lead: OrganisationName) -> Self {
        Self {
            position: row.position,
            project: AllocatedProject { id: row.project_id, reference: row.reference.clone(), title },
            lead,
            score: row.score,
            band: row.band,
            percentage: row.percentage,
            requested_grant: row.requested,
            admissible_amount: row.admissible,
            admissible_reason: row.admissible_reason.clone(),
            base_amount: row.base_amount,
            residue_share: row.residue_share(),
            assigned_grant: row.assigned,
            outcome: row.outcome,
        }
    }
}
