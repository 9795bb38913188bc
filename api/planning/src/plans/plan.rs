use crate::project_calls::{AddressDocument, AddressDocumentInput};
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Numeric, SmallInt, Text, Timestamptz};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The multi-year plan of a territory.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000003", "territory_id": "0193a5d0-4444-7000-8000-000000000002",
    "title": "Piano Territoriale di Conciliazione 2020-2023", "from_year": 2020, "to_year": 2023,
    "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "resources": "214648.00",
    "local_alliances": "171718.40", "system_actions": "42929.60", "expected_people": 3000, "expected_companies": 30,
    "created_at": "2020-02-29T09:00:00Z"
}))]
pub struct Plan {
    /// Identifier of the plan.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: Uuid,
    /// Territory whose plan it is.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub territory_id: Uuid,
    /// Title.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// First year.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    pub from_year: i16,
    /// Last year.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    pub to_year: i16,
    /// The address document.
    #[diesel(embed)]
    pub address_document: AddressDocument,
    /// EUR of the plan: those for local alliances and for system actions together.
    #[diesel(sql_type = Numeric)]
    pub resources: Money,
    /// EUR for the projects of local alliances.
    #[diesel(sql_type = Numeric)]
    pub local_alliances: Money,
    /// EUR that the agency keeps for its own actions.
    #[diesel(sql_type = Numeric)]
    pub system_actions: Money,
    /// People that the plan expects to reach.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0, maximum = 10_000_000)]
    pub expected_people: i32,
    /// Companies that the plan expects to reach.
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 0, maximum = 10_000_000)]
    pub expected_companies: i32,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// A plan to enter.
#[derive(Debug, Clone)]
pub struct NewPlan<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    /// 1 to 300 characters.
    pub title: &'a str,
    pub from_year: i16,
    /// Not before the first.
    pub to_year: i16,
    pub address_document: &'a AddressDocumentInput,
    /// With the next, the resources of the plan; above zero together.
    pub local_alliances: Money,
    pub system_actions: Money,
    pub expected_people: i32,
    pub expected_companies: i32,
}
