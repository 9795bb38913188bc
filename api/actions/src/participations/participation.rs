use crate::rules::states::ParticipationState;
use chrono::NaiveDate;
use concilia_kernel::db::Gathered;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Jsonb, SmallInt, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A company on a path.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6007-7000-8000-000000000001", "company_path_id": "0193a5d0-6006-7000-8000-000000000001",
    "organisation_id": "0193a5d0-6001-7000-8000-000000000003", "state": "running", "joined_on": "2021-02-01",
    "steps_in_all": 4,
    "steps_done": [{"position": 1, "done_on": "2021-02-20", "outcome": "Raccolti 38 questionari su 52 dipendenti."}]
}))]
pub struct PathParticipation {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The path.
    #[diesel(sql_type = SqlUuid)]
    pub company_path_id: Uuid,
    /// The company.
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: ParticipationState,
    /// Day on which it joined (in Italy).
    #[diesel(sql_type = Date)]
    pub joined_on: NaiveDate,
    /// Steps of the path.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub steps_in_all: i16,
    /// Steps done, in order.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<PathStepDone>, min_items = 0, max_items = 20)]
    pub steps_done: Gathered<Vec<PathStepDone>>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// A step that a company has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PathStepDone {
    /// Place of the step in the path, from 1.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub position: i16,
    /// Day on which it was done.
    pub done_on: NaiveDate,
    /// What came of it.
    #[schema(min_length = 1, max_length = 1000)]
    pub outcome: String,
}
