use crate::events::Event;
use crate::queries::certificates::{self, NewCertificate};
use crate::rules::attendance::is_enough;
use chrono::Datelike;
use concilia_kernel::clock::italian_day;
use concilia_kernel::{Problem, now};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Issues the certificates of an event that the transaction holds and has concluded, in the order of signing up.
pub async fn issue(connection: &mut AsyncPgConnection, event: &Event, issued_by: Uuid) -> Result<(), Problem> {
    let minutes = event.sessions.0.iter().map(|session| (session.ends_at - session.starts_at).num_minutes());
    let total: i64 = minutes.sum();
    let attended = certificates::attended_minutes(connection, event.territory_id, event.id).await?;
    let entitled: Vec<NewCertificate> = attended
        .into_iter()
        .filter(|row| is_enough(row.minutes, total, event.certificate_share))
        .map(|row| NewCertificate { sign_up_id: row.sign_up_id, attended_minutes: row.minutes })
        .collect();
    if entitled.is_empty() {
        return Ok(());
    }
    let issued_at = now();
    let year = i16::try_from(italian_day(issued_at).year()).map_err(Problem::internal)?;
    // The counter comes last and is held until the commit: no number is lost, and others wait little.
    let first = certificates::take_numbers(connection, event.territory_id, year, entitled.len()).await?;
    let stamp = certificates::Stamp {
        territory_id: event.territory_id,
        year,
        first,
        total_minutes: total,
        issued_by,
        issued_at,
    };
    certificates::insert(connection, stamp, &entitled).await?;
    Ok(())
}
