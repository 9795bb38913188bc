use super::put_project_activities::ActivityInput;
use crate::rules::month::Month;
use crate::schema::{activity_targets, project_activities as activities};
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::{Code, FieldError, Problem, new_id, text_enum};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Integer, Jsonb, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

text_enum! {
    /// What a target counts.
    pub enum Measure {
        /// People reached.
        People = "people",
        /// Companies reached.
        Companies = "companies",
        /// Events held.
        Events = "events",
        /// Hours given.
        Hours = "hours",
    }
}

/// An activity of a project.
#[derive(Debug, Clone)]
pub struct Activity {
    pub id: Uuid,
    pub project_id: Uuid,
    /// 1, 2, 3... within the project.
    pub number: i16,
    pub title: String,
    /// First days of the months in which it runs, in order.
    pub months: Vec<NaiveDate>,
    /// By year and measure.
    pub targets: Vec<ActivityTarget>,
}

/// What an activity is expected to reach in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = activity_targets)]
pub struct ActivityTarget {
    pub year: i16,
    pub measure: Measure,
    pub expected: i32,
}

/// The activities of several projects, by project and number, in two statements.
pub async fn project_activities<C>(
    conn: &mut C,
    territory_id: Uuid,
    projects: &[Uuid],
) -> QueryResult<Vec<Activity>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    type Row = (Uuid, Uuid, i16, String, Vec<Option<NaiveDate>>);
    let rows: Vec<Row> = activities::table
        .filter(activities::territory_id.eq(territory_id))
        .filter(activities::project_id.eq_any(projects))
        .order((activities::project_id, activities::number))
        .select((
            activities::id,
            activities::project_id,
            activities::number,
            activities::title,
            activities::months,
        ))
        .load(conn)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
    let targets: Vec<(Uuid, ActivityTarget)> = activity_targets::table
        .filter(activity_targets::territory_id.eq(territory_id))
        .filter(activity_targets::activity_id.eq_any(&ids))
        .order((activity_targets::activity_id, activity_targets::year, activity_targets::measure))
        .select((activity_targets::activity_id, ActivityTarget::as_select()))
        .load(conn)
        .await?;
    let mut of_activity: HashMap<Uuid, Vec<ActivityTarget>> = HashMap::new();
    for (activity, target) in targets {
        of_activity.entry(activity).or_default().push(target);
    }
    let whole = |(id, project_id, number, title, months): Row| Activity {
        id,
        project_id,
        number,
        title,
        months: months.into_iter().flatten().collect(),
        targets: of_activity.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Replaces the activities of a project that the transaction holds. Those named by their identifier are kept; one that
/// the project has not is refused.
pub(super) async fn replace_activities(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    input: &[ActivityInput],
) -> Result<(), Problem> {
    let kept: Vec<Uuid> = input.iter().filter_map(|activity| activity.id).collect();
    let known: HashSet<Uuid> = activities::table
        .filter(activities::territory_id.eq(territory_id))
        .filter(activities::project_id.eq(project_id))
        .select(activities::id)
        .load(conn)
        .await?
        .into_iter()
        .collect();
    let strangers =
        input.iter().enumerate().filter(|(_, activity)| activity.id.is_some_and(|id| !known.contains(&id)));
    let errors: Vec<FieldError> =
        strangers.map(|(at, _)| FieldError::pointer(format!("/activities/{at}/id"), "not_found")).collect();
    if !errors.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
    }
    // Targets go with the activities that go, and are written anew for those that stay.
    cached(
        sql_query(
            "WITH gone AS ( \
               DELETE FROM project_activities WHERE territory_id = $1 AND project_id = $2 AND id <> ALL ($3) \
             ) \
             DELETE FROM activity_targets WHERE territory_id = $1 AND activity_id = ANY ($3)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<Array<SqlUuid>, _>(&kept),
    )
    .execute(conn)
    .await?;
    let ids: Vec<Uuid> = input.iter().map(|activity| activity.id.unwrap_or_else(new_id)).collect();
    upsert_activities(conn, (territory_id, project_id), &ids, input).await?;
    insert_targets(conn, territory_id, &ids, input).await?;
    Ok(())
}

async fn upsert_activities(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id): (Uuid, Uuid),
    ids: &[Uuid],
    input: &[ActivityInput],
) -> QueryResult<()> {
    let titles: Vec<&str> = input.iter().map(|activity| activity.title.trim_matches(' ')).collect();
    // PostgreSQL's arrays of arrays are rectangular, so the months of each activity travel as JSON.
    let months: Vec<Vec<NaiveDate>> = input
        .iter()
        .map(|activity| {
            let mut months: Vec<NaiveDate> = activity.months.iter().copied().map(Month::first_day).collect();
            months.sort_unstable();
            months
        })
        .collect();
    cached(
        sql_query(
            "INSERT INTO project_activities (id, territory_id, project_id, number, title, months) \
             SELECT a.id, $1, $2, a.number, a.title, \
               ARRAY(SELECT m::date FROM jsonb_array_elements_text($5 -> (a.number - 1)::int) WITH ORDINALITY x (m, at) \
                     ORDER BY at) \
             FROM unnest($3, $4) WITH ORDINALITY a (id, title, number) \
             ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number, title = EXCLUDED.title, months = EXCLUDED.months",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(titles)
        .bind::<Jsonb, _>(json!(months)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_targets(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    ids: &[Uuid],
    input: &[ActivityInput],
) -> QueryResult<()> {
    let targets: Vec<_> = input
        .iter()
        .zip(ids)
        .flat_map(|(activity, id)| activity.targets.iter().map(move |target| (*id, target)))
        .collect();
    let activities: Vec<Uuid> = targets.iter().map(|(id, _)| *id).collect();
    let years: Vec<i16> = targets.iter().map(|(_, target)| target.year).collect();
    let measures: Vec<Measure> = targets.iter().map(|(_, target)| target.measure).collect();
    let expected: Vec<i32> = targets.iter().map(|(_, target)| target.expected).collect();
    cached(
        sql_query(
            "INSERT INTO activity_targets (territory_id, activity_id, year, measure, expected) \
             SELECT $1, t.* FROM unnest($2, $3, $4, $5) t",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(activities)
        .bind::<Array<SmallInt>, _>(years)
        .bind::<Array<Text>, _>(measures)
        .bind::<Array<Integer>, _>(expected),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An activity as others refer to it.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct ActivityOfProject {
    pub id: Uuid,
    pub project_id: Uuid,
}

/// An activity of the territory, if there is one of that id.
pub async fn find_activity<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<ActivityOfProject>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    activities::table
        .filter(activities::territory_id.eq(territory_id))
        .filter(activities::id.eq(id))
        .select((activities::id, activities::project_id))
        .get_result(conn)
        .await
        .optional()
}
