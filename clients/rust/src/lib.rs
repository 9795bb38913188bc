//! Client of the Concilia interface: generated operations and types, over a hand-written layer that logs in, keeps the
//! token fresh, repeats what may be repeated, reads lists as streams and tells refusals apart.
//!
//! ```no_run
//! use concilia_client::{Concilia, List, TryStreamExt};
//!
//! # async fn example() -> Result<(), concilia_client::Error> {
//! let concilia = Concilia::builder("http://127.0.0.1:8080")
//!     .password("worker@example.org", "secret")
//!     .accept_language("en")
//!     .connect()
//!     .await?;
//! let services = concilia.list_services().limit(50).items();
//! let names: Vec<_> = services.try_collect().await?;
//! # Ok(())
//! # }
//! ```

mod auth;
mod builder;
mod connection;
mod hooks;
mod money;
mod pages;
mod problem;
mod response;
mod retry;
pub mod upload;

#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, unused_imports)]
mod generated;

pub use builder::{Builder, Concilia};
pub use connection::Connection;
pub use futures_util::{StreamExt, TryStreamExt};
pub use generated::{ByteStream, Client, ResponseValue, builder as operations, types};
pub use money::Money;
pub use pages::{List, Page};
pub use problem::{Error, Refusal};
pub use response::{Conditional, Response};
pub use retry::Retry;
