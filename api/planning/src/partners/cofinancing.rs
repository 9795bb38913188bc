use crate::schema::cofinancing_lines;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// What a partner puts into a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = cofinancing_lines)]
pub struct CofinancingLine {
    pub project_id: Uuid,
    pub organisation_id: Uuid,
    /// EUR in money.
    pub monetary: Money,
    /// EUR of valued staff hours.
    pub in_kind: Money,
    /// When the partner signed it off; `None` until then.
    pub signed_off_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// The co-financing lines of several projects, by project and organisation. The line of a partner that left stays on
/// record; what it no longer puts in is told by [`crate::PartnerOrganisation::left_on`].
pub async fn cofinancing_of<C>(
    conn: &mut C,
    territory_id: Uuid,
    projects: &[Uuid],
) -> QueryResult<Vec<CofinancingLine>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cofinancing_lines::table
        .filter(cofinancing_lines::territory_id.eq(territory_id))
        .filter(cofinancing_lines::project_id.eq_any(projects))
        .order((cofinancing_lines::project_id, cofinancing_lines::organisation_id))
        .select(CofinancingLine::as_select())
        .load(conn)
        .await
}
