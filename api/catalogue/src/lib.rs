//! The catalogue: stores of funded projects on the shared portal, their categories and accredited
//! providers, the services these publish, and dated sessions with places.
//!
//! For the contexts above: [`find_store`] and [`find_store_by_slug`] (whose store, and its terms);
//! [`find_offers`] and [`find_sessions`] (what an order needs to know, set-based). Places are taken and
//! given back by the SQL functions `take_places(session, quantity) -> boolean` and
//! `release_places(session, quantity)` of the migration, inside the statement that places or ends the order.
//! [`bulk`] inserts whole catalogues, for the demo and imports.

pub mod bulk;
mod checks;
mod days;
mod offers;
mod queries;
mod reason;
mod rules;
pub mod service_sessions;
pub mod services;
pub mod stores;
mod vat_rate;

pub use offers::{Offer, SessionOffer, find_offers, find_sessions};
pub use rules::{Inclusion, InclusionFeature, InterventionType, Place, ServiceState, SessionState, Unit};
pub use stores::{StoreSummary, find_store, find_store_by_slug};
pub use vat_rate::VatRate;
