//! PostgreSQL: pools, cached statements, turns, the schema, text-backed enums.

mod cached;
mod gathered;
mod messages;
pub mod numeric;
mod pool;
pub mod schema;
mod text_enum;
mod transaction;
mod turns;

pub use cached::{Cached, cached};
pub use gathered::Gathered;
pub use messages::speaks_english;
pub use pool::{Conn, Db, DbError, PoolSettings, Reader};
pub use transaction::transaction;
pub use turns::Turns;
