//! Who gets a place at an event.

use super::states::SignUpState;

/// The state of each of `asked` people who sign up now, in their order. Nobody passes those who wait already.
pub fn place(capacity: i32, taken: i32, waiting: i32, asked: usize) -> Vec<SignUpState> {
    let free = if waiting > 0 { 0 } else { usize::try_from(capacity - taken).unwrap_or(0) };
    (0..asked).map(|at| if at < free { SignUpState::Confirmed } else { SignUpState::Waiting }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_to_ask_get_the_places_left() {
        use SignUpState::{Confirmed, Waiting};
        assert_eq!(place(10, 8, 0, 3), [Confirmed, Confirmed, Waiting]);
        assert_eq!(place(10, 10, 0, 1), [Waiting]);
        assert_eq!(place(10, 8, 1, 1), [Waiting], "someone waits already");
    }

    proptest! {
        #[test]
        fn places_are_never_oversold(capacity in 1_i32..50, taken in 0_i32..50, waiting in 0_i32..3, asked in 0_usize..30) {
            let taken = taken.min(capacity);
            let states = place(capacity, taken, waiting, asked);
            let confirmed = states.iter().filter(|state| **state == SignUpState::Confirmed).count();
            prop_assert_eq!(states.len(), asked);
            prop_assert!(taken + i32::try_from(confirmed).unwrap() <= capacity);
            // Whoever waits does so because every place is gone, or after others who wait.
            prop_assert!(confirmed == asked || waiting > 0 || taken + i32::try_from(confirmed).unwrap() == capacity);
            prop_assert!(states.is_sorted_by_key(|state| *state == SignUpState::Waiting));
        }
    }
}
