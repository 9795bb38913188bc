//! How long before a meeting its invitations are sent.

use chrono::{DateTime, Duration, SubsecRound, Utc};
use concilia_kernel::clock::italian_day;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem};

/// Whole days from sending to the meeting, as calendars in Italy count them: the day of sending not counted, the
/// meeting's counted.
pub fn days_between(sent: DateTime<Utc>, starts: DateTime<Utc>) -> i64 {
    (italian_day(starts) - italian_day(sent)).num_days()
}

/// Invitations that went out by other means are entered within so many days.
const ENTERED_WITHIN: i64 = 90;

/// When invitations were sent: now, unless they went out by other means before.
pub fn sending(told: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    let Some(sent) = told.map(|sent| sent.trunc_subsecs(6)) else { return Ok(now) };
    let error = |code| FieldError::pointer("/sent_at", code).value(sent.to_rfc3339());
    if sent > now {
        return Err(Problem::new(Code::ValidationFailed).with_error(error("in_future")));
    }
    if sent < now - Duration::days(ENTERED_WITHIN) {
        let text = Text::new(
            format!("più di {ENTERED_WITHIN} giorni prima dell'inserimento"),
            format!("more than {ENTERED_WITHIN} days before it is entered"),
        );
        return Err(Problem::new(Code::ValidationFailed).with_error(error("range").explain(&text)));
    }
    Ok(sent)
}

/// Refuses a meeting that is past, or nearer than the notice its body must have.
pub fn check_notice(
    sent: DateTime<Utc>,
    (now, starts): (DateTime<Utc>, DateTime<Utc>),
    required: i16,
) -> Result<(), Problem> {
    if starts <= now {
        return Err(Problem::invalid("/starts_at", "in_past"));
    }
    let given = days_between(sent, starts);
    if given >= required.into() {
        return Ok(());
    }
    let text = Text::new(
        format!("preavviso di {given} giorni: ne servono almeno {required}"),
        format!("{given} days' notice: at least {required} are needed"),
    );
    let error = FieldError::pointer("/starts_at", "notice_too_short").value(starts.to_rfc3339()).explain(&text);
    Err(Problem::new(Code::NoticeTooShort).with_error(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_of_sending_is_not_counted_and_the_meetings_is() {
        let sent = at("2026-03-01T23:59:59+01:00");
        assert_eq!(days_between(sent, at("2026-03-06T00:00:00+01:00")), 5);
        assert!(check_notice(sent, (sent, at("2026-03-06T00:00:00+01:00")), 5).is_ok());
        let short = check_notice(sent, (sent, at("2026-03-05T23:59:59+01:00")), 5).unwrap_err();
        assert_eq!(short.code(), Code::NoticeTooShort);
        // 1 March 00:30 in Rome is still 28 February in UTC: people there have sent it in March.
        assert_eq!(days_between(at("2026-03-01T00:30:00+01:00"), at("2026-03-06T09:00:00Z")), 5);
        // Clocks go forward on 29 March: the fifth day begins an hour earlier.
        assert_eq!(days_between(at("2026-03-27T10:00:00Z"), at("2026-03-31T22:00:00Z")), 5);
        assert_eq!(days_between(at("2026-03-27T10:00:00Z"), at("2026-03-31T21:59:59Z")), 4);
    }

    #[test]
    fn no_meeting_is_convened_in_the_past_even_without_a_notice() {
        let now = at("2026-03-01T10:00:00Z");
        assert!(check_notice(now, (now, now + Duration::seconds(1)), 0).is_ok());
        for past in [now, now - Duration::seconds(1)] {
            assert_eq!(
                check_notice(now - Duration::days(9), (now, past), 0).unwrap_err().code(),
                Code::ValidationFailed
            );
        }
    }

    #[test]
    fn invitations_sent_by_other_means_count_from_their_day() {
        let now = at("2026-03-10T10:00:00Z");
        assert_eq!(sending(None, now).unwrap(), now);
        let sent = sending(Some(at("2026-03-05T10:00:00Z")), now).unwrap();
        assert!(check_notice(sent, (now, now + Duration::minutes(20)), 5).is_ok());
        assert!(check_notice(sent, (now, now + Duration::minutes(20)), 6).is_err());
        assert!(sending(Some(now - Duration::days(90)), now).is_ok());
        for bad in [now + Duration::seconds(1), now - Duration::days(90) - Duration::seconds(1)] {
            assert_eq!(sending(Some(bad), now).unwrap_err().code(), Code::ValidationFailed);
        }
    }

    proptest! {
        #[test]
        fn more_time_never_makes_a_notice_too_short(seconds in 1_i64..5_000_000, more in 0_i64..5_000_000, days in 0_i16..60) {
            let sent = at("2026-03-01T10:00:00Z");
            let starts = sent + Duration::seconds(seconds);
            if check_notice(sent, (sent, starts), days).is_ok() {
                prop_assert!(check_notice(sent, (sent, starts + Duration::seconds(more)), days).is_ok());
                prop_assert!(italian_day(starts) >= italian_day(sent) + Duration::days(days.into()));
            }
        }
    }
}
