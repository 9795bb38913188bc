use crate::schema::grants;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Money, Problem, Ratio};
use concilia_planning::ProjectSummary;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The row of a grant.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = grants)]
pub(crate) struct Grant {
    pub project_id: Uuid,
    pub assigned: Money,
    pub coordination_limit: Ratio,
    pub cofinancing_minimum: Ratio,
    pub shift_threshold: Ratio,
    pub cup: Option<String>,
    pub ordered: Money,
    pub paid: Money,
    pub admissible: Option<Money>,
    pub recovered: Money,
    pub accepted_at: DateTime<Utc>,
    pub signed_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i64,
}

impl Grant {
    /// What the lead still has to give back.
    pub(crate) fn to_give_back(&self) -> Money {
        let admissible = self.admissible.unwrap_or(self.paid);
        (self.paid - admissible - self.recovered).max(Money::ZERO)
    }

    /// What may still be ordered of it.
    pub(crate) fn left(&self) -> Money {
        let most = self.admissible.unwrap_or(self.assigned);
        (most - self.ordered).max(Money::ZERO)
    }
}

/// A grant that the transaction holds, with its project.
#[derive(Debug)]
pub(crate) struct HeldGrant {
    pub grant: Grant,
    pub project: ProjectSummary,
}

/// Locks the grant of a project until the transaction ends. All that moves its money, its budget or, from acceptance
/// on, its project does so under this lock, so what is read after it stays true.
pub(crate) async fn hold_grant(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> Result<HeldGrant, Problem> {
    let grant: Grant = grants::table
        .filter(grants::territory_id.eq(territory_id))
        .filter(grants::project_id.eq(project_id))
        .select(Grant::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await?;
    let project = concilia_planning::find_project(conn, territory_id, project_id).await?;
    Ok(HeldGrant { grant, project: project.ok_or_else(Problem::not_found)? })
}

/// The grant of a project and the project, unlocked.
pub(crate) async fn find_grant<C>(conn: &mut C, territory_id: Uuid, project_id: Uuid) -> Result<HeldGrant, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let grant: Grant = grants::table
        .filter(grants::territory_id.eq(territory_id))
        .filter(grants::project_id.eq(project_id))
        .select(Grant::as_select())
        .get_result(conn)
        .await?;
    let project = concilia_planning::find_project(conn, territory_id, project_id).await?;
    Ok(HeldGrant { grant, project: project.ok_or_else(Problem::not_found)? })
}

/// Marks the grant as changed, for those who read it before.
pub(crate) async fn touch(conn: &mut AsyncPgConnection, grant: &Grant) -> QueryResult<()> {
    cached(diesel::update(grants::table.find(grant.project_id)).set(grants::version.eq(grants::version + 1)))
        .execute(conn)
        .await?;
    Ok(())
}
