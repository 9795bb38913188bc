//! When the assembly must answer a request for its opinion.

use super::notice::days_between;
use chrono::{DateTime, Utc};

/// Signatures needed: a quarter of the members, rounded up, and at least one.
pub fn needed(members: i64) -> i64 {
    ((members + 3) / 4).max(1)
}

/// Whether a request is receivable for a meeting: filed that many days before it, counted as those of a notice.
pub fn in_time(filed: DateTime<Utc>, meeting: DateTime<Utc>, days: i16) -> bool {
    filed < meeting && days_between(filed, meeting) >= days.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quarter_is_rounded_up() {
        let expected = [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (159, 40), (160, 40), (161, 41)];
        assert!(expected.iter().all(|(members, signatures)| needed(*members) == *signatures));
    }

    #[test]
    fn fifteen_days_are_counted_as_those_of_a_notice() {
        let meeting: DateTime<Utc> = "2026-03-16T09:00:00Z".parse().unwrap();
        assert!(in_time("2026-03-01T22:59:59Z".parse().unwrap(), meeting, 15));
        assert!(!in_time("2026-03-01T23:00:00Z".parse().unwrap(), meeting, 15));
        assert!(!in_time(meeting, meeting, 0), "not at the meeting itself");
    }

    proptest! {
        #[test]
        fn the_signatures_are_a_quarter_and_no_more_than_needed(members in 1_i64..100_000) {
            let signatures = needed(members);
            prop_assert!(signatures * 4 >= members && (signatures - 1) * 4 < members && signatures <= members);
        }
    }
}
