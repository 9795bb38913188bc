//! The state machines of the money of a project. The project's own is planning's.

use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of a payment of a grant.
    pub enum GrantPaymentState {
        /// Asked for by an officer; waits for another.
        Requested = "requested",
        /// May be paid.
        Approved = "approved",
        /// The treasury has paid it.
        Paid = "paid",
        /// Will not be paid.
        Cancelled = "cancelled",
    }
}

pub const PAYMENT: StateMachine<GrantPaymentState> = StateMachine {
    aggregate: "grant_payment",
    moves: &[
        (GrantPaymentState::Requested, GrantPaymentState::Approved),
        (GrantPaymentState::Requested, GrantPaymentState::Cancelled),
        (GrantPaymentState::Approved, GrantPaymentState::Paid),
        (GrantPaymentState::Approved, GrantPaymentState::Cancelled),
    ],
};

text_enum! {
    /// State of an expense report.
    pub enum ExpenseReportState {
        /// Being written by the alliance.
        Draft = "draft",
        /// Being examined by the agency.
        Submitted = "submitted",
        /// Every expense is decided; the report counts.
        Validated = "validated",
    }
}

pub const REPORT: StateMachine<ExpenseReportState> = StateMachine {
    aggregate: "expense_report",
    moves: &[
        (ExpenseReportState::Draft, ExpenseReportState::Submitted),
        (ExpenseReportState::Submitted, ExpenseReportState::Draft),
        (ExpenseReportState::Submitted, ExpenseReportState::Validated),
    ],
};

text_enum! {
    /// State of a shift between cost items.
    pub enum BudgetShiftState {
        /// Within the threshold: in force without approval.
        Free = "free",
        /// Above the threshold; waits for the agency.
        Requested = "requested",
        /// In force.
        Approved = "approved",
        /// Without effect.
        Refused = "refused",
    }
}

pub const SHIFT: StateMachine<BudgetShiftState> = StateMachine {
    aggregate: "budget_shift",
    moves: &[
        (BudgetShiftState::Requested, BudgetShiftState::Approved),
        (BudgetShiftState::Requested, BudgetShiftState::Refused),
    ],
};

text_enum! {
    /// State of a request to vary a project.
    pub enum ProjectVariationState {
        /// Waits for the agency.
        Requested = "requested",
        /// In force.
        Approved = "approved",
        /// Without effect.
        Refused = "refused",
    }
}

pub const VARIATION: StateMachine<ProjectVariationState> = StateMachine {
    aggregate: "project_variation",
    moves: &[
        (ProjectVariationState::Requested, ProjectVariationState::Approved),
        (ProjectVariationState::Requested, ProjectVariationState::Refused),
    ],
};

text_enum! {
    /// State of the final account of a grant.
    pub enum GrantSettlementState {
        /// Waits for a second officer.
        Computed = "computed",
        /// In force.
        Approved = "approved",
        /// Another was computed after it.
        Superseded = "superseded",
    }
}

pub const SETTLEMENT: StateMachine<GrantSettlementState> = StateMachine {
    aggregate: "grant_settlement",
    moves: &[
        (GrantSettlementState::Computed, GrantSettlementState::Approved),
        (GrantSettlementState::Computed, GrantSettlementState::Superseded),
    ],
};

text_enum! {
    /// What the agency decided on an expense.
    pub enum ExpenseDecision {
        /// Accepted in full.
        Accepted = "accepted",
        /// Accepted in part.
        Reduced = "reduced",
        /// Not accepted.
        Refused = "refused",
    }
}
