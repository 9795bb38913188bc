//! What the actions of a plan have done, for the contexts that report it.

use crate::actions::ActionYear;
use crate::queries;
use crate::questionnaires::Satisfaction;
use crate::rules::disclosure::{last_group, shown};
use crate::rules::kinds::ActionKind;
use crate::rules::states::ActionState;
use chrono::NaiveDate;
use concilia_kernel::Money;
use concilia_kernel::db::Gathered;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Numeric, Text, Uuid as SqlUuid};
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// What one action has planned and done up to a day.
#[derive(Debug, Clone, QueryableByName)]
pub struct ActionFigures {
    #[diesel(sql_type = SqlUuid)]
    pub action_id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: ActionKind,
    #[diesel(sql_type = Text)]
    pub title: String,
    /// As of now, whatever the day.
    #[diesel(sql_type = Text)]
    pub state: ActionState,
    /// EUR planned: its budget; what it paid if it was cancelled.
    #[diesel(sql_type = Numeric)]
    pub planned: Money,
    /// EUR paid up to the day: approved payments without what came back.
    #[diesel(sql_type = Numeric)]
    pub paid: Money,
    /// EUR of money that organisations add.
    #[diesel(sql_type = Numeric)]
    pub cofinancing_monetary: Money,
    /// EUR of staff hours that organisations add.
    #[diesel(sql_type = Numeric)]
    pub cofinancing_in_kind: Money,
    /// What it plans and expects, year by year.
    #[diesel(sql_type = Jsonb)]
    pub years: Gathered<Vec<ActionYear>>,
    /// People present at one of its events up to the day, each once.
    #[diesel(sql_type = Integer)]
    pub people_reached: i32,
    /// Companies whose people were present, or that joined one of its paths, each once.
    #[diesel(sql_type = Integer)]
    pub companies_reached: i32,
    /// Events concluded that ended by the day.
    #[diesel(sql_type = Integer)]
    pub events_held: i32,
    /// Presences at sessions of its events up to the day: a person at two sessions counts twice.
    #[diesel(sql_type = Integer)]
    pub attendances: i32,
    /// Meetings held that started by the day.
    #[diesel(sql_type = Integer)]
    pub meetings_held: i32,
    /// Companies that joined a path by the day, and have not left it since.
    #[diesel(sql_type = Integer)]
    pub companies_on_paths: i32,
}

/// The figures of every action of a plan up to a day (UTC, included), oldest action first.
pub async fn action_figures<C>(
    connection: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
    until: NaiveDate,
) -> QueryResult<Vec<ActionFigures>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    queries::figures::of_actions(connection, territory_id, plan_id, until).await
}

/// Whom the actions of a plan reach together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct PlanReach {
    /// People, each once however many actions reach them.
    #[diesel(sql_type = Integer)]
    pub people: i32,
    /// Companies, each once.
    #[diesel(sql_type = Integer)]
    pub companies: i32,
}

/// Whom the actions of a plan have reached up to a day (UTC, included). Not the sum of [`action_figures`]: who is
/// reached twice counts once.
pub async fn plan_reach<C>(
    connection: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
    until: NaiveDate,
) -> QueryResult<PlanReach>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    queries::figures::reach_of_plan(connection, territory_id, plan_id, until).await
}

/// How satisfied those are who answered a questionnaire.
#[derive(Debug, Clone)]
pub struct QuestionnaireSatisfaction {
    pub questionnaire_id: Uuid,
    pub title: String,
    /// The action that it is about.
    pub action_id: Option<Uuid>,
    pub satisfaction: Satisfaction,
}

/// The satisfaction that the territory's questionnaires closed from a day to another (UTC, both included) show, in
/// the order of creation. It goes by the same answers as `get_questionnaire_results`: one with fewer than five answers
/// says nothing here either, nor does a question with fewer than five ratings. Sum `positive` and `ratings` for the whole.
pub async fn questionnaire_satisfaction<C>(
    connection: &mut C,
    territory_id: Uuid,
    from: NaiveDate,
    until: NaiveDate,
) -> QueryResult<Vec<QuestionnaireSatisfaction>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let closed = queries::figures::closed_questionnaires(connection, territory_id, from, until).await?;
    let groups: Vec<(Uuid, i32)> = closed
        .iter()
        .filter_map(|one| {
            let held = shown(one.answers, one.answers_shown, false)?;
            Some((one.id, last_group(held, one.answers)))
        })
        .collect();
    let rated = queries::figures::ratings(connection, territory_id, &groups).await?;
    let satisfied = closed.into_iter().filter_map(|one| {
        let row = rated.iter().find(|row| row.questionnaire_id == one.id)?;
        let satisfaction = Satisfaction::of(row.positive, row.ratings)?;
        Some(QuestionnaireSatisfaction {
            questionnaire_id: one.id,
            title: one.title,
            action_id: one.action_id,
            satisfaction,
        })
    });
    Ok(satisfied.collect())
}
