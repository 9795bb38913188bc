//! Pure rules of the money of a project: no database, no clock.

pub mod cofinancing;
pub mod cost_item;
pub mod cup;
pub mod executive;
pub mod hours;
pub mod payments;
pub mod recoveries;
pub mod settlement;
pub mod shifts;
pub mod states;
pub mod tranches;
