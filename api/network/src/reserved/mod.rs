//! The reserved area of the network: notices and documents for its members, or for its committee alone.

mod access;
pub mod create_notice;
mod documents;
pub mod get_network_document;
pub mod list_network_documents;
pub mod list_notices;
mod media_type;
mod notices;
pub mod upload_network_document;

pub use documents::NetworkDocument;
pub use notices::Notice;
