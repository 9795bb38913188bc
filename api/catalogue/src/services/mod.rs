//! Services: written and published by providers, searched by everyone.

pub mod create_service;
pub mod get_service;
pub mod list_provider_services;
pub mod list_services;
pub mod publish_service;
mod service;
pub mod update_service;
pub mod withdraw_service;

pub use service::{Service, ServiceInput};
