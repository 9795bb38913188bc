//! PostgreSQL: pools, cached statements, the schema, text-backed enums.

mod cached;
mod gathered;
mod messages;
mod migrate;
pub mod numeric;
mod pool;
pub mod schema;
mod text_enum;
mod transaction;

pub use cached::{Cached, cached};
pub use gathered::Gathered;
pub use messages::speaks_english;
pub use migrate::{MigrationError, migrate};
pub use pool::{Conn, Db, DbError, PoolSettings, Reader};
pub use transaction::transaction;
