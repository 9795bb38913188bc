//! The life of a project, from the alliance's first draft to its closing.

use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of a project.
    pub enum ProjectState {
        /// Being written by its alliance; seen by it and by the agency only.
        Draft = "draft",
        /// Proposed to the call; to be examined.
        Submitted = "submitted",
        /// The agency asked for integrations; the alliance may change it until they are due.
        IntegrationRequested = "integration_requested",
        /// Fit to be evaluated.
        Admissible = "admissible",
        /// Not fit to be evaluated, with the reason in its history.
        Inadmissible = "inadmissible",
        /// Has the committee's final score.
        Scored = "scored",
        /// Has a grant assigned; until it is accepted, a later allocation may still take it back.
        Funded = "funded",
        /// Got no grant; a later allocation may still give it one.
        NotFunded = "not_funded",
        /// The lead accepted the grant.
        Accepted = "accepted",
        /// The lead declined the grant.
        Declined = "declined",
        /// Its agreement is signed.
        Signed = "signed",
        /// Its activities are under way.
        Running = "running",
        /// Under way, with a change of its content being agreed.
        Variation = "variation",
        /// Its accounts are settled.
        Settled = "settled",
        /// Over.
        Closed = "closed",
        /// Absorbed by another project before it was scored.
        Merged = "merged",
        /// Its grant was taken back.
        Revoked = "revoked",
    }
}

use ProjectState::{
    Accepted, Admissible, Closed, Declined, Draft, Funded, Inadmissible, IntegrationRequested, Merged, NotFunded,
    Revoked, Running, Scored, Settled, Signed, Submitted, Variation,
};

pub const PROJECT: StateMachine<ProjectState> = StateMachine {
    aggregate: "project",
    moves: &[
        (Draft, Submitted),
        (Submitted, IntegrationRequested),
        (IntegrationRequested, Submitted),
        // When they were not submitted by when they were due.
        (IntegrationRequested, Inadmissible),
        (Submitted, Admissible),
        (Submitted, Inadmissible),
        (Submitted, Merged),
        (IntegrationRequested, Merged),
        (Admissible, Merged),
        // When it absorbs another: it is examined again, with those who join it.
        (Admissible, Submitted),
        (Admissible, Scored),
        (Scored, Funded),
        (Scored, NotFunded),
        (NotFunded, Funded),
        (Funded, NotFunded),
        (Funded, Accepted),
        (Funded, Declined),
        (Accepted, Signed),
        (Signed, Running),
        (Running, Variation),
        (Variation, Running),
        (Running, Settled),
        (Settled, Closed),
        (Funded, Revoked),
        (Accepted, Revoked),
        (Signed, Revoked),
        (Running, Revoked),
        (Variation, Revoked),
    ],
};

impl ProjectState {
    /// Whether its alliance may rewrite it.
    pub fn is_editable(self) -> bool {
        matches!(self, Draft | IntegrationRequested)
    }

    /// Whether it has a grant and is not over: its partners may change, each with its date.
    pub fn is_under_award(self) -> bool {
        matches!(self, Funded | Accepted | Signed | Running | Variation)
    }

    /// Whether its activities are under way, which is when it may open stores and voucher calls.
    pub fn is_running(self) -> bool {
        matches!(self, Running | Variation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn after(state: ProjectState) -> Vec<ProjectState> {
        PROJECT.moves.iter().filter(|(from, _)| *from == state).map(|(_, to)| *to).collect()
    }

    #[test]
    fn every_state_is_reached_from_a_draft_and_no_move_is_written_twice() {
        let mut reached = HashSet::from([Draft]);
        let mut ahead = vec![Draft];
        while let Some(state) = ahead.pop() {
            ahead.extend(after(state).into_iter().filter(|state| reached.insert(*state)));
        }
        assert_eq!(reached.len(), ProjectState::ALL.len());
        let distinct: HashSet<_> = PROJECT.moves.iter().collect();
        assert_eq!(distinct.len(), PROJECT.moves.len());
    }

    #[test]
    fn what_is_over_stays_over() {
        for state in ProjectState::ALL {
            let over = matches!(state, Inadmissible | Declined | Closed | Merged | Revoked);
            assert_eq!(after(*state).is_empty(), over, "{state}");
        }
    }

    #[test]
    fn nothing_is_merged_once_it_has_a_score() {
        let before_scores = [Submitted, IntegrationRequested, Admissible];
        for state in ProjectState::ALL {
            assert_eq!(after(*state).contains(&Merged), before_scores.contains(state), "{state}");
        }
    }
}
