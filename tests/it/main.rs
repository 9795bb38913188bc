//! Black-box tests: a real server over a real PostgreSQL, called over HTTP.

mod authorisation;
mod hostile_input;
mod identity;
mod orders;
mod protocol;
mod schema;
