use crate::rules::kinds::ActionKind;
use crate::rules::states::ActionState;
use chrono::{DateTime, Utc};
use concilia_kernel::db::Gathered;
use concilia_kernel::{Money, checks};
use concilia_planning::InterventionType;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Jsonb, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An action of the agency.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6001-7000-8000-000000000001", "plan_id": "0193a5d0-6001-7000-8000-000000000002",
    "kind": "system", "state": "running", "title": "Formazione alle imprese sul lavoro agile",
    "description": "Seminari e percorsi per le imprese del territorio.", "intervention_types": ["d"],
    "budget": "12000.00", "pending": "1500.00", "paid": "4000.00", "available": "6500.00",
    "years": [{"year": 2021, "planned": "6000.00", "expected_people": 120, "expected_companies": 10}],
    "cofinancing": [{"organisation_id": "0193a5d0-6001-7000-8000-000000000003", "monetary": "500.00", "in_kind": "1500.00"}],
    "project_ids": [], "created_at": "2020-09-01T08:00:00Z"
}))]
pub struct Action {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    #[serde(skip)]
    #[schema(ignore)]
    pub territory_id: Uuid,
    /// The plan whose resources it uses.
    #[diesel(sql_type = SqlUuid)]
    pub plan_id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: ActionKind,
    #[diesel(sql_type = Text)]
    pub state: ActionState,
    /// What it is called.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// What it does, for whom.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 4000)]
    pub description: String,
    /// Types of intervention of the plan that it serves.
    #[diesel(sql_type = Array<Text>)]
    #[schema(min_items = 1, max_items = 6)]
    pub intervention_types: Vec<InterventionType>,
    /// EUR it may spend in all.
    #[diesel(sql_type = Numeric)]
    pub budget: Money,
    /// EUR of payments recorded that another person has not yet decided.
    #[diesel(sql_type = Numeric)]
    pub pending: Money,
    /// EUR paid: approved payments without what came back.
    #[diesel(sql_type = Numeric)]
    pub paid: Money,
    /// EUR left: the budget without what is pending and paid.
    #[diesel(sql_type = Numeric)]
    pub available: Money,
    /// What is planned and expected year by year.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<ActionYear>, min_items = 0, max_items = 20)]
    pub years: Gathered<Vec<ActionYear>>,
    /// What organisations add of their own.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<ActionCofinancing>, min_items = 0, max_items = 100)]
    pub cofinancing: Gathered<Vec<ActionCofinancing>>,
    /// Projects whose themes a cross-cutting action ties together.
    #[diesel(sql_type = Array<SqlUuid>)]
    #[schema(min_items = 0, max_items = 100)]
    pub project_ids: Vec<Uuid>,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// What an action plans to spend and whom it expects to reach in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionYear {
    /// A year of the plan.
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    #[validate(range(min = 2000, max = 2099))]
    pub year: i16,
    /// EUR planned; those of all years are at most the budget.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "6000.00",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub planned: Money,
    /// People it expects to reach.
    #[schema(format = Int32, minimum = 0, maximum = 1_000_000)]
    #[validate(range(min = 0, max = 1_000_000))]
    pub expected_people: i32,
    /// Companies it expects to reach.
    #[schema(format = Int32, minimum = 0, maximum = 1_000_000)]
    #[validate(range(min = 0, max = 1_000_000))]
    pub expected_companies: i32,
}

/// What an organisation adds to the agency's resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionCofinancing {
    /// An organisation of the territory.
    pub organisation_id: Uuid,
    /// EUR of its own money.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "500.00",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub monetary: Money,
    /// EUR that its staff's hours are valued at. Not both are zero.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "1500.00",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub in_kind: Money,
}
