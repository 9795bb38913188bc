//! Rules without input or output.

pub mod backoff;
