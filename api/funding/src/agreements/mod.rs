//! The agreement between the agency and the lead, without which no money moves.

mod agreement;
pub mod create_agreement;
mod document;
pub mod get_agreement;
pub mod get_agreement_document;
pub mod list_agreements;
pub mod sign_agreement;

pub use agreement::{Agreement, AgreementParty};
pub(crate) use agreement::{as_hex, find_agreement as agreement_of, is_signed_by_anyone};
