//! When a committee may decide.

use chrono::{DateTime, Utc};

/// Seats that must be represented: half of them, rounded down, and one.
pub fn quorum(seats: usize) -> usize {
    seats / 2 + 1
}

/// The most that were there together; a stay without an end lasts. A stay that ends as another begins does not overlap it.
pub fn most_together(stays: &[(DateTime<Utc>, Option<DateTime<Utc>>)]) -> usize {
    let together =
        |at: DateTime<Utc>| stays.iter().filter(|(from, to)| *from <= at && to.is_none_or(|to| to > at)).count();
    stays.iter().map(|(from, _)| together(*from)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    #[test]
    fn a_quorum_is_half_and_one() {
        let expected = [(1, 1), (2, 2), (3, 2), (4, 3), (14, 8), (15, 8), (16, 9)];
        assert!(expected.iter().all(|(seats, needed)| quorum(*seats) == *needed));
    }

    #[test]
    fn those_who_came_and_went_are_counted_while_they_were_there() {
        let at = |minutes| DateTime::UNIX_EPOCH + Duration::minutes(minutes);
        let stay = |from, to: Option<i64>| (at(from), to.map(at));
        assert_eq!(most_together(&[]), 0);
        assert_eq!(most_together(&[stay(0, Some(10)), stay(10, None)]), 1);
        assert_eq!(most_together(&[stay(0, Some(11)), stay(10, None), stay(10, Some(10))]), 2);
    }

    proptest! {
        #[test]
        fn a_quorum_is_a_majority_and_can_be_reached(seats in 1_usize..10_000) {
            prop_assert!(quorum(seats) * 2 > seats);
            prop_assert!(quorum(seats) <= seats);
            prop_assert!((quorum(seats) - 1) * 2 <= seats);
        }
    }
}
