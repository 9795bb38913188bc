//! The catalogue's statements. Public reads run on the shared connection, hence the type parameter.

pub mod listing;
pub mod providers;
pub mod service_sessions;
pub mod services;
pub mod stores;
