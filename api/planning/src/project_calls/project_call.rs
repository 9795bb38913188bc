use super::{LeadKinds, ProjectCallState};
use crate::{InterventionType, Points};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::clock::italian_time;
use concilia_kernel::db::Gathered;
use concilia_kernel::{Code, Money, Problem, Ratio};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The act that says what a plan or a call is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName, ToSchema)]
pub struct AddressDocument {
    /// The act that adopted it.
    #[diesel(sql_type = Text, column_name = address_document_act)]
    #[schema(min_length = 1, max_length = 200, example = "Decreto n. 103")]
    pub act: String,
    /// Date of the act.
    #[diesel(sql_type = Date, column_name = address_document_date)]
    #[schema(example = "2020-02-28")]
    pub date: NaiveDate,
}

/// A criterion of the evaluation grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvaluationCriterion {
    /// Its code, unique in the grid.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "innovation")]
    pub code: String,
    /// What is judged.
    #[schema(min_length = 1, max_length = 200, example = "Innovatività")]
    pub title: String,
    /// Most points that it gives.
    pub maximum: Points,
}

/// An extension of the closing instant, by an act of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Extension {
    /// Number of the act.
    #[schema(min_length = 1, max_length = 200, example = "Decreto n. 4978")]
    pub act: String,
    /// Date of the act.
    pub act_date: NaiveDate,
    /// When the call closed before.
    pub previous_closes_at: DateTime<Utc>,
    /// When it closes by the act.
    pub closes_at: DateTime<Utc>,
}

/// A call that invites alliances to propose projects.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000001", "territory_id": "0193a5d0-4444-7000-8000-000000000002",
    "plan_id": "0193a5d0-4444-7000-8000-000000000003", "number": 2, "title": "Manifestazione d'interesse 2020",
    "state": "open", "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "budget": "171718.40",
    "opens_at": "2020-03-02T08:00:00Z", "closes_at": "2020-05-15T10:00:00Z", "intervention_types": ["a", "b", "d"],
    "lead_kinds": "public_or_nonprofit", "coordination_limit": "0.15", "cofinancing_minimum": "0.30",
    "shift_threshold": "0.10", "maximum_grant": "40000.00", "minimum_score": null,
    "criteria": [{"code": "innovation", "title": "Innovatività", "maximum": "10.00"}], "maximum_score": "10.00",
    "extensions": [{"act": "Decreto n. 4978", "act_date": "2020-04-27", "previous_closes_at": "2020-04-30T10:00:00Z",
                    "closes_at": "2020-05-15T10:00:00Z"}],
    "published_at": "2020-03-02T08:00:00Z", "created_at": "2020-02-29T09:00:00Z"
}))]
pub struct ProjectCall {
    /// Identifier of the call.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: Uuid,
    /// Territory whose agency makes the call.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub territory_id: Uuid,
    /// Plan that the call carries out.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub plan_id: Uuid,
    /// Its number in the territory; its projects are `<number>.1`, `<number>.2` and so on.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1, maximum = 999)]
    pub number: i16,
    /// Title.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// State of the call. One past its closing instant takes no submissions, whatever its state.
    #[diesel(sql_type = Text)]
    pub state: ProjectCallState,
    /// The address document.
    #[diesel(embed)]
    pub address_document: AddressDocument,
    /// EUR to be allocated among its projects.
    #[diesel(sql_type = Numeric)]
    pub budget: Money,
    /// From when projects are submitted.
    #[diesel(sql_type = Timestamptz)]
    pub opens_at: DateTime<Utc>,
    /// From when projects are no longer submitted, as extended.
    #[diesel(sql_type = Timestamptz)]
    pub closes_at: DateTime<Utc>,
    /// Types of intervention that a project may name.
    #[diesel(sql_type = Array<Text>)]
    #[schema(min_items = 1, max_items = 6)]
    pub intervention_types: Vec<InterventionType>,
    /// Who may lead an alliance.
    #[diesel(sql_type = Text)]
    pub lead_kinds: LeadKinds,
    /// Greatest share of a project's total that coordination, monitoring and reporting may take.
    #[diesel(sql_type = Numeric)]
    pub coordination_limit: Ratio,
    /// Least share of a project's total that its co-financing must reach; the amount it makes is cut to the cent.
    #[diesel(sql_type = Numeric)]
    pub cofinancing_minimum: Ratio,
    /// Share of a cost item above which a shift to another needs approval.
    #[diesel(sql_type = Numeric)]
    pub shift_threshold: Ratio,
    /// Most EUR that a project may ask for; null for no limit.
    #[diesel(sql_type = Nullable<Numeric>)]
    #[schema(required)]
    pub maximum_grant: Option<Money>,
    /// Least final score with which a project may be funded; null for none.
    #[diesel(sql_type = Nullable<Numeric>)]
    #[schema(required)]
    pub minimum_score: Option<Points>,
    /// The evaluation grid, in its order.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<EvaluationCriterion>, min_items = 1, max_items = 30)]
    pub criteria: Gathered<Vec<EvaluationCriterion>>,
    /// Sum of the maxima of the grid.
    #[diesel(sql_type = Numeric)]
    pub maximum_score: Points,
    /// Extensions of the closing instant, oldest first.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<Extension>, min_items = 0, max_items = 100)]
    pub extensions: Gathered<Vec<Extension>>,
    /// When it was first opened; null for a draft.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    #[schema(required)]
    pub published_at: Option<DateTime<Utc>>,
    /// When it was created.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

impl ProjectCall {
    /// Refuses unless projects are submitted at `now`.
    pub fn require_open(&self, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.state == ProjectCallState::Open && (self.opens_at..self.closes_at).contains(&now) {
            return Ok(());
        }
        let (opens, closes) = (self.opens_at, self.closes_at);
        Err(Problem::new(Code::CallNotOpen).explain(
            format!(
                "L'avviso, nello stato «{}», accoglie progetti dal {} al {}.",
                self.state,
                italian_time(opens),
                italian_time(closes)
            ),
            format!("The call, in state '{}', takes projects from {opens:?} to {closes:?}.", self.state),
        ))
    }
}
