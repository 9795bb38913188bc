//! Payments of grants: asked for by one officer of the agency, approved by another, then marked paid.

pub mod approve_grant_payment;
pub mod cancel_grant_payment;
pub mod create_grant_payment;
pub mod get_grant_payment;
pub mod list_grant_payments;
pub mod mark_grant_payment_paid;
mod payment;
mod queries;

pub use payment::GrantPayment;
pub(crate) use queries::{cancel_open, find as payment_of};
