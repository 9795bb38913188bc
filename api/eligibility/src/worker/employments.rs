use crate::schema::{employees, workers};
use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An employment of a worker, as the employer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = employees)]
pub struct Employment {
    /// The employer.
    pub employer_id: Uuid,
    /// Whether the worker works there in shifts.
    pub shift_worker: bool,
}

/// The employments of a worker on a day, first and last days included.
pub async fn employments_on<C>(
    connection: &mut C,
    territory_id: Uuid,
    worker_id: Uuid,
    day: NaiveDate,
) -> QueryResult<Vec<Employment>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    workers::table
        .inner_join(
            employees::table.on(employees::territory_id
                .eq(workers::territory_id)
                .and(employees::tax_code_index.eq(workers::tax_code_index))),
        )
        .filter(workers::territory_id.eq(territory_id))
        .filter(workers::id.eq(worker_id))
        .filter(employees::employed_from.le(day))
        .filter(employees::employed_to.is_null().or(employees::employed_to.assume_not_null().ge(day)))
        .order(employees::employer_id)
        .select(Employment::as_select())
        .load(connection)
        .await
}
