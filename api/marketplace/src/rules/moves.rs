//! The state machine of orders as data: who moves an order from where to where, and what the move does
//! to the money and the places it holds. The SQL functions that make moves know none of this by themselves.

use super::OrderState::{
    self, Accepted, Cancelled, Confirmed, Delivered, InService, Lapsed, Proposed, Rejected, Requested,
};
use concilia_kernel::{Code, FieldError, Problem};

/// What a move does to the money held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Money {
    Keep,
    /// Back to the voucher.
    Release,
    /// Owed to the provider from now on.
    Spend,
}

/// What a move does to the places held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    Keep,
    /// All of them go back.
    Release,
    /// Holds a place of the proposed session as well.
    Propose,
    /// The proposed session takes the place of the first one, which goes back.
    Swap,
}

/// A move of an order.
#[derive(Debug)]
pub struct Move {
    pub to: OrderState,
    /// States from which the family makes it.
    pub worker: &'static [OrderState],
    /// States from which the provider makes it.
    pub provider: &'static [OrderState],
    /// States from which time makes it, once the order's `due_at` is past.
    pub system: &'static [OrderState],
    pub money: Money,
    pub places: Places,
    /// The family makes it only until the store's free cancellation time.
    pub until_deadline: bool,
}

const NONE: Move = Move {
    to: Cancelled,
    worker: &[],
    provider: &[],
    system: &[],
    money: Money::Keep,
    places: Places::Keep,
    until_deadline: false,
};

pub const CONFIRM: Move = Move { to: Confirmed, provider: &[Requested], ..NONE };
pub const REJECT: Move = Move {
    to: Rejected,
    provider: &[Requested, Proposed],
    money: Money::Release,
    places: Places::Release,
    ..NONE
};
pub const PROPOSE: Move = Move { to: Proposed, provider: &[Requested], places: Places::Propose, ..NONE };
pub const ACCEPT_PROPOSAL: Move = Move { to: Confirmed, worker: &[Proposed], places: Places::Swap, ..NONE };
pub const DECLINE_PROPOSAL: Move =
    Move { to: Cancelled, worker: &[Proposed], money: Money::Release, places: Places::Release, ..NONE };
pub const START: Move = Move { to: InService, provider: &[Confirmed], ..NONE };
pub const DELIVER: Move = Move { to: Delivered, provider: &[Confirmed, InService], ..NONE };
pub const ACCEPT: Move = Move { to: Accepted, worker: &[Delivered], money: Money::Spend, ..NONE };
pub const CANCEL: Move = Move {
    to: Cancelled,
    worker: &[Requested, Proposed, Confirmed],
    provider: &[Requested, Proposed, Confirmed, InService],
    money: Money::Release,
    places: Places::Release,
    until_deadline: true,
    ..NONE
};
pub const LAPSE: Move =
    Move { to: Lapsed, system: &[Requested, Proposed], money: Money::Release, places: Places::Release, ..NONE };
pub const ACCEPT_BY_SILENCE: Move = Move { to: Accepted, system: &[Delivered], money: Money::Spend, ..NONE };

/// The whole machine up to acceptance; invoicing and payment belong to the statements of providers.
pub const MOVES: &[&Move] = &[
    &CONFIRM,
    &REJECT,
    &PROPOSE,
    &ACCEPT_PROPOSAL,
    &DECLINE_PROPOSAL,
    &START,
    &DELIVER,
    &ACCEPT,
    &CANCEL,
    &LAPSE,
    &ACCEPT_BY_SILENCE,
];

impl Money {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Release => "release",
            Self::Spend => "spend",
        }
    }
}

impl Places {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Release => "release",
            Self::Propose => "propose",
            Self::Swap => "swap",
        }
    }
}

impl Move {
    fn leaves(&self, state: OrderState) -> bool {
        [self.worker, self.provider, self.system].iter().any(|sources| sources.contains(&state))
    }

    /// 409: the order is in a state that this move does not leave.
    pub(crate) fn refusal(&self, from: &str) -> Problem {
        let mut allowed: Vec<&str> = MOVES
            .iter()
            .filter(|other| from.parse().is_ok_and(|state| other.leaves(state)))
            .map(|other| other.to.as_str())
            .collect();
        allowed.sort_unstable();
        allowed.dedup();
        let to = self.to;
        let allowed = if allowed.is_empty() { "-".to_owned() } else { allowed.join(", ") };
        Problem::new(Code::TransitionNotAllowed)
            .explain(
                format!(
                    "Chi chiede non può portare l'ordine da «{from}» a «{to}»; passaggi dallo stato: {allowed}."
                ),
                format!(
                    "The caller cannot move the order from '{from}' to '{to}'; moves from that state: {allowed}."
                ),
            )
            .with_error(FieldError::pointer("/state", "transition_not_allowed").value(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What an order holds, as the moves say.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Holdings {
        held: bool,
        spent: bool,
        places: u32,
        proposed: u32,
    }

    impl Holdings {
        fn after(&self, made: &Move) -> Self {
            let mut next = self.clone();
            match made.money {
                Money::Keep => {}
                Money::Release => next.held = false,
                Money::Spend => (next.held, next.spent) = (false, true),
            }
            match made.places {
                Places::Keep => {}
                Places::Release => (next.places, next.proposed) = (0, 0),
                Places::Propose => next.proposed += 1,
                Places::Swap => (next.places, next.proposed) = (next.proposed, 0),
            }
            next
        }
    }

    fn expected(state: OrderState) -> Holdings {
        let open = matches!(state, Requested | Proposed | Confirmed | InService | Delivered);
        Holdings {
            held: open,
            spent: state == Accepted,
            places: u32::from(state.keeps_place()),
            proposed: u32::from(state == Proposed),
        }
    }

    proptest! {
        #[test]
        fn any_sequence_of_moves_holds_what_its_state_says(choices in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
            let (mut state, mut holdings) = (Requested, expected(Requested));
            for choice in choices {
                let open: Vec<&Move> = MOVES.iter().copied().filter(|m| m.leaves(state)).collect();
                if open.is_empty() {
                    break;
                }
                let made = choice.get(&open);
                holdings = holdings.after(made);
                state = made.to;
                prop_assert_eq!(&holdings, &expected(state));
            }
        }
    }

    #[test]
    fn an_ended_order_moves_no_more() {
        for state in [Rejected, Lapsed, Cancelled, Accepted, OrderState::Invoiced, OrderState::Paid] {
            assert!(!MOVES.iter().any(|m| m.leaves(state)), "{state}");
        }
    }

    #[test]
    fn a_delivered_order_is_never_cancelled() {
        assert!(![CANCEL.worker, CANCEL.provider].iter().any(|from| from.contains(&Delivered)));
    }
}
