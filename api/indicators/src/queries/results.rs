use crate::schema::activity_results as results;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::{new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// People and companies that an activity reached.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = results)]
#[schema(example = json!({"id": "0193a5d0-7777-7000-8000-000000000002", "activity_id": "0193a5d0-4444-7000-8000-000000000009",
    "reached_on": "2026-06-30", "people": 120, "companies": 0, "note": "Laboratori di giugno", "supersedes": null,
    "recorded_at": "2026-07-02T08:30:00Z"}))]
pub struct ActivityResult {
    /// Identifier.
    pub id: Uuid,
    /// The activity.
    pub activity_id: Uuid,
    /// Day up to which these were reached, since the record before.
    pub reached_on: NaiveDate,
    /// People.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub people: i32,
    /// Companies.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub companies: i32,
    /// In words.
    #[schema(required, min_length = 1, max_length = 1000)]
    pub note: Option<String>,
    /// The record that this one takes the place of, which no longer counts.
    #[schema(required)]
    pub supersedes: Option<Uuid>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A result to enter.
#[derive(Debug, Clone)]
pub struct NewActivityResult<'a> {
    pub territory_id: Uuid,
    pub activity_id: Uuid,
    pub reached_on: NaiveDate,
    /// 0 to 1,000,000.
    pub people: i32,
    /// 0 to 1,000,000.
    pub companies: i32,
    pub note: Option<&'a str>,
    /// A result of the same activity that nothing supersedes yet.
    pub supersedes: Option<Uuid>,
    pub recorded_by: Option<Uuid>,
}

/// Enters a result. One that supersedes a result superseded already is a unique violation, hence 409.
pub async fn insert_activity_result(
    conn: &mut AsyncPgConnection,
    new: &NewActivityResult<'_>,
) -> QueryResult<ActivityResult> {
    diesel::insert_into(results::table)
        .values((
            results::id.eq(new_id()),
            results::territory_id.eq(new.territory_id),
            results::activity_id.eq(new.activity_id),
            results::reached_on.eq(new.reached_on),
            results::people.eq(new.people),
            results::companies.eq(new.companies),
            results::note.eq(new.note),
            results::supersedes.eq(new.supersedes),
            results::recorded_by.eq(new.recorded_by),
            results::recorded_at.eq(now()),
        ))
        .returning(ActivityResult::as_returning())
        .get_result(conn)
        .await
}

/// Whether a result is of the activity.
pub(crate) async fn is_result_of(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    activity_id: Uuid,
    id: Uuid,
) -> QueryResult<bool> {
    let found = results::table
        .filter(results::territory_id.eq(territory_id))
        .filter(results::activity_id.eq(activity_id))
        .filter(results::id.eq(id));
    diesel::select(diesel::dsl::exists(found)).get_result(conn).await
}

/// One more than `limit`, if there are, newest first.
pub(crate) async fn list_results<C>(
    conn: &mut C,
    territory_id: Uuid,
    activity_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<ActivityResult>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    results::table
        .filter(results::territory_id.eq(territory_id))
        .filter(results::activity_id.eq(activity_id))
        .filter(results::id.lt(before.unwrap_or(Uuid::max())))
        .order(results::id.desc())
        .limit(limit + 1)
        .select(ActivityResult::as_select())
        .load(conn)
        .await
}
