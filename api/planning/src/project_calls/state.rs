use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of a project call.
    pub enum ProjectCallState {
        /// Being written by the agency; not public.
        Draft = "draft",
        /// Published and frozen; projects are submitted between its opening and closing instants.
        Open = "open",
        /// Nothing is submitted any more.
        Closed = "closed",
        /// The committee scores the admissible projects.
        Evaluating = "evaluating",
        /// Its money is allocated.
        Awarded = "awarded",
        /// Nothing more will happen.
        Archived = "archived",
        /// Given up before its award.
        Cancelled = "cancelled",
    }
}

/// An act that extends a closed call opens it again.
pub const PROJECT_CALL: StateMachine<ProjectCallState> = StateMachine {
    aggregate: "project_call",
    moves: &[
        (ProjectCallState::Draft, ProjectCallState::Open),
        (ProjectCallState::Open, ProjectCallState::Closed),
        (ProjectCallState::Closed, ProjectCallState::Open),
        (ProjectCallState::Closed, ProjectCallState::Evaluating),
        (ProjectCallState::Evaluating, ProjectCallState::Awarded),
        (ProjectCallState::Awarded, ProjectCallState::Archived),
        (ProjectCallState::Draft, ProjectCallState::Cancelled),
        (ProjectCallState::Open, ProjectCallState::Cancelled),
        (ProjectCallState::Closed, ProjectCallState::Cancelled),
        (ProjectCallState::Evaluating, ProjectCallState::Cancelled),
    ],
};

text_enum! {
    /// Who may lead an alliance. A private lead always needs a local public body or a territorial area among its
    /// partners.
    pub enum LeadKinds {
        /// Public bodies, territorial areas and non-profit organisations.
        PublicOrNonprofit = "public_or_nonprofit",
        /// Public bodies and territorial areas.
        PublicOnly = "public_only",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProjectCallState::{Archived, Awarded, Cancelled, Closed, Evaluating, Open};

    #[test]
    fn a_call_is_cancelled_before_its_award_and_never_reopens_once_evaluated() {
        for from in ProjectCallState::ALL {
            let before_award = !matches!(from, Awarded | Archived | Cancelled);
            assert_eq!(PROJECT_CALL.check(*from, Cancelled).is_ok(), before_award, "{from}");
        }
        for from in [Evaluating, Awarded, Archived, Cancelled] {
            assert!(
                PROJECT_CALL.check(from, Open).is_err() && PROJECT_CALL.check(from, Closed).is_err(),
                "{from}"
            );
        }
    }
}
