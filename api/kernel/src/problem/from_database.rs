//! What the database refuses, in the caller's terms. Constraints are the last word, so their
//! breach must read as a conflict and not as a fault of ours.
//!
//! diesel keeps no SQLSTATE: where it has no kind for an error, the server's words tell, which connections ask for in
//! English (`db::speaks_english`).

use super::{Code, Problem, taken};
use diesel::result::{DatabaseErrorKind as Kind, Error};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::NotFound => Code::NotFound,
            Error::DatabaseError(kind, info) => match kind {
                Kind::UniqueViolation => return taken::already_exists(info.constraint_name()),
                Kind::SerializationFailure
                | Kind::ReadOnlyTransaction
                | Kind::ClosedConnection
                | Kind::UnableToSendCommand => Code::Unavailable,
                Kind::CheckViolation => match info.constraint_name() {
                    Some("service_sessions_not_oversold" | "events_not_oversold") => Code::NoPlacesLeft,
                    Some("call_balances_within_cost_item" | "executive_budgets_hold_vouchers") => {
                        Code::CostItemExceeded
                    }
                    Some(name) if name.ends_with("_not_negative") => Code::InsufficientBalance,
                    _ => return Self::internal(error),
                },
                // A NUL that came in by a way with no check of its own, such as a path or a cursor.
                _ if info.message().starts_with("invalid byte sequence for encoding") => Code::MalformedRequest,
                // Two requests that wait for each other: one of them goes on, the other is asked to come again.
                _ if info.message() == "deadlock detected" => Code::Unavailable,
                _ if info.message().contains("lock timeout") || info.message().contains("statement timeout") => {
                    Code::Unavailable
                }
                _ => return Self::internal(error),
            },
            _ => return Self::internal(error),
        };
        if code == Code::Unavailable { Self::unavailable(1, error) } else { Self::new(code) }
    }
}
