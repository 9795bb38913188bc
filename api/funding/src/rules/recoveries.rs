//! What the lead gives back, day by day.

use chrono::NaiveDate;
use concilia_kernel::Money;

/// Money that moved on a day.
pub type Movement = (NaiveDate, Money);

/// The first day by which more came back than was paid, if there is one.
pub fn first_uncovered_day(paid: &[Movement], back: &[Movement]) -> Option<NaiveDate> {
    let until =
        |moved: &[Movement], day| moved.iter().filter(|(on, _)| *on <= day).map(|(_, sum)| *sum).sum::<Money>();
    back.iter().map(|(day, _)| *day).filter(|day| until(back, *day) > until(paid, *day)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: u32, cents: i64) -> Movement {
        (NaiveDate::from_ymd_opt(2021, 3, day).unwrap(), Money::from_cents(cents))
    }

    #[test]
    fn nothing_comes_back_before_it_was_paid() {
        let paid = [on(5, 100), on(20, 900)];
        for (back, first) in [
            (vec![], None),
            (vec![on(5, 100)], None),
            (vec![on(4, 1)], Some(4)),
            (vec![on(5, 101)], Some(5)),
            (vec![on(20, 1000)], None),
            // What came back later is not paid for by what is entered now as earlier.
            (vec![on(19, 60), on(6, 41)], Some(19)),
            (vec![on(19, 60), on(6, 40)], None),
        ] {
            assert_eq!(first_uncovered_day(&paid, &back), first.map(|day| on(day, 0).0), "{back:?}");
        }
    }
}
