//! How failed attempts are slowed: some are free, then each doubles the wait, and time forgives.

use chrono::{DateTime, Duration, TimeDelta, Utc};

/// What one kind of subject is allowed.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Failures that cost nothing.
    pub free: i32,
    /// Wait after the last free failure, in seconds; doubled by each further one.
    pub first_wait: i64,
    /// Longest wait, in seconds.
    pub longest_wait: i64,
    /// One failure is forgotten each time this many seconds pass without another.
    pub forgiven_every: i64,
}

/// A person mistypes a password a few times; whoever guesses gets some ninety attempts a day.
pub const ACCOUNT: Limits = Limits { free: 5, first_wait: 2, longest_wait: 900, forgiven_every: 900 };

/// A whole school or office may stand behind one address.
pub const ADDRESS: Limits = Limits { free: 50, first_wait: 1, longest_wait: 30, forgiven_every: 60 };

/// Failures counted so far, and since when they wait to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub failures: i32,
    pub last_failure: DateTime<Utc>,
}

impl Limits {
    /// The count after one more failure at `now`, and the instant before which no attempt is heard.
    pub fn fail(self, before: Option<Count>, now: DateTime<Utc>) -> (Count, DateTime<Utc>) {
        let remembered = before.map_or(0, |count| self.remembered(count, now));
        let failures = remembered.saturating_add(1);
        (Count { failures, last_failure: now }, now + self.wait(failures))
    }

    fn remembered(self, count: Count, now: DateTime<Utc>) -> i32 {
        let forgiven = (now - count.last_failure).num_seconds().max(0) / self.forgiven_every;
        count.failures.saturating_sub(i32::try_from(forgiven).unwrap_or(i32::MAX)).max(0)
    }

    fn wait(self, failures: i32) -> TimeDelta {
        let Ok(doublings) = u32::try_from(failures - self.free) else { return Duration::zero() };
        let seconds = self.first_wait.saturating_mul(2_i64.saturating_pow(doublings)).min(self.longest_wait);
        Duration::seconds(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant() -> DateTime<Utc> {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    fn waits(limits: Limits, attempts: usize) -> Vec<i64> {
        let now = instant();
        let mut count = None;
        (0..attempts)
            .map(|_| {
                let (next, blocked_until) = limits.fail(count, now);
                count = Some(next);
                (blocked_until - now).num_seconds()
            })
            .collect()
    }

    #[test]
    fn the_first_failures_are_free_and_the_wait_doubles_to_its_limit() {
        assert_eq!(waits(ACCOUNT, 8), [0, 0, 0, 0, 2, 4, 8, 16]);
        assert_eq!(waits(ACCOUNT, 30).last(), Some(&900));
        assert_eq!(waits(ADDRESS, 49).iter().max(), Some(&0));
        assert_eq!(waits(ADDRESS, 51)[49..], [1, 2]);
    }

    #[test]
    fn time_forgives() {
        let count = Some(Count { failures: 6, last_failure: instant() });
        let after = |seconds| ACCOUNT.fail(count, instant() + Duration::seconds(seconds)).0.failures;
        assert_eq!((after(0), after(899), after(900), after(1800)), (7, 7, 6, 5));
        assert_eq!(after(1_000_000_000), 1);
    }

    proptest! {
        #[test]
        fn no_history_waits_longer_than_the_limit_or_less_than_nothing(
            failures in 0..i32::MAX, gap in -1_000_000_i64..1_000_000_000,
        ) {
            for limits in [ACCOUNT, ADDRESS] {
                let count = Count { failures, last_failure: instant() };
                let now = instant() + Duration::seconds(gap);
                let (next, blocked_until) = limits.fail(Some(count), now);
                prop_assert!(next.failures >= 1);
                prop_assert!((0..=limits.longest_wait).contains(&(blocked_until - now).num_seconds()));
            }
        }
    }
}
