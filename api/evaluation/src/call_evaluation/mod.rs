//! The evaluation of a call as a whole: how complete it is, what it comes to, its closing.

mod call_evaluation_view;
pub mod close_evaluation;
pub mod get_call_evaluation;
mod queries;

pub use call_evaluation_view::{
    CallEvaluation, CriterionSpread, EvaluationSummary, EvaluatorProgress, ProjectEvaluation, Recusal, Spread,
};
pub(crate) use queries::is_closed;
