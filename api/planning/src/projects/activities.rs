use crate::schema::{activity_targets, project_activities as activities};
use chrono::NaiveDate;
use concilia_kernel::text_enum;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use std::collections::HashMap;
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
