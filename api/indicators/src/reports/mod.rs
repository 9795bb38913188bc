//! What the agency publishes and signs: the half-yearly report and the plan itself, as PDF.

pub mod get_half_year_report;
pub mod get_plan_document;
mod half_year;
mod plan;

use crate::value::spoken;
use concilia_kernel::problem::Text;

/// A word of the report in the caller's language.
fn word(it: &str, en: &str) -> String {
    spoken(Text::new(it, en))
}
