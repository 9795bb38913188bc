//! Extractors that answer problems: JSON bodies, queries, paths, conditional and idempotent headers.

mod conditional;
mod incoming;
mod json;
mod optional_json;
mod parameters;
mod peer;
mod upload;
mod validation;

pub use conditional::{IdempotencyKey, IfMatch, IfNoneMatch, check_if_match, etag_of};
pub use incoming::{Incoming, too_large};
pub(crate) use json::has_nul_escape;
pub use json::{JSON_LIMIT, Json, JsonBytes, checked};
pub use optional_json::OptionalJson;
pub use parameters::{Path, Query};
pub use peer::PeerAddress;
pub use upload::Upload;
