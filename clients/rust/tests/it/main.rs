//! The hand-written layer against a server that plays parts, over real connections.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod auth;
mod freshness;
mod retry;
mod server;
mod transfer;
