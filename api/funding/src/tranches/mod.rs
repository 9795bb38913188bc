//! The schedule in which a grant is paid.

mod queries;
pub mod set_grant_tranches;

pub use queries::GrantTranche;
pub(crate) use queries::{Tranche, tranches_of};
