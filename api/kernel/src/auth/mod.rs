//! Who is calling: the verified token's subject with its roles, each bound to one organisation.

mod actor;
mod claims;
mod role;
mod verifier;

pub use actor::{Actor, OptionalActor, RoleBinding};
pub use claims::{AccessClaims, RoleClaim};
pub use role::Role;
pub use verifier::{TokenVerifier, VerifyingKeys};
