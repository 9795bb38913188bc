//! Funding: what follows the award of a grant. The lead accepts and records the executive budget; the agreement is
//! generated and signed by both parties; the grant is paid in tranches, each payment by two officers; the alliance
//! reports what it spent, the agency decides expense by expense; cost items shift within a threshold; co-financing is
//! followed live; the final account says what is due or given back.
//!
//! **Lock order.** The grant first, then its report, then its expenses, the project's row last: whoever moves money,
//! a budget or the project holds the grant, so two officers at once end in one effect.
//!
//! [`trace`] follows one euro both ways, from the plan to the payment of a family's order. [`load`] enters a year that is
//! past.

pub mod agreements;
pub mod budget;
pub mod expenses;
pub mod grant;
mod input;
pub mod load;
pub mod payments;
pub mod reports;
mod routes;
mod rules;
mod schema;
pub mod settlements;
pub mod shifts;
pub mod spending;
mod stance;
pub mod start_project;
pub mod trace;
pub mod tranches;
pub mod variations;

pub use input::{Act, Reason};
pub use routes::routes;
