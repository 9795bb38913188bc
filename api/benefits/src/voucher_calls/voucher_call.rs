//! A voucher call as others see it.

use crate::rules::share::Share;
use crate::rules::states::VoucherCallState;
use crate::rules::terms::{Criterion, Terms, TieBreak};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use concilia_kernel::clock::{italian_day, italian_time};
use concilia_kernel::{Code, Problem};
use diesel::QueryableByName;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{Array, BigInt, Date, Integer, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A call for vouchers of a funded project.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-1111-7000-8000-000000000001", "project_id": "0193a5d0-1111-7000-8000-000000000002",
    "lead_organisation_id": "0193a5d0-1111-7000-8000-000000000003", "edition": 1, "state": "open",
    "title_it": "Conciliare le responsabilità, prima edizione",
    "title_en": "Reconciling responsibilities, first edition",
    "budget": "144000.00", "first_award_share": "0.50", "value_per_child": "300.00", "household_cap": "900.00",
    "minimum_age": 0, "maximum_age": 16, "admitted_employer_ids": [],
    "criteria": [{"criterion": "child_disability", "points": 40},
                 {"criterion": "isee_up_to", "threshold": "15000.00", "points": 10}],
    "tie_breaks": ["isee_ascending", "submitted_at_ascending"], "spendable_categories": null,
    "opens_at": "2026-03-01T08:00:00Z", "closes_at": "2026-04-01T10:00:00Z", "spend_by": "2026-12-31",
    "created_at": "2026-02-10T09:30:00Z"
}))]
pub struct VoucherCall {
    /// Identifier of the call.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    #[serde(skip)]
    #[schema(ignore)]
    pub territory_id: Uuid,
    /// Funded project whose money is awarded.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub project_id: Uuid,
    /// Organisation that answers for the call: the project's lead.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub lead_organisation_id: Uuid,
    /// 1 for the project's first call, then 2, 3...
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub edition: i32,
    /// State of the call. One past its closing instant takes no applications, whatever its state.
    #[diesel(sql_type = Text)]
    pub state: VoucherCallState,
    /// Title in Italian.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub title_it: String,
    /// Title in English.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 200)]
    pub title_en: String,
    /// EUR that the call may award in all.
    #[diesel(sql_type = Numeric)]
    pub budget: Money,
    /// Share of the budget that the first ranking may award; the rest is kept for later.
    #[diesel(sql_type = Numeric)]
    pub first_award_share: Share,
    /// EUR of a voucher.
    #[diesel(sql_type = Numeric)]
    pub value_per_child: Money,
    /// EUR that one household may get at most; null for no cap.
    #[diesel(sql_type = Nullable<Numeric>)]
    #[schema(required)]
    pub household_cap: Option<Money>,
    /// Least age admitted, in whole years on the day the call closes (in Italy).
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 0, maximum = 120)]
    pub minimum_age: i16,
    /// Greatest age admitted, in whole years on the day the call closes (in Italy).
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 0, maximum = 120)]
    pub maximum_age: i16,
    /// Employers whose people may apply; none listed means every employer of the territory.
    #[diesel(sql_type = Array<diesel::sql_types::Uuid>)]
    #[schema(min_items = 0, max_items = 500)]
    pub admitted_employer_ids: Vec<Uuid>,
    /// Criteria that give points.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<Criterion>, min_items = 0, max_items = 20)]
    pub criteria: Criteria,
    /// How equal points are ordered, first things first; then by protocol number and line.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<TieBreak>, min_items = 0, max_items = 3)]
    pub tie_breaks: TieBreaks,
    /// Codes of the service categories it may be spent on; null for all those of the project's store.
    #[diesel(sql_type = Nullable<Array<Text>>)]
    #[schema(required, min_items = 1, max_items = 50)]
    pub spendable_categories: Option<Vec<String>>,
    /// From when applications are taken.
    #[diesel(sql_type = Timestamptz)]
    pub opens_at: DateTime<Utc>,
    /// From when applications are no longer taken.
    #[diesel(sql_type = Timestamptz)]
    pub closes_at: DateTime<Utc>,
    /// Last day on which vouchers may be spent.
    #[diesel(sql_type = Date)]
    pub spend_by: NaiveDate,
    /// When the call was created.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

impl VoucherCall {
    /// What its ranking goes by.
    pub fn terms(&self) -> Terms {
        Terms {
            budget: self.budget,
            first_award_share: self.first_award_share,
            value_per_child: self.value_per_child,
            household_cap: self.household_cap,
            minimum_age: self.minimum_age,
            maximum_age: self.maximum_age,
            ages_on: italian_day(self.closes_at),
            criteria: self.criteria.0.clone(),
            tie_breaks: self.tie_breaks.0.clone(),
        }
    }

    /// Refuses unless applications are taken at `now`.
    pub fn require_open(&self, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.state == VoucherCallState::Open && (self.opens_at..self.closes_at).contains(&now) {
            return Ok(());
        }
        let (opens, closes) = (self.opens_at, self.closes_at);
        Err(Problem::new(Code::CallNotOpen).explain(
            format!(
                "L'avviso, nello stato «{}», accoglie domande dal {} al {}.",
                self.state,
                italian_time(opens),
                italian_time(closes)
            ),
            format!("The call, in state '{}', takes applications from {opens:?} to {closes:?}.", self.state),
        ))
    }

    /// Whether people of `employer_id` may apply.
    pub fn admits_employer(&self, employer_id: Uuid) -> bool {
        self.admitted_employer_ids.is_empty() || self.admitted_employer_ids.contains(&employer_id)
    }
}

macro_rules! json_list {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Jsonb)]
        #[serde(transparent)]
        pub struct $name(pub Vec<$item>);

        impl FromSql<Jsonb, Pg> for $name {
            fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
                Ok(Self(serde_json::from_value(value)?))
            }
        }
    };
}

json_list! {
    /// Criteria as stored.
    Criteria of Criterion
}
json_list! {
    /// Tie-breaks as stored.
    TieBreaks of TieBreak
}
