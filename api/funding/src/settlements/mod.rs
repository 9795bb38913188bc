//! The end of a grant: the final account, what is given back, the closing; or its revocation.

pub mod approve_grant_settlement;
pub mod close_project;
pub mod create_grant_settlement;
pub mod get_grant_settlement;
pub mod record_grant_recovery;
pub mod revoke_project;
mod settlement;

pub use settlement::GrantSettlement;
