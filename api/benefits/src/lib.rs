//! Benefits: voucher calls, applications, rankings.
//!
//! The lead of a funded project writes a call and opens it, which funds it in the ledger. Workers apply for their
//! children; submission checks the call's rules, freezes what the family declares (sealed) and gives a protocol
//! number. Once the call is closed a ranking is computed from what was frozen, explained point by point, and approved
//! by a second person: its vouchers are awarded in the ledger and the applications decided.
//!
//! For the contexts above: [`close_due_calls`], for the sweeper; [`insert_submitted_applications`] and the functions
//! that play the officers' part ([`insert_voucher_call`], [`open_call`], [`close_call`], [`compute_ranking`],
//! [`approve_computed_ranking`]), for the demo and imports. Nobody else reads these tables.

pub mod applications;
mod bulk;
mod draft_applications;
mod queries;
pub mod rankings;
mod routes;
mod rules;
mod visibility;
pub mod voucher_calls;

pub use bulk::{
    SubmittedApplication, SubmittedMember, approve_computed_ranking, close_call, compute_ranking,
    insert_submitted_applications, insert_voucher_call, open_call,
};
pub use draft_applications::{DraftApplication, insert_draft_application};
pub use rankings::Ranking;
pub use routes::routes;
pub use rules::facts::{DeclaredChild, DeclaredHousehold};
pub use rules::share::Share;
pub use rules::terms::{Criterion, IseeThreshold, TieBreak, Weight};
pub use voucher_calls::{VoucherCall, VoucherCallContent};

/// Closes every open call past its closing instant, in all territories, and tells how many: the sweeper's work.
/// Applicants need not wait for it, as a call past that instant takes no applications.
pub async fn close_due_calls(connection: &mut diesel_async::AsyncPgConnection) -> diesel::QueryResult<usize> {
    queries::voucher_calls::close_due(connection).await
}
