//! What is allocated to, and in which order.

use super::terms::AllocationTieBreak;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use concilia_planning::Points;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use uuid::Uuid;

/// A scored project, as the run freezes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub project_id: Uuid,
    /// Its number in the plan, unique in the territory.
    pub reference: String,
    pub submitted_at: DateTime<Utc>,
    pub score: Points,
    pub requested: Money,
    /// Never above the request.
    pub admissible: Money,
    /// Why less than the request is admissible.
    pub admissible_reason: Option<String>,
}

/// Highest score first; equal scores by the tie-breaks in their order, then by reference: no two are ever equal.
pub fn in_order<'p>(proposals: &'p [Proposal], tie_breaks: &[AllocationTieBreak]) -> Vec<&'p Proposal> {
    let mut ordered: Vec<&Proposal> = proposals.iter().collect();
    ordered.sort_by(|one, other| {
        let broken = tie_breaks.iter().map(|tie_break| match tie_break {
            AllocationTieBreak::RequestedAscending => one.requested.cmp(&other.requested),
            AllocationTieBreak::RequestedDescending => other.requested.cmp(&one.requested),
            AllocationTieBreak::SubmittedAtAscending => one.submitted_at.cmp(&other.submitted_at),
        });
        other
            .score
            .cmp(&one.score)
            .then_with(|| broken.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
            .then_with(|| by_number(&one.reference, &other.reference))
            .then_with(|| one.project_id.cmp(&other.project_id))
    });
    ordered
}

/// 2.9 comes before 2.10.
fn by_number(one: &str, other: &str) -> Ordering {
    let key = |text: &str| -> Vec<(bool, u64, String)> {
        let part = |part: &str| match part.parse() {
            Ok(number) => (false, number, String::new()),
            Err(_) => (true, 0, part.to_owned()),
        };
        text.split('.').map(part).collect()
    };
    key(one).cmp(&key(other)).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_ordered_by_their_numbers() {
        let mut references = ["2.10", "2.9", "10.1", "2.b", "2.1"];
        references.sort_by(|one, other| by_number(one, other));
        assert_eq!(references, ["2.1", "2.9", "2.10", "2.b", "10.1"]);
    }
}
