//! The life of an allocation.

use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of an allocation.
    pub enum AllocationState {
        /// Computed and frozen; waits for a second person's approval.
        Computed = "computed",
        /// Approved by an act; in force.
        Approved = "approved",
        /// Given up before it was approved.
        Discarded = "discarded",
        /// Was in force until a later one was approved.
        Superseded = "superseded",
    }
}

pub const ALLOCATION: StateMachine<AllocationState> = StateMachine {
    aggregate: "allocation",
    moves: &[
        (AllocationState::Computed, AllocationState::Approved),
        (AllocationState::Computed, AllocationState::Discarded),
        (AllocationState::Approved, AllocationState::Superseded),
    ],
};
