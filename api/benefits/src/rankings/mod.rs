//! Rankings: computed from frozen inputs, approved by a second person, published without names.

mod approval;
pub mod approve_ranking;
mod computation;
pub mod create_ranking;
pub mod get_ranking;
mod inputs;
pub mod list_rankings;
mod ranking;

pub use approval::approve;
pub use computation::{Computed, EXPLANATION_SEAL, compute};
pub use ranking::{Ranking, RankingRow};
