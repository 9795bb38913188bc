//! How much of a questionnaire's answers its results may hold, so that nobody's answer is read off them.

/// Fewest answers that are shown together.
pub const FEWEST: i32 = 5;

/// How many answers the results hold; `None` while there are too few to hold any.
///
/// `already` is how many they held when last looked at while the questionnaire was open. What two looks differ by is
/// told by their difference, so it is nothing, or at least [`FEWEST`] answers: an open questionnaire shows whole groups
/// of five, and a closed one shows its last few only if that adds five or more to what was seen before.
pub fn shown(answers: i32, already: i32, is_open: bool) -> Option<i32> {
    let whole = answers - answers % FEWEST;
    let held = match (is_open, answers - already) {
        (true, _) => whole,
        (false, more) if already == 0 || more >= FEWEST => answers,
        (false, _) => already,
    };
    (held >= FEWEST).then_some(held)
}

/// The last group of five that `held` of `answers` takes in: all groups where all are held.
pub fn last_group(held: i32, answers: i32) -> i32 {
    if held == answers { i32::MAX } else { held / FEWEST }
}

/// The group of the `nth` answer, from 1.
pub fn group_of(nth: i32) -> i32 {
    (nth - 1) / FEWEST + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_answers_are_too_few_and_five_are_enough() {
        for open in [true, false] {
            assert_eq!(shown(4, 0, open), None);
            assert_eq!(shown(5, 0, open), Some(5));
        }
        assert_eq!(shown(9, 5, true), Some(5));
        assert_eq!(shown(10, 5, true), Some(10));
    }

    #[test]
    fn the_last_few_are_shown_unless_they_could_be_told_apart() {
        assert_eq!(shown(9, 0, false), Some(9), "nobody had looked");
        assert_eq!(shown(9, 5, false), Some(5), "the four that came after the look would stand alone");
        assert_eq!(shown(14, 5, false), Some(14));
    }

    #[test]
    fn groups_are_of_five() {
        let groups: Vec<_> = [1, 5, 6, 10, 11].map(group_of).to_vec();
        assert_eq!(groups, [1, 1, 2, 2, 3]);
        assert_eq!(last_group(10, 12), 2);
        assert_eq!(last_group(12, 12), i32::MAX);
    }

    proptest! {
        /// Answers come in runs; somebody looks after each; in the end it is closed and looked at again.
        #[test]
        fn no_two_looks_differ_by_fewer_than_five(runs in prop::collection::vec((0_i32..8, any::<bool>()), 0..12)) {
            let (mut answers, mut already, mut last) = (0, 0, 0);
            for (run, looks) in runs {
                answers += run;
                if looks && let Some(held) = shown(answers, already, true) {
                    prop_assert!(held == last || held - last >= FEWEST);
                    prop_assert!(held <= answers);
                    (already, last) = (held, held);
                }
            }
            let end = shown(answers, already, false);
            prop_assert_eq!(end.is_some(), answers >= FEWEST);
            if let Some(held) = end {
                prop_assert!(held <= answers && (held == last || held - last >= FEWEST));
                prop_assert_eq!(shown(answers, already, false), Some(held), "looking again shows the same");
            }
        }

        #[test]
        fn what_is_held_is_whole_groups_or_everything(answers in 0_i32..60, looked in 0_i32..60, open in any::<bool>()) {
            let already = looked.min(answers) / FEWEST * FEWEST;
            if let Some(held) = shown(answers, already, open) {
                let in_groups = (1..=answers).filter(|nth| group_of(*nth) <= last_group(held, answers)).count();
                prop_assert_eq!(i32::try_from(in_groups).unwrap(), held);
            }
        }
    }
}
