//! Statements of this context.

pub(crate) mod figures;
pub(crate) mod freezes;
pub(crate) mod records;
pub(crate) mod results;
