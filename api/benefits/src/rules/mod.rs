//! The rules of voucher calls: pure types and functions, no I/O.

pub mod facts;
pub mod ranking;
pub mod share;
pub mod states;
pub mod terms;

#[cfg(test)]
mod ranking_properties;
