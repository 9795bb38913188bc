//! The composition of the network: live, and as frozen twice a year.

mod counts;
pub mod freeze_network_composition;
pub mod get_network_composition;
mod half;
pub mod list_network_compositions;
mod queries;

pub use counts::{Composition, KindCount, SizeCount};
pub use half::Half;
pub use queries::{freeze_composition, frozen_composition, live_composition};
