//! Questionnaires: anonymous answers, and results that betray nobody.
//!
//! Whoever may answer takes a token. The token proves itself by a seal that only the server can make, so nothing is
//! stored about it until it is spent: what is kept is that the person has taken one, and apart from that, that it was
//! spent. Answers have random identifiers and no time. They are given without a login and without an idempotency key,
//! whose record would name the caller; the token itself makes a repeat harmless.

pub mod answer_questionnaire;
pub mod close_questionnaire;
mod content;
pub mod create_questionnaire;
pub mod create_questionnaire_token;
pub mod get_questionnaire;
pub mod get_questionnaire_results;
pub mod list_questionnaires;
pub mod open_questionnaire;
mod questionnaire;
mod results;
mod token;
pub mod update_questionnaire;

pub use content::{QuestionContent, QuestionnaireContent};
pub use questionnaire::{Question, Questionnaire, StoredQuestionnaire};
pub use results::{OptionResult, QuestionResults, QuestionnaireResults, Satisfaction};

use crate::queries;
use crate::rules::states::{QUESTIONNAIRE, QuestionnaireState};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// The role under which the caller answers for a questionnaire: as the agency, or as the lead whose it is.
fn author_role(actor: Option<&Actor>, questionnaire: &StoredQuestionnaire) -> Option<Role> {
    let actor = actor.filter(|actor| actor.territory_id == questionnaire.territory_id)?;
    if actor.has(Role::Ats) {
        return Some(Role::Ats);
    }
    actor.holds(Role::AllianceLead, questionnaire.organisation_id).then_some(Role::AllianceLead)
}

/// The questionnaire, held for its author.
async fn hold_for_author(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
) -> Result<(StoredQuestionnaire, Role), Problem> {
    let found = queries::questionnaires::hold(connection, actor.territory_id, id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let role = author_role(Some(actor), &found).ok_or_else(Problem::not_found)?;
    Ok((found, role))
}

/// Moves a questionnaire that the transaction holds.
async fn advance(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    (questionnaire, role): (&StoredQuestionnaire, Role),
    to: QuestionnaireState,
) -> Result<StoredQuestionnaire, Problem> {
    let (territory_id, id) = (questionnaire.territory_id, questionnaire.id);
    QUESTIONNAIRE.check(questionnaire.state, to)?;
    queries::questionnaires::set_state(connection, territory_id, id, to).await?;
    let moved = (Some(questionnaire.state.as_str()), to.as_str());
    record(connection, territory_id, (QUESTIONNAIRE.aggregate, id), moved, Agent::of(actor, role), None).await?;
    let told = json!({"audience": questionnaire.audience});
    publish(connection, territory_id, &format!("questionnaire.{to}"), id, told).await?;
    queries::questionnaires::find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}
