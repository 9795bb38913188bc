//! Indicators: what a plan and its projects have reached, counted from live data and frozen every half-year.
//!
//! An indicator is the sum of the records behind its numerator over the sum of those behind its denominator: the SQL
//! function `live_indicator_records` names the records, and every figure, export, comparison and report adds them up. What no
//! other part of the system knows, the people and companies that an activity reached, is recorded here
//! (`activity_results`).

pub mod compare_indicators;
pub mod export_indicators_csv;
pub mod export_indicators_xlsx;
pub mod freezes;
pub mod list_indicator_records;
pub mod list_indicators;
mod queries;
pub mod reports;
pub mod results;
mod routes;
mod rules;
mod schema;
mod source;
mod table;
mod value;

pub use queries::results::{NewActivityResult, insert_activity_result};
pub use routes::routes;
pub use rules::IndicatorCode;
pub use value::IndicatorValue;
