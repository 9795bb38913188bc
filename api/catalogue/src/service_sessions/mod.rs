//! Dated sessions of services, with their places.

pub mod cancel_service_session;
pub mod create_service_session;
pub mod list_service_sessions;
mod service_session;

pub use service_session::ServiceSession;
