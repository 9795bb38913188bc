//! Indicators against a real PostgreSQL: figures from known records, frozen half-years, comparisons.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod figures;
mod freezes;
mod scratch;
