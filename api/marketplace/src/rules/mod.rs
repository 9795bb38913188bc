//! The rules of family plans and orders, without I/O.

pub(crate) mod booking;
pub(crate) mod moves;
pub(crate) mod order_state;
pub(crate) mod preview;

pub use booking::BookingRule;
pub use moves::{
    ACCEPT, CANCEL, CONFIRM, DELIVER, MOVES, Money as MoneyEffect, Move, Places as PlacesEffect, REJECT, START,
};
pub use order_state::OrderState;
