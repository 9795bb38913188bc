//! The keys that sign access tokens: Ed25519, the private half sealed in the database.
//!
//! A new key is published [`PUBLISHED_BEFORE_SIGNING`] ahead of its first signature, and a replaced
//! one goes on verifying what it signed: nobody is logged out by a rotation.

mod jwk;
mod ring;
mod store;

pub use jwk::{Jwk, Jwks};
pub use ring::KeyRing;
pub use store::{KeyInfo, KeyPhase, ensure_signing_key, list_keys, retire, rotate_keys};

use chrono::TimeDelta;
use std::time::Duration;

/// How often each server reads the keys again.
pub const REFRESH_EVERY: Duration = Duration::from_secs(10);

/// How long the key set may be kept by whoever fetched it, in seconds.
pub const KEPT_BY_VERIFIERS: i64 = 10;

/// A server that has just read the keys publishes a new one after [`REFRESH_EVERY`], and a verifier
/// that has just asked that server, after [`KEPT_BY_VERIFIERS`] more.
pub const PUBLISHED_BEFORE_SIGNING: TimeDelta =
    TimeDelta::seconds(REFRESH_EVERY.as_secs().cast_signed() + KEPT_BY_VERIFIERS);

/// How long a replaced key goes on verifying: no access token lives longer.
pub const VERIFIES_WHEN_REPLACED: TimeDelta = TimeDelta::hours(1);
