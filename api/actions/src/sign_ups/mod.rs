//! Sign-ups to events: named people, a place or a place in the waiting list for each, which moves by itself.
//!
//! Names and e-mail addresses are sealed. The blind index of the address keeps a person from taking two places, and
//! counts heads without knowing whose they are.

pub mod cancel_event_sign_up;
pub mod create_event_sign_ups;
pub mod get_event_sign_up;
pub mod list_event_sign_ups;
mod participant;
mod sign_up;

pub use participant::Participant;
pub use sign_up::{EventSignUp, SealedSignUp};

use crate::queries;
use concilia_kernel::Problem;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Purpose under which a participant is sealed.
const PERSON_SEAL: &str = "event_sign_ups.person_sealed";
/// Purpose of the blind index of an e-mail address.
const PERSON_INDEX: &str = "event_sign_ups.person_index";

/// Gives the free places of an event that the transaction holds to those who wait, in their order, until it is over.
pub async fn promote(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
) -> Result<(), Problem> {
    queries::sign_ups::promote(connection, territory_id, event_id).await?;
    Ok(())
}
