//! The state machines of this context.

use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// State of an action.
    pub enum ActionState {
        /// Has a budget and has not begun.
        Planned = "planned",
        /// Under way.
        Running = "running",
        /// Over; late invoices may still be paid.
        Concluded = "concluded",
        /// Given up; what it had not paid goes back to the plan.
        Cancelled = "cancelled",
    }
}

pub const ACTION: StateMachine<ActionState> = StateMachine {
    aggregate: "action",
    moves: &[
        (ActionState::Planned, ActionState::Running),
        (ActionState::Planned, ActionState::Cancelled),
        (ActionState::Running, ActionState::Concluded),
        (ActionState::Running, ActionState::Cancelled),
    ],
};

text_enum! {
    /// State of a payment of an action, or of an entry that takes one back.
    pub enum ActionPaymentState {
        /// Holds its amount of the budget until another person decides.
        Recorded = "recorded",
        Approved = "approved",
        Refused = "refused",
    }
}

pub const ACTION_PAYMENT: StateMachine<ActionPaymentState> = StateMachine {
    aggregate: "action_payment",
    moves: &[
        (ActionPaymentState::Recorded, ActionPaymentState::Approved),
        (ActionPaymentState::Recorded, ActionPaymentState::Refused),
    ],
};

text_enum! {
    /// State of a meeting of an action.
    pub enum ActionMeetingState {
        Planned = "planned",
        Held = "held",
        Cancelled = "cancelled",
    }
}

pub const ACTION_MEETING: StateMachine<ActionMeetingState> = StateMachine {
    aggregate: "action_meeting",
    moves: &[
        (ActionMeetingState::Planned, ActionMeetingState::Held),
        (ActionMeetingState::Planned, ActionMeetingState::Cancelled),
    ],
};

text_enum! {
    /// State of a training event.
    pub enum EventState {
        /// Being written; seen by the agency only.
        Draft = "draft",
        /// Public; people sign up while its window is open.
        Published = "published",
        /// Over, its attendance is final and its certificates are issued.
        Concluded = "concluded",
        /// Does not take place.
        Cancelled = "cancelled",
    }
}

pub const EVENT: StateMachine<EventState> = StateMachine {
    aggregate: "event",
    moves: &[
        (EventState::Draft, EventState::Published),
        (EventState::Draft, EventState::Cancelled),
        (EventState::Published, EventState::Concluded),
        (EventState::Published, EventState::Cancelled),
    ],
};

text_enum! {
    /// State of a sign-up.
    pub enum SignUpState {
        /// Has a place.
        Confirmed = "confirmed",
        /// Gets a place by itself when one frees, in the order of signing up.
        Waiting = "waiting",
        /// Given up, or the event was cancelled.
        Cancelled = "cancelled",
    }
}

pub const SIGN_UP: StateMachine<SignUpState> = StateMachine {
    aggregate: "event_sign_up",
    moves: &[
        (SignUpState::Waiting, SignUpState::Confirmed),
        (SignUpState::Waiting, SignUpState::Cancelled),
        (SignUpState::Confirmed, SignUpState::Cancelled),
    ],
};

text_enum! {
    /// State of a company path.
    pub enum CompanyPathState {
        /// Companies may join.
        Open = "open",
        /// No more companies join; those that have go on.
        Closed = "closed",
    }
}

pub const COMPANY_PATH: StateMachine<CompanyPathState> =
    StateMachine { aggregate: "company_path", moves: &[(CompanyPathState::Open, CompanyPathState::Closed)] };

text_enum! {
    /// Where a company stands on its path.
    pub enum ParticipationState {
        Running = "running",
        /// Every step is done.
        Completed = "completed",
        Withdrawn = "withdrawn",
    }
}

pub const PARTICIPATION: StateMachine<ParticipationState> = StateMachine {
    aggregate: "path_participation",
    moves: &[
        (ParticipationState::Running, ParticipationState::Completed),
        (ParticipationState::Running, ParticipationState::Withdrawn),
    ],
};

text_enum! {
    /// State of a questionnaire.
    pub enum QuestionnaireState {
        /// Being written.
        Draft = "draft",
        /// Its questions are frozen and it takes answers.
        Open = "open",
        /// Takes no more answers.
        Closed = "closed",
    }
}

pub const QUESTIONNAIRE: StateMachine<QuestionnaireState> = StateMachine {
    aggregate: "questionnaire",
    moves: &[
        (QuestionnaireState::Draft, QuestionnaireState::Open),
        (QuestionnaireState::Open, QuestionnaireState::Closed),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_ends_once_and_never_begins_again() {
        use ActionState::{Cancelled, Concluded, Planned, Running};
        assert!(ACTION.check(Planned, Running).is_ok());
        for over in [Concluded, Cancelled] {
            for next in ActionState::ALL {
                assert!(ACTION.check(over, *next).is_err(), "{over} to {next}");
            }
        }
        assert!(ACTION.check(Planned, Concluded).is_err());
    }

    #[test]
    fn a_place_given_is_not_taken_back_to_the_waiting_list() {
        assert!(SIGN_UP.check(SignUpState::Confirmed, SignUpState::Waiting).is_err());
        assert!(SIGN_UP.check(SignUpState::Cancelled, SignUpState::Confirmed).is_err());
    }
}
