use super::detail::{ProjectDetail, load_detail};
use crate::schema::project_versions;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, text_enum};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// Why a version of a project was kept.
    pub enum VersionReason {
        /// First submitted.
        Submitted = "submitted",
        /// Submitted again with the integrations asked for.
        Integrated = "integrated",
        /// Merged into another, or another was merged into it.
        Merged = "merged",
        /// A variation was agreed.
        Variation = "variation",
        /// Partners joined, left or were substituted.
        Partners = "partners",
        /// A grant was assigned.
        Awarded = "awarded",
    }
}

/// A version of a project, without what is in it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = project_versions)]
pub struct ProjectVersion {
    /// 1, 2, 3 and so on.
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub number: i32,
    /// Why it was kept.
    pub reason: VersionReason,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Keeps a project, which the transaction holds, as it stands.
pub async fn keep_project_version(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    reason: VersionReason,
    created_by: Option<Uuid>,
) -> Result<(), Problem> {
    let project = load_detail(conn, territory_id, project_id).await?;
    record_version(conn, territory_id, &project, reason, created_by).await
}

/// As [`keep_project_version`], of a project just read.
pub(crate) async fn record_version(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project: &ProjectDetail,
    reason: VersionReason,
    created_by: Option<Uuid>,
) -> Result<(), Problem> {
    cached(
        sql_query(
            "INSERT INTO project_versions (territory_id, project_id, number, reason, snapshot, created_by) \
             SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM project_versions \
             WHERE territory_id = $1 AND project_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project.id)
        .bind::<Text, _>(reason)
        .bind::<Jsonb, _>(serde_json::to_value(&project.parts).map_err(Problem::internal)?)
        .bind::<Nullable<SqlUuid>, _>(created_by),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One more than `limit`, if there are, after the one of number `after`.
pub(super) async fn list<C>(
    conn: &mut C,
    (territory_id, project_id): (Uuid, Uuid),
    after: i32,
    limit: i64,
) -> QueryResult<Vec<ProjectVersion>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    project_versions::table
        .filter(project_versions::territory_id.eq(territory_id))
        .filter(project_versions::project_id.eq(project_id))
        .filter(project_versions::number.gt(after))
        .order(project_versions::number)
        .limit(limit + 1)
        .select(ProjectVersion::as_select())
        .load(conn)
        .await
}

/// Versions of a project with what is in them, by number.
pub(super) async fn find<C>(
    conn: &mut C,
    (territory_id, project_id): (Uuid, Uuid),
    numbers: &[i32],
) -> QueryResult<Vec<(ProjectVersion, Value)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    project_versions::table
        .filter(project_versions::territory_id.eq(territory_id))
        .filter(project_versions::project_id.eq(project_id))
        .filter(project_versions::number.eq_any(numbers))
        .order(project_versions::number)
        .select((ProjectVersion::as_select(), project_versions::snapshot))
        .load(conn)
        .await
}
