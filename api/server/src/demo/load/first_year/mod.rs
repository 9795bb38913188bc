//! The first year of the published plan, from July 2020 to June 2021: invented. Every act goes through the context whose it
//! is, on the day on which it was done, by somebody who may; a rule that it broke would stop the demo.

mod actions;
mod actors;
mod bodies;
mod budgets;
mod events;
mod expenses;
mod grants;
mod meetings;
mod paper;
mod questionnaires;
mod results;

use super::Loader;
use super::network::load_later_members;
use crate::demo::data::{DataError, TerritoryData};
use crate::demo::ids;
use crate::demo::plan::PublishedPlan;
use actors::Actors;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use concilia_indicators::freezes::freeze_indicators;
use concilia_kernel::Problem;
use concilia_kernel::clock::as_of;
use concilia_network::Half;
use concilia_network::composition::freeze_network_composition;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// What every part of the year needs to know.
struct Year<'a> {
    loader: &'a Loader<'a>,
    territory: &'a TerritoryData,
    published: &'a PublishedPlan,
    plan_id: Uuid,
    actors: Actors,
}

/// Enters the year, half by half: each is frozen when it is over, as the officers would.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    loader: &Loader<'_>,
    territory: &TerritoryData,
    published: &PublishedPlan,
    plan_id: Uuid,
) -> Result<(), Problem> {
    let actors = Actors::of(&loader.data.accounts, &territory.head.code);
    let year = Year { loader, territory, published, plan_id, actors };
    let bodies = bodies::constitute(conn, &year).await?;
    let mut books = grants::award(conn, &year).await?;
    let actions = actions::begin(conn, &year).await?;

    meetings::first_half(conn, &year, &bodies).await?;
    grants::first_half(conn, &year, &mut books).await?;
    actions::first_half(conn, &year, &actions).await?;
    results::first_half(conn, &year).await?;
    year.freeze(conn, "2020-H2", "2021-01-18").await?;

    load_later_members(conn, territory).await?;
    meetings::second_half(conn, &year, &bodies).await?;
    grants::second_half(conn, &year, &mut books).await?;
    actions::second_half(conn, &year, &actions).await?;
    results::second_half(conn, &year).await?;
    year.freeze(conn, "2021-H1", "2021-07-12").await
}

impl Year<'_> {
    fn code(&self) -> &str {
        &self.territory.head.code
    }

    fn organisation(&self, key: &str) -> Result<Uuid, DataError> {
        self.territory.organisation(key)?;
        Ok(ids::organisation(self.code(), key))
    }

    fn project(&self, reference: &str) -> Uuid {
        ids::id("project", &format!("{}/{reference}", self.code()))
    }

    async fn freeze(&self, conn: &mut AsyncPgConnection, half: &str, day: &str) -> Result<(), Problem> {
        let half: Half = half.parse().map_err(|_| DataError(format!("no half-year {half}")))?;
        let officer = self.actors.officer(0)?;
        as_of(on(day)?, freeze_network_composition::freeze(conn, officer, half)).await?;
        as_of(on(day)?, freeze_indicators::freeze(conn, officer, self.plan_id, half)).await?;
        Ok(())
    }
}

/// The morning of a day, in office hours.
fn on(day: &str) -> Result<DateTime<Utc>, DataError> {
    let morning = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    Ok(date(day)?.and_time(morning).and_utc())
}

fn date(day: &str) -> Result<NaiveDate, DataError> {
    day.parse().map_err(|_| DataError(format!("no day {day}")))
}
