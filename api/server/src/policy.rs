//! Who may call what: one row per operation of the contract. An operation without a row is refused
//! at start-up, so nothing is reachable by omission. What a role may *see* (its organisation's, its
//! own) is decided by the operation; this table only opens the door.

use concilia_kernel::Role;
use concilia_kernel::Role::{AllianceLead, Ats, Employer, Evaluator, Provider, Worker};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone; a token adds nothing and is not looked at.
    Public,
    /// Anyone; a token shows more, such as one's own drafts.
    PublicOrKnown,
    /// Any authenticated caller.
    Authenticated,
    /// Callers who hold one of these roles.
    Roles(&'static [Role]),
}

use Access::{Authenticated, Public, PublicOrKnown, Roles};

/// The whole policy, by context.
pub const POLICY: &[(&str, Access)] = &[
    // server
    ("get_status", Public),
    // identity
    ("create_session", Public),
    ("delete_session", Authenticated),
    ("create_token", Public),
    ("get_jwks", Public),
    ("get_oauth_metadata", Public),
    ("get_me", Authenticated),
    // network
    // planning
    // eligibility
    // ledger
    // benefits
    // catalogue
    // marketplace
    // payments
];

/// The row of an operation.
pub fn access(operation_id: &str) -> Option<Access> {
    POLICY.iter().find(|(id, _)| *id == operation_id).map(|(_, access)| *access)
}

/// Every role, for the operations that any organisation of the territory may call.
pub const STAFF: &[Role] = &[Ats, Evaluator, AllianceLead, Provider, Employer];

/// Officers who decide on families' applications and money.
pub const OFFICERS: &[Role] = &[Ats, AllianceLead];

/// Workers and the officers who serve them.
pub const WORKERS_AND_OFFICERS: &[Role] = &[Ats, AllianceLead, Worker];
