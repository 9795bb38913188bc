//! Applications of workers to voucher calls.

mod application;
mod application_summary;
pub mod create_application;
pub mod get_application;
pub mod get_application_explanation;
pub mod list_applications;
mod people;
mod sight;
mod submission;
pub mod submit_application;
pub mod update_application;
pub mod withdraw_application;

pub use application::{Application, CHILD_SEAL, HOUSEHOLD_SEAL};
pub use application_summary::ApplicationSummary;

use crate::queries::applications::{self, ApplicationRow};
use crate::queries::voucher_calls::{self, Hold};
use crate::rules::states::ApplicationState;
use crate::voucher_calls::VoucherCall;
use concilia_kernel::problem::{FieldError, Problem};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// The worker's own application and its call, both held: the call so that it does not close meanwhile.
async fn hold_own(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
) -> Result<(VoucherCall, ApplicationRow), Problem> {
    let worker = people::worker(connection, actor).await?.ok_or_else(Problem::not_found)?;
    let found = applications::find(connection, actor.territory_id, id).await?;
    let found = found.filter(|found| found.worker_id == worker).ok_or_else(Problem::not_found)?;
    let call = voucher_calls::hold(connection, actor.territory_id, found.voucher_call_id, Hold::Share).await?;
    let application = applications::hold(connection, actor.territory_id, id).await?;
    Ok((call.ok_or_else(Problem::not_found)?, application.ok_or_else(Problem::not_found)?))
}

/// The application as it now is.
async fn reread(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    id: Uuid,
) -> Result<Application, Problem> {
    let row = applications::find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)?;
    Application::open(&row, vault)
}

/// Refuses to change an application whose state does not allow it.
fn require_changeable(application: &ApplicationRow) -> Result<(), Problem> {
    if matches!(application.state, ApplicationState::Draft | ApplicationState::Submitted) {
        return Ok(());
    }
    Err(Problem::new(Code::TransitionNotAllowed)
        .explain(
            format!("Una domanda nello stato «{}» non si modifica più.", application.state),
            format!("An application in state '{}' can no longer be changed.", application.state),
        )
        .with_error(FieldError::pointer("/state", "transition_not_allowed").value(application.state.as_str())))
}
