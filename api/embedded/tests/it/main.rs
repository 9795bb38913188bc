//! Private clusters in the situations that break them, against the installed PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests, and the functions they share")]

mod life_cycle;
mod places;
mod support;
mod survivors;
