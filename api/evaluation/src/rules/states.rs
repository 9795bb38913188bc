use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of a scorecard.
    pub enum ScorecardState {
        /// Being written by its evaluator.
        Draft = "draft",
        /// Given, whole; it counts and can no longer change.
        Submitted = "submitted",
        /// Kept but not counted: its evaluator was found to be in conflict of interest.
        SetAside = "set_aside",
    }
}

pub const SCORECARD: StateMachine<ScorecardState> = StateMachine {
    aggregate: "scorecard",
    moves: &[
        (ScorecardState::Draft, ScorecardState::Submitted),
        (ScorecardState::Draft, ScorecardState::SetAside),
        (ScorecardState::Submitted, ScorecardState::SetAside),
    ],
};
