//! The agenda as iCalendar (RFC 5545).

use super::entries::{Deadline, DeadlineKind, Entries};
use crate::meetings::MeetingSummary;
use crate::rules::states::MeetingState;
use chrono::Duration;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The calendar, in Italian: it is kept by programs, which ask in no language.
fn calendar(territory: &str, entries: &Entries) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Concilia//Agenda//IT"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", "PUBLISH"))
        .append_property(Property::new("X-WR-CALNAME", format!("Concilia - {territory}")));
    for meeting in &entries.meetings {
        calendar.push(of_meeting(territory, meeting));
    }
    for deadline in &entries.deadlines {
        calendar.push(of_deadline(territory, deadline));
    }
    calendar.to_string()
}

fn of_meeting(territory: &str, meeting: &MeetingSummary) -> Event {
    let ends = meeting.starts_at + Duration::minutes(meeting.duration_minutes.into());
    let mut event = Event::new();
    event
        .uid(&format!("meeting-{}@{}.concilia", meeting.id, territory.to_lowercase()))
        .timestamp(meeting.sent_at)
        .sequence(
            u32::try_from(meeting.notice).unwrap_or(1).saturating_sub(1) * 2 + u32::from(called_off(meeting)),
        )
        .summary(&meeting.body_name)
        .starts(meeting.starts_at)
        .ends(ends)
        .status(if called_off(meeting) { EventStatus::Cancelled } else { EventStatus::Confirmed });
    if let Some(place) = meeting.place.as_deref().or(meeting.online_link.as_deref()) {
        event.location(place);
    }
    if let Some(link) = &meeting.online_link {
        event.description(link);
    }
    event.done()
}

fn called_off(meeting: &MeetingSummary) -> bool {
    meeting.state == MeetingState::Cancelled
}

fn of_deadline(territory: &str, deadline: &Deadline) -> Event {
    let what = match deadline.kind {
        DeadlineKind::ProjectCallOpens => "Apertura bando",
        DeadlineKind::ProjectCallCloses => "Scadenza bando",
        DeadlineKind::IntegrationDue => "Scadenza integrazioni",
        DeadlineKind::VoucherCallOpens => "Apertura avviso voucher",
        DeadlineKind::VoucherCallCloses => "Scadenza avviso voucher",
    };
    let kind = deadline.kind.as_str().replace('_', "-");
    Event::new()
        .uid(&format!("{kind}-{}@{}.concilia", deadline.id, territory.to_lowercase()))
        .timestamp(deadline.stamped_at)
        .summary(&format!("{what}: {}", deadline.title))
        .starts(deadline.due_at)
        .ends(deadline.due_at)
        .done()
}

/// The answer: the calendar, for programs that ask again when they like.
pub(super) fn answer(territory: &str, entries: &Entries) -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok().content_type(MEDIA_TYPE).body(calendar(territory, entries))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::states::BodyKind;
    use uuid::Uuid;

    fn entries(title: &str) -> Entries {
        let at = |text: &str| text.parse().unwrap();
        let meeting = MeetingSummary {
            id: Uuid::nil(),
            body_id: Uuid::nil(),
            body_kind: BodyKind::Committee,
            body_name: "Comitato di programmazione, valutazione e monitoraggio; sede di Mantova".into(),
            state: MeetingState::Cancelled,
            starts_at: at("2026-03-10T09:00:00Z"),
            duration_minutes: 90,
            place: Some("Mantova, via dei Toscani 1".into()),
            online_link: None,
            sent_at: at("2026-03-02T10:00:00Z"),
            notice: 2,
            required_days: 5,
            quorum: Some(8),
            present: 0,
            quorate: false,
        };
        let deadline = Deadline {
            id: Uuid::nil(),
            kind: DeadlineKind::ProjectCallCloses,
            title: title.into(),
            due_at: at("2026-04-30T10:00:00Z"),
            stamped_at: at("2026-03-02T10:00:00Z"),
        };
        Entries { meetings: vec![meeting], deadlines: vec![deadline] }
    }

    #[test]
    fn lines_end_in_crlf_and_are_folded_at_75_octets_on_characters() {
        let title = "Conciliazione, città e tempi: perché à è ì ò ù ".repeat(12);
        let text = calendar("ATS-VALPADANA", &entries(&title));
        assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        let escaped = title.replace(',', "\\,");
        assert!(unfolded.contains(&format!("SUMMARY:Scadenza bando: {escaped}\r\n")), "{unfolded}");
    }

    #[test]
    fn a_meeting_keeps_its_identifier_and_tells_its_revision_and_end() {
        let text = calendar("ATS-VALPADANA", &entries("x")).replace("\r\n ", "");
        for line in [
            "UID:meeting-00000000-0000-0000-0000-000000000000@ats-valpadana.concilia",
            "DTSTAMP:20260302T100000Z",
            "DTSTART:20260310T090000Z",
            "DTEND:20260310T103000Z",
            "SEQUENCE:3",
            "STATUS:CANCELLED",
            "LOCATION:Mantova\\, via dei Toscani 1",
            "SUMMARY:Comitato di programmazione\\, valutazione e monitoraggio\\; sede di Mantova",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
        }
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n"));
    }
}
