//! Extractors that answer problems: JSON bodies, queries, paths, conditional and idempotent headers.

mod conditional;
mod json;
mod parameters;
mod peer;
mod validation;

pub use conditional::{IdempotencyKey, IfMatch, IfNoneMatch, etag_of};
pub use json::{JSON_LIMIT, Json};
pub(crate) use json::has_nul_escape;
pub use parameters::{Path, Query};
pub use peer::PeerAddress;
