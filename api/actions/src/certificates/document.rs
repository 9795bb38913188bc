//! The certificate on paper. It is an Italian administrative document, so it is in Italian whatever the caller reads.

use crate::events::Event;
use crate::queries::certificates::IssuedCertificate;
use crate::rules::kinds::{EventKind, EventPlace};
use concilia_documents::{
    Act, Agency, Block, Cell, Document, Run, Signature, SignatureBlock, counted, elided, long_date, percent,
};
use concilia_kernel::clock::italian_day;
use concilia_kernel::language::Language;
use concilia_network::Territory;
use rust_decimal::Decimal;

const ITALIAN: Language = Language::Italian;

/// One page that says who attended what, when, and for how long.
pub(super) fn document(
    territory: &Territory,
    event: &Event,
    participant: &str,
    certificate: &IssuedCertificate,
) -> Document {
    let issued_on = italian_day(certificate.issued_at);
    let agency = Agency::of(ITALIAN, &territory.name, &territory.provinces);
    let mut document = Document::new(ITALIAN, agency, "Attestato di partecipazione", issued_on);
    let number = format!("Attestato n. {:04}/{:06}", certificate.year, certificate.number);
    document.act = Some(Act { title: number, date: issued_on });
    document.blocks = vec![
        Block::Formula("SI ATTESTA CHE".to_owned()),
        Block::Display(participant.to_owned()),
        Block::Centred(vec![Run::plain(format!("ha partecipato {}", kind(event.kind)))]),
        Block::Display(format!("«{}»", event.title)),
        Block::KeyValues(particulars(event, certificate)),
        Block::Signatures(SignatureBlock {
            place_and_date: Some(long_date(ITALIAN, issued_on)),
            signatures: vec![Signature {
                role: "Il Direttore generale".to_owned(),
                name: String::new(),
                note: None,
            }],
        }),
    ];
    document
}

fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Seminar => "al seminario",
        EventKind::Webinar => "al webinar",
        EventKind::Course => "al corso",
        EventKind::Workshop => "al laboratorio",
    }
}

fn particulars(event: &Event, certificate: &IssuedCertificate) -> Vec<(String, Cell)> {
    let (first, last) = (italian_day(event.starts_at), italian_day(event.ends_at));
    let when = if first == last {
        long_date(ITALIAN, first)
    } else {
        let (first, last) = (long_date(ITALIAN, first), long_date(ITALIAN, last));
        format!("{} {}", elided("dal", &first), elided("al", &last))
    };
    let place = match event.place {
        EventPlace::Online => "online".to_owned(),
        EventPlace::Address => {
            let parts = [event.address.as_deref(), event.municipality.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    };
    let (attended, total) = (certificate.attended_minutes, certificate.total_minutes);
    let share = Decimal::from(attended) * Decimal::ONE_HUNDRED / Decimal::from(total.max(1));
    let meetings = i64::try_from(event.sessions.0.len()).unwrap_or(i64::MAX);
    vec![
        ("Quando".to_owned(), Cell::Text(when)),
        ("Dove".to_owned(), Cell::Text(place)),
        ("Incontri".to_owned(), Cell::Integer(meetings)),
        ("Durata".to_owned(), Cell::Text(duration(total))),
        ("Frequenza".to_owned(), Cell::Text(format!("{} ({})", duration(attended), percent(ITALIAN, share)))),
    ]
}

/// "1 ora", "3 ore e 30 minuti".
fn duration(minutes: i32) -> String {
    let (hours, rest) = (counted(minutes / 60, "ora", "ore"), counted(minutes % 60, "minuto", "minuti"));
    match (minutes / 60, minutes % 60) {
        (0, _) => rest,
        (_, 0) => hours,
        _ => format!("{hours} e {rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_hours_and_minutes() {
        for (minutes, words) in
            [(60, "1 ora"), (150, "2 ore e 30 minuti"), (61, "1 ora e 1 minuto"), (45, "45 minuti")]
        {
            assert_eq!(duration(minutes).replace('\u{a0}', " "), words);
        }
    }
}
