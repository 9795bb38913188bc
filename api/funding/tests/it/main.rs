//! The money of projects against a real PostgreSQL: the life of a grant, its refusals, its races.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod expenses;
mod invariants;
mod life;
mod payments;
mod races;
mod scratch;
mod shifts;
mod trace;
mod vouchers;
