//! The committee's final scores, each with its minutes; a correction follows the score that it corrects.

mod final_score;
pub mod list_final_scores;
mod queries;
pub mod record_final_scores;

pub use final_score::{FinalScore, ScoreMinutes};
pub use queries::{LoadedScore, final_scores, load_final_scores};
