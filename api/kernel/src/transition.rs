//! State machines as data: which moves exist, who made them, when and why.

use crate::db::schema::transitions;
use crate::problem::{Code, FieldError, Problem};
use crate::{Actor, Role, new_id, now};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The moves of one kind of aggregate, as pairs (from, to).
pub struct StateMachine<S: 'static> {
    pub aggregate: &'static str,
    pub moves: &'static [(S, S)],
}

impl<S: Copy + PartialEq + std::fmt::Display> StateMachine<S> {
    /// Refuses, naming the state and the moves it allows, a move that is not in the table.
    pub fn check(&self, from: S, to: S) -> Result<(), Problem> {
        if self.moves.contains(&(from, to)) {
            return Ok(());
        }
        let allowed: Vec<String> =
            self.moves.iter().filter(|(f, _)| *f == from).map(|(_, to)| to.to_string()).collect();
        let allowed = if allowed.is_empty() { "-".to_owned() } else { allowed.join(", ") };
        Err(Problem::new(Code::TransitionNotAllowed)
            .explain(
                format!("Dallo stato «{from}» non si passa a «{to}»; passaggi ammessi: {allowed}."),
                format!("State '{from}' does not lead to '{to}'; moves allowed: {allowed}."),
            )
            .with_error(FieldError::pointer("/state", "transition_not_allowed").value(from.to_string())))
    }
}

/// Who makes a move.
#[derive(Debug, Clone, Copy)]
pub struct Agent {
    pub id: Option<Uuid>,
    /// A role's name, or `system`.
    pub role: &'static str,
}

impl Agent {
    pub const SYSTEM: Self = Self { id: None, role: "system" };

    pub fn of(actor: &Actor, role: Role) -> Self {
        Self { id: Some(actor.id), role: role.as_str() }
    }
}

/// Writes a move that has been made, in the transaction that made it.
pub async fn record(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    aggregate: (&str, Uuid),
    (from, to): (Option<&str>, &str),
    agent: Agent,
    reason: Option<&str>,
) -> QueryResult<()> {
    diesel::insert_into(transitions::table)
        .values((
            transitions::id.eq(new_id()),
            transitions::territory_id.eq(territory_id),
            transitions::aggregate.eq(aggregate.0),
            transitions::aggregate_id.eq(aggregate.1),
            transitions::from_state.eq(from),
            transitions::to_state.eq(to),
            transitions::actor_id.eq(agent.id),
            transitions::actor_role.eq(agent.role),
            transitions::reason.eq(reason),
            transitions::occurred_at.eq(now()),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// One recorded move of a state machine.
#[derive(Debug, Clone, Serialize, serde::Deserialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = transitions)]
pub struct Transition {
    /// State before; null for the first.
    #[schema(required, max_length = 40)]
    pub from_state: Option<String>,
    /// State after.
    #[schema(max_length = 40)]
    pub to_state: String,
    /// Role under which the move was made; `system` when time made it.
    #[schema(max_length = 40)]
    pub actor_role: String,
    /// Why, where a reason is asked or given.
    #[schema(required, max_length = 1000)]
    pub reason: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
}

/// The history of an aggregate, oldest first.
pub async fn history<C>(connection: &mut C, territory_id: Uuid, aggregate_id: Uuid) -> QueryResult<Vec<Transition>>
where
    C: diesel_async::AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    transitions::table
        .filter(transitions::territory_id.eq(territory_id))
        .filter(transitions::aggregate_id.eq(aggregate_id))
        .order(transitions::id)
        .select(Transition::as_select())
        .load(connection)
        .await
}
