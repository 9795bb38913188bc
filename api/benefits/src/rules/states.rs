//! The state machines of calls, applications and rankings.

use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of a voucher call.
    pub enum VoucherCallState {
        /// Being written by the lead; not public.
        Draft = "draft",
        /// Published and frozen; applications are taken between its opening and closing instants.
        Open = "open",
        /// No more applications; to be ranked.
        Closed = "closed",
        /// Vouchers are awarded and may be spent.
        Spending = "spending",
    }
}

pub const VOUCHER_CALL: StateMachine<VoucherCallState> = StateMachine {
    aggregate: "voucher_call",
    moves: &[
        (VoucherCallState::Draft, VoucherCallState::Open),
        (VoucherCallState::Open, VoucherCallState::Closed),
        (VoucherCallState::Closed, VoucherCallState::Spending),
    ],
};

text_enum! {
    /// State of an application.
    pub enum ApplicationState {
        /// Being written by the worker.
        Draft = "draft",
        /// Has its protocol number and waits for the ranking.
        Submitted = "submitted",
        /// Taken back by the worker before the call closed.
        Withdrawn = "withdrawn",
        /// At least one of its lines got a voucher.
        Awarded = "awarded",
        /// No line got a voucher, at least one waits for one.
        WaitListed = "wait_listed",
        /// No line may get a voucher.
        Excluded = "excluded",
    }
}

pub const APPLICATION: StateMachine<ApplicationState> = StateMachine {
    aggregate: "application",
    moves: &[
        (ApplicationState::Draft, ApplicationState::Submitted),
        (ApplicationState::Draft, ApplicationState::Withdrawn),
        (ApplicationState::Submitted, ApplicationState::Withdrawn),
        (ApplicationState::Submitted, ApplicationState::Awarded),
        (ApplicationState::Submitted, ApplicationState::WaitListed),
        (ApplicationState::Submitted, ApplicationState::Excluded),
    ],
};

text_enum! {
    /// State of a ranking.
    pub enum RankingState {
        /// Computed, not yet approved; seen by officers only.
        Computed = "computed",
        /// Approved and public; its vouchers are awarded.
        Final = "final",
        /// Replaced by a later run before approval.
        Superseded = "superseded",
    }
}

pub const RANKING: StateMachine<RankingState> = StateMachine {
    aggregate: "ranking",
    moves: &[(RankingState::Computed, RankingState::Final), (RankingState::Computed, RankingState::Superseded)],
};
