//! The marketplace: families' plans of services and the orders they become, up to acceptance.
//!
//! A plan is a draft whose preview is quoted anew at each look; submitted, all its items become orders that hold
//! money of the ledger and places of the catalogue, or none does. Plans that arrive together are placed together
//! ([`family_plans::SubmissionQueue`]), as orders that are asked for together are read together
//! ([`orders::OrderReads`]). Orders then move by the table in [`rules`], each move one transaction.
//!
//! **Lock order**, so that nothing deadlocks: the plan or the order, then vouchers by id (`ledger_lock`), then sessions
//! by id (advisory lock, then row). Plans placed together wait for no lock: what is locked is placed alone, and waits. The
//! statements that do so are SQL functions of the migrations: one round trip.
//!
//! Offered to the others: [`settlement`] (accepted orders to statements, paid orders back); [`sweep_orders`] (what time
//! does to orders), for the server's periodic sweeper; [`family_plans::order_at_once`] and [`orders::move_order`], for
//! the demo.

pub mod family_plans;
pub mod orders;
mod routes;
pub mod rules;
pub mod schema;
mod sealed_text;
pub mod settlement;

pub use orders::sweep_orders;
pub use routes::routes;
