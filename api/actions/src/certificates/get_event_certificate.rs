use super::document::document;
use crate::events::Event;
use crate::queries;
use crate::queries::sign_ups::Owner;
use crate::rules::states::EventState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::{counted, elided, pdf_file, percent};
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::language::Language;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem};
use concilia_network::find_territory;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Get the certificate of an event
///
/// The certificate of attendance as PDF, once the event is concluded; the same one gives the same bytes. For who made the
/// sign-up, the officers of its organisation, and the agency. Whoever attended less than the stated share of the hours has
/// none (`not_eligible`).
#[utoipa::path(
    tag = "actions",
    params(("sign_up_id" = Uuid, Path, description = "The sign-up."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The certificate.", body = inline(Upload), content_type = "application/pdf",
                headers(("ETag" = String, description = "Tag of the file."),
                        ("Content-Disposition" = String, description = "Name for the downloaded file."))),
              (status = 409, description = "The event is not concluded (`conflict`)."),
              (status = 422, description = "Attended less than the stated share (`not_eligible`).")),
)]
#[get("/v1/event-sign-ups/{sign_up_id}/certificate")]
pub async fn get_event_certificate(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let territory_id = actor.territory_id;
    let reader = db.reader().await?;
    let found = queries::sign_ups::find(&mut &**reader, &Owner::of(&actor), id.0).await?;
    let sign_up = found.ok_or_else(Problem::not_found)?.opened(&vault)?;
    let event = queries::events::find(&mut &**reader, territory_id, sign_up.event_id).await?;
    let event = event.ok_or_else(Problem::not_found)?;
    let Some(certificate) = queries::certificates::find(&mut &**reader, territory_id, id.0).await? else {
        return Err(refusal(&mut &**reader, &event, id.0).await?);
    };
    let territory = find_territory(&mut &**reader, territory_id).await?.ok_or_else(Problem::not_found)?;
    let name = format!("attestato-{:04}-{:06}.pdf", certificate.year, certificate.number);
    let document = document(&territory, &event, &sign_up.participant.name, &certificate);
    Ok(pdf_file(&name, document).await?.answer(&held))
}

/// Why there is no certificate.
async fn refusal<C>(connection: &mut C, event: &Event, sign_up_id: Uuid) -> Result<Problem, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    if event.state != EventState::Concluded {
        return Ok(Problem::new(Code::Conflict).explain(
            "Gli attestati si rilasciano quando l'evento è concluso.",
            "Certificates are issued when the event is concluded.",
        ));
    }
    let attended = queries::certificates::attended_minutes(connection, event.territory_id, event.id).await?;
    let minutes = attended.iter().find(|row| row.sign_up_id == sign_up_id).map_or(0, |row| row.minutes);
    let sessions = event.sessions.0.iter().map(|session| (session.ends_at - session.starts_at).num_minutes());
    let (total, share) = (sessions.sum::<i64>(), event.certificate_share.decimal() * Decimal::ONE_HUNDRED);
    let (it, en) = (percent(Language::Italian, share), percent(Language::English, share));
    Ok(Problem::new(Code::NotEligible).explain(
        format!(
            "Frequenza di {} su {total}: per l'attestato serve {}.",
            counted(minutes, "minuto", "minuti"),
            elided("il", &it)
        ),
        format!("Attended {minutes} minutes of {total}: a certificate requires {en}."),
    ))
}
