//! Pure rules of the evaluation: no database, no clock.

pub mod grid;
pub mod states;
