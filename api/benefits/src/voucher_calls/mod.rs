//! Voucher calls: written by the lead of a funded project, opened, closed, spent.

pub mod close_voucher_call;
mod content;
pub mod create_voucher_call;
pub mod get_voucher_call;
pub mod list_voucher_calls;
pub mod open_voucher_call;
pub mod update_voucher_call;
mod voucher_call;

pub use content::VoucherCallContent;
pub use voucher_call::VoucherCall;

use crate::queries::voucher_calls::{self, Hold};
use crate::rules::states::VoucherCallState;
use concilia_kernel::problem::{FieldError, Problem};
use concilia_kernel::{Actor, Code, Role};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// The call, held for a move by an officer: of its lead, or of the agency where `roles` says so.
async fn hold_for_officer(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    roles: &[Role],
) -> Result<VoucherCall, Problem> {
    let call = voucher_calls::hold(connection, actor.territory_id, id, Hold::Update).await?;
    let call = call.ok_or_else(Problem::not_found)?;
    match actor.require_any(roles, call.lead_organisation_id) {
        Ok(()) => Ok(call),
        // Drafts are nobody else's business; the others are public, so only the act is refused.
        Err(hidden) if call.state == VoucherCallState::Draft => Err(hidden),
        Err(_) => Err(Problem::new(Code::Forbidden)),
    }
}

/// Refuses employers that are no organisations of the territory.
async fn check_employers(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    content: &VoucherCallContent,
) -> Result<(), Problem> {
    if content.admitted_employer_ids.is_empty() {
        return Ok(());
    }
    let known =
        concilia_network::existing_organisations(connection, territory_id, &content.admitted_employer_ids).await?;
    let unknown = content.admitted_employer_ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let errors: Vec<FieldError> = unknown
        .map(|(at, id)| {
            FieldError::pointer(format!("/admitted_employer_ids/{at}"), "not_found").value(id.to_string())
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}
