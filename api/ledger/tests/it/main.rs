//! The ledger against a real database: what the constraints and the trigger promise, they keep.

mod moves;
mod races;
mod reads;
mod scratch;
mod tampering;
