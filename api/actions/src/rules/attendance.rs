//! Who has attended enough of an event for a certificate.

use concilia_kernel::Ratio;
use rust_decimal::Decimal;

/// Whether `attended` minutes of `total` reach the share. Exact: no division, so no rounding.
pub fn is_enough(attended: i64, total: i64, share: Ratio) -> bool {
    attended > 0 && Decimal::from(attended) >= share.decimal() * Decimal::from(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(hundredths: i64) -> Ratio {
        Ratio::hundredths(hundredths).unwrap()
    }

    #[test]
    fn three_meetings_of_four_are_three_quarters() {
        assert!(is_enough(360, 480, share(75)));
        assert!(!is_enough(359, 480, share(75)));
        assert!(is_enough(1, 3, Ratio::ten_thousandths(3_333).unwrap()));
        assert!(!is_enough(1, 3, Ratio::ten_thousandths(3_334).unwrap()));
        assert!(!is_enough(0, 480, share(1)), "nobody who was never there");
    }

    proptest! {
        #[test]
        fn more_hours_never_hurt(attended in 0_i64..1000, more in 0_i64..1000, total in 1_i64..2000, part in 1_i64..=10_000) {
            let ratio = Ratio::ten_thousandths(part).unwrap();
            prop_assert!(!is_enough(attended, total, ratio) || is_enough(attended + more, total, ratio));
            prop_assert!(is_enough(total, total, ratio));
        }
    }
}
