//! Orders: what families and providers see of them, and the moves they make.

pub mod accept_order;
pub mod accept_order_proposal;
pub mod cancel_order;
pub mod confirm_order;
pub mod decline_order_proposal;
pub mod deliver_order;
pub mod get_order;
pub mod list_orders;
mod make_move;
mod order;
mod order_reads;
pub mod propose_order;
mod queries;
mod reason;
pub mod reject_order;
pub mod start_order;
mod stored_order;
mod sweep;

pub use make_move::move_order;
pub use order::{Order, OrderChild, OrderSummary, OrderWorker};
pub use order_reads::OrderReads;
pub use reason::OrderReason;
pub use sweep::sweep_orders;
