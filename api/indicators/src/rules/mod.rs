//! Which indicators there are, and the arithmetic of a share. Pure.

mod code;
mod share;

pub use code::{IndicatorCode, IndicatorUnit, Level};
pub use share::{Change, share};
