use crate::schema::{employees, workers};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::text_enum;
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// Form of employment.
    pub enum ContractType {
        Permanent = "permanent",
        FixedTerm = "fixed_term",
        Apprenticeship = "apprenticeship",
        /// Sent by a temporary work agency.
        TemporaryAgency = "temporary_agency",
        Collaboration = "collaboration",
        Other = "other",
    }
}

/// Where an employee is found.
#[derive(Debug, Deserialize)]
pub struct EmployeePath {
    pub employer_id: Uuid,
    pub external_id: String,
}

/// An employee, as the employer sees it. The tax code is known to the employer and never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, ToSchema)]
pub struct Employee {
    /// The employer's own identifier of the person.
    #[schema(min_length = 1, max_length = 64, example = "00042")]
    pub external_id: String,
    /// Given name.
    #[schema(min_length = 1, max_length = 120, example = "Maria")]
    pub given_name: String,
    /// Family name.
    #[schema(min_length = 1, max_length = 120, example = "Rossi")]
    pub family_name: String,
    /// E-mail address at work.
    #[schema(required, format = "email", max_length = 254)]
    pub email: Option<String>,
    /// First day of employment.
    pub employed_from: NaiveDate,
    /// Last day of employment, once known.
    #[schema(required)]
    pub employed_to: Option<NaiveDate>,
    /// Form of employment.
    pub contract_type: ContractType,
    /// Whether the person works in shifts.
    pub shift_worker: bool,
    /// Where the person works.
    #[schema(required, max_length = 200)]
    pub workplace: Option<String>,
    /// Whether the person has activated an account as a worker.
    pub activated: bool,
    /// First pushed.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// Employees of one employer, in the order of their external ids.
#[diesel::dsl::auto_type(no_type_alias)]
fn of_employer(territory_id: Uuid, employer_id: Uuid) -> _ {
    employees::table
        .filter(employees::territory_id.eq(territory_id))
        .filter(employees::employer_id.eq(employer_id))
        .order(employees::external_id)
        .select((
            employees::external_id,
            employees::given_name,
            employees::family_name,
            employees::email,
            employees::employed_from,
            employees::employed_to,
            employees::contract_type,
            employees::shift_worker,
            employees::workplace,
            exists(
                workers::table
                    .filter(workers::territory_id.eq(employees::territory_id))
                    .filter(workers::tax_code_index.eq(employees::tax_code_index)),
            ),
            employees::created_at,
            employees::updated_at,
        ))
}

pub(super) async fn find<C>(
    connection: &mut C,
    territory_id: Uuid,
    employer_id: Uuid,
    external_id: &str,
) -> QueryResult<Employee>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    of_employer(territory_id, employer_id)
        .filter(employees::external_id.eq(external_id))
        .get_result(connection)
        .await
}

/// What a list of employees is narrowed to.
#[derive(Debug, Default)]
pub(super) struct Narrowing<'a> {
    pub(super) after: Option<&'a str>,
    /// Whose last day has come by this day, or not.
    pub(super) ended: Option<(NaiveDate, bool)>,
}

pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    employer_id: Uuid,
    narrowing: Narrowing<'_>,
    limit: i64,
) -> QueryResult<Vec<Employee>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut query = of_employer(territory_id, employer_id).limit(limit + 1).into_boxed();
    if let Some(after) = narrowing.after {
        query = query.filter(employees::external_id.gt(after));
    }
    if let Some((day, ended)) = narrowing.ended {
        let reached = employees::employed_to.is_not_null().and(employees::employed_to.assume_not_null().le(day));
        query = if ended { query.filter(reached) } else { query.filter(diesel::dsl::not(reached)) };
    }
    query.load(connection).await
}
