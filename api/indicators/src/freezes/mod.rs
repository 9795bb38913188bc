//! Half-years as they were frozen: what was published stays as it was.

pub mod freeze_indicators;
pub mod list_indicator_freezes;
