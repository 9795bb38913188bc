//! Who may call: accounts with roles, API clients, login sessions with rotating refresh tokens,
//! access tokens and the keys that sign them, and the throttle that slows guessing.
//!
//! It offers the others: [`IdentityState`] (what the server installs and refreshes), [`keys`] (the
//! signing keys and their rotation), [`accounts`] and [`clients`] (made by the demo and by worker
//! activation), [`password`] (hashing off the worker threads), [`throttle`] (for whoever checks a
//! secret) and [`clean_up`] (to be called every hour or so).

pub mod accounts;
pub mod bulk;
mod clean_up;
mod client_authentication;
pub mod clients;
pub mod create_session;
pub mod create_token;
pub mod delete_session;
mod email;
mod form;
pub mod get_jwks;
pub mod get_oauth_metadata;
pub mod keys;
mod login_sessions;
pub mod opaque;
pub mod password;
mod routes;
mod rules;
mod schema;
mod state;
pub mod throttle;
mod tokens;

pub use clean_up::clean_up;
pub use email::Email;
pub use routes::routes;
pub use state::{IdentitySettings, IdentityState};
pub use tokens::{AccessToken, Subject, TokenIssuer, smoke_test};
