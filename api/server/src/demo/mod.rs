//! The demo: two territories that a new installation shows, loaded once, in one transaction.
//!
//! Real are the organisations, the project, the store, its categories and the figures of its first voucher call;
//! invented are all people, services, prices and dates, from a seed, and the second territory as a whole
//! (`docs/demo.md` says which is which). `data/` holds the facts; [`credentials`] lists who can log in, without a
//! database, from the same facts and the master key; [`load_once`] plays the demo through the contexts' own
//! functions, so that it obeys their rules.

mod calendar;
mod credentials;
mod data;
mod dice;
mod employees;
mod families;
mod ids;
mod load;
mod people;
mod plan;
mod secrets;

pub use credentials::{AccountCredentials, Credentials, MachineClientCredentials, credentials};
pub use data::DataError;
pub use load::load_once;
