//! Benefits.

pub mod rules;
