//! Money paid for actions: recorded by one person, decided by another, taken back only by an entry of its own.

pub mod approve_action_payment;
mod content;
pub mod create_action_payment;
pub mod list_action_payments;
mod payment;
pub mod refuse_action_payment;
pub mod reverse_action_payment;

pub use content::{NewActionPayment, NewActionReversal};
pub use payment::ActionPayment;

use crate::actions::Action;
use crate::queries;
use crate::rules::states::{ACTION_PAYMENT, ActionPaymentState};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// The payment and its action, which the transaction holds: every move of an action's money queues on the action.
async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<(Action, ActionPayment), Problem> {
    let found = queries::payments::find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)?;
    let action = queries::actions::hold(connection, territory_id, found.action_id).await?;
    // Read again: another may have decided it while this one waited.
    let payment = queries::payments::find(connection, territory_id, id).await?;
    Ok((action.ok_or_else(Problem::not_found)?, payment.ok_or_else(Problem::not_found)?))
}

/// Decides a payment, or an entry that takes one back; never by who recorded it.
async fn decide(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    to: ActionPaymentState,
    reason: Option<&str>,
) -> Result<ActionPayment, Problem> {
    let territory_id = actor.territory_id;
    let (_, payment) = hold(connection, territory_id, id).await?;
    ACTION_PAYMENT.check(payment.state, to)?;
    if payment.recorded_by == actor.id {
        return Err(Problem::new(Code::ApproverIsAuthor).explain(
            "Chi ha registrato il pagamento non può deciderlo.",
            "Whoever recorded the payment cannot decide it.",
        ));
    }
    queries::payments::decide(connection, territory_id, id, to, reason, actor.id).await?;
    let moved = (Some(payment.state.as_str()), to.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(connection, territory_id, (ACTION_PAYMENT.aggregate, id), moved, agent, reason).await?;
    let told = json!({"action_id": payment.action_id, "amount": payment.amount, "reverses": payment.reverses});
    publish(connection, territory_id, &format!("action_payment.{to}"), id, told).await?;
    queries::payments::find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Records an entry that the action's budget covers.
async fn enter(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    action_id: Uuid,
    reverses: Option<Uuid>,
    entry: &NewActionPayment,
) -> Result<ActionPayment, Problem> {
    let territory_id = actor.territory_id;
    let id = queries::payments::insert(connection, territory_id, action_id, reverses, entry, actor.id).await?;
    let made = (None, ActionPaymentState::Recorded.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(connection, territory_id, (ACTION_PAYMENT.aggregate, id), made, agent, entry.note.as_deref()).await?;
    queries::payments::find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}
