//! Stores, their categories and their accredited providers.

pub mod accredit_provider;
pub mod create_service_category;
pub mod create_store;
pub mod get_store;
pub mod list_service_categories;
pub mod list_store_providers;
pub mod list_stores;
pub mod revoke_accreditation;
mod store;
mod store_provider;
pub mod update_store;

pub use store::{ServiceCategory, Store, StoreInput, StoreRow, StoreSummary, find_store, find_store_by_slug};
pub use store_provider::StoreProvider;
