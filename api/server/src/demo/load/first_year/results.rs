//! What the activities of the projects reached in the first year, as their leads recorded it.

use super::{Year, on};
use crate::demo::dice::Dice;
use crate::demo::ids;
use crate::demo::plan::{PublishedActivity, PublishedProject};
use chrono::NaiveDate;
use concilia_indicators::results::record_activity_result;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Problem, Role};
use concilia_planning::Measure;
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// The last day of a half-year, the day on which its results are recorded, and the share of what is expected, in percent,
/// that is reached in it.
struct Half {
    until: &'static str,
    recorded: &'static str,
    percent: (i64, i64),
}

const FIRST: Half = Half { until: "2020-12-31", recorded: "2021-01-08", percent: (18, 34) };
const SECOND: Half = Half { until: "2021-06-30", recorded: "2021-07-05", percent: (22, 38) };

/// Project of which a record turns out to be wrong, and is superseded.
const CORRECTED: &str = "2.1";

pub(super) async fn first_half(conn: &mut AsyncPgConnection, year: &Year<'_>) -> Result<(), Problem> {
    for project in &year.published.projects {
        record_all(conn, year, project, &FIRST).await?;
    }
    Ok(())
}

pub(super) async fn second_half(conn: &mut AsyncPgConnection, year: &Year<'_>) -> Result<(), Problem> {
    for project in &year.published.projects {
        let recorded = record_all(conn, year, project, &SECOND).await?;
        if let Some((activity_id, wrong, result)) =
            recorded.into_iter().next().filter(|_| project.reference == CORRECTED)
        {
            let mut right = result;
            right["people"] = json!(right["people"].as_i64().unwrap_or_default() - 3);
            right["note"] = json!("Tolti tre nuclei contati due volte (dato inventato)");
            right["supersedes"] = json!(wrong);
            enter(conn, year, project, (activity_id, "2021-07-07"), &right).await?;
        }
    }
    Ok(())
}

/// Records what each activity of a project that serves people or companies reached in a half-year.
async fn record_all(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    project: &PublishedProject,
    half: &Half,
) -> Result<Vec<(Uuid, Uuid, Value)>, Problem> {
    let (start, _) = project.days()?;
    let expects = |activity: &PublishedActivity| {
        let mut expected = (0, 0);
        for target in activity.targets(start) {
            match target.measure {
                Measure::People => expected.0 = expected.0.max(target.expected),
                Measure::Companies => expected.1 = expected.1.max(target.expected),
                Measure::Events | Measure::Hours => {}
            }
        }
        expected
    };
    let states_none = project.activities.iter().all(|activity| expects(activity) == (0, 0));
    let mut recorded = vec![];
    for activity in &project.activities {
        let key = format!("{}/{}/{}", year.code(), project.reference, activity.number);
        let mut dice = Dice::of(&format!("result/{key}/{}", half.until));
        let (people, companies) = match expects(activity) {
            (0, 0) if states_none && serves_people(activity) => (dice.between(25, 80), 0),
            (0, 0) => continue,
            (people, companies) => {
                let percent = dice.between(half.percent.0, half.percent.1);
                let share = |expected: i32| (i64::from(expected) * percent + 50) / 100;
                (share(people), share(companies))
            }
        };
        let until: NaiveDate = super::date(half.until)?;
        let result = json!({
            "reached_on": until, "people": people, "companies": companies, "note": "Dato inventato per la dimostrazione",
        });
        let activity_id = ids::id("activity", &key);
        let id = enter(conn, year, project, (activity_id, half.recorded), &result).await?;
        recorded.push((activity_id, id, result));
    }
    Ok(recorded)
}

/// Where a project states no target, its activities that are services to people are told by their names.
fn serves_people(activity: &PublishedActivity) -> bool {
    ["Servizi", "Percorsi", "Misura", "Formazione"].iter().any(|word| activity.title.starts_with(word))
}

async fn enter(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    project: &PublishedProject,
    (activity_id, day): (Uuid, &str),
    result: &Value,
) -> Result<Uuid, Problem> {
    let lead = year.actors.holder(Role::AllianceLead, year.organisation_named(&project.lead)?)?;
    let result = checked(result)?;
    let made = as_of(on(day)?, record_activity_result::record(conn, lead, activity_id, &result)).await?;
    Ok(made.id)
}
