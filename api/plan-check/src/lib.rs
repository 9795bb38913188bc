//! Checks a plan written as data: every sum, share, percentage and rule that such a document states, one against the
//! other. Pure: no database, no clock.
//!
//! [`check`] reads the bytes of a file and gives a [`Report`]; [`Report::answer`] puts it in words, [`PlanCheck::text`]
//! on paper. The shape of the file is `openapi/plan.schema.json`; the rules are one closed table, [`Rule`].

pub mod check_plan;
mod checks;
mod document;
mod finding;
mod node;
mod report;
mod routes;
mod rule;
mod text;

pub use finding::{Finding, Findings};
pub use report::{PlanCheck, PlanCheckCounts, PlanCheckFinding, PlanCheckRule, Report};
pub use routes::routes;
pub use rule::{Rule, Severity};

use node::Node;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    NotUtf8 {
        /// Bytes before the first that is wrong.
        offset: usize,
    },
    NotJson {
        line: usize,
        column: usize,
        /// What the JSON reader says, in English.
        reason: String,
    },
    /// JSON, but not an object.
    NotAnObject,
    /// More than 100 sections: whatever it is, it is no plan.
    TooManyKeys,
}

/// Most keys at the top of a document.
const MOST_KEYS: usize = 100;

/// Checks the plan in `bytes`, JSON in UTF-8 with or without byte order mark.
pub fn check(bytes: &[u8]) -> Result<Report, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8 { offset: error.valid_up_to() })?;
    let root = Node::parse(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    match &root {
        Node::Map(entries) if entries.len() > MOST_KEYS => return Err(Unreadable::TooManyKeys),
        Node::Map(_) => {}
        _ => return Err(Unreadable::NotAnObject),
    }
    let mut findings = Findings::default();
    node::find_repeated_keys(&root, "", &mut findings);
    let document = document::Document::read(&root, &mut findings);
    checks::run(&document, &mut findings);
    Ok(Report::of(findings))
}
