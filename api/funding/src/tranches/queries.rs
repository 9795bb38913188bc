use crate::rules::tranches::TrancheKind;
use crate::schema::grant_tranches;
use chrono::NaiveDate;
use concilia_kernel::{Money, Ratio};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The row of a tranche.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = grant_tranches)]
pub(crate) struct Tranche {
    pub number: i16,
    pub kind: TrancheKind,
    pub share: Option<Ratio>,
    pub amount: Money,
    pub ordered: Money,
    pub due_on: Option<NaiveDate>,
}

/// A part of the grant that is paid at its own time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GrantTranche {
    /// Its place in the schedule, from 1.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub number: i16,
    /// When it is paid.
    pub kind: TrancheKind,
    /// Share of the grant that the amount was made from; null where the amount was given.
    #[schema(required)]
    pub share: Option<Ratio>,
    /// EUR.
    pub amount: Money,
    /// EUR of it in payments that were not cancelled.
    pub ordered: Money,
    /// Day by which it is expected; null where none was said.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
}

impl From<Tranche> for GrantTranche {
    fn from(row: Tranche) -> Self {
        let Tranche { number, kind, share, amount, ordered, due_on } = row;
        Self { number, kind, share, amount, ordered, due_on }
    }
}

/// The tranches of a grant, in their order.
pub(crate) async fn tranches_of<C>(conn: &mut C, territory_id: Uuid, project_id: Uuid) -> QueryResult<Vec<Tranche>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    grant_tranches::table
        .filter(grant_tranches::territory_id.eq(territory_id))
        .filter(grant_tranches::project_id.eq(project_id))
        .order(grant_tranches::number)
        .select(Tranche::as_select())
        .load(conn)
        .await
}
