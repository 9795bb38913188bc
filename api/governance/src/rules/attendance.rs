//! Who of a seat's two people takes it.

use concilia_kernel::text_enum;

text_enum! {
    /// In what capacity somebody attends.
    pub enum Capacity {
        /// Holds the seat.
        Titular = "titular",
        /// Takes the seat in the titular's absence.
        Substitute = "substitute",
        /// Speaks for an organisation of the assembly or of a working group.
        Delegate = "delegate",
    }
}

/// What a change of attendance does to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is as said already.
    Nothing,
    /// Who is there leaves.
    Leaves,
    /// Somebody comes.
    Arrives,
    /// The titular comes, and the substitute leaves the seat to them.
    TakesOver,
}

/// The substitute is refused while the titular is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TitularIsPresent;

/// What follows when `who` is said to be present or not, given who is there now.
pub fn change(now: Option<Capacity>, who: Capacity, present: bool) -> Result<Change, TitularIsPresent> {
    use Capacity::{Substitute, Titular};
    Ok(match (now, present) {
        (Some(there), true) if there == who => Change::Nothing,
        (Some(there), false) if there == who => Change::Leaves,
        (_, false) => Change::Nothing,
        (None, true) => Change::Arrives,
        (Some(Titular), true) if who == Substitute => return Err(TitularIsPresent),
        (Some(_), true) => Change::TakesOver,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_substitute_takes_the_seat_only_in_the_titulars_absence() {
        use Capacity::{Substitute, Titular};
        assert_eq!(change(None, Substitute, true), Ok(Change::Arrives));
        assert_eq!(change(Some(Titular), Substitute, true), Err(TitularIsPresent));
        assert_eq!(change(Some(Substitute), Titular, true), Ok(Change::TakesOver));
        assert_eq!(change(Some(Substitute), Substitute, false), Ok(Change::Leaves));
        assert_eq!(change(Some(Titular), Substitute, false), Ok(Change::Nothing));
        assert_eq!(change(Some(Titular), Titular, true), Ok(Change::Nothing));
    }

    proptest! {
        #[test]
        fn whatever_is_recorded_one_person_at_most_has_the_seat(
            said in prop::collection::vec((prop::sample::select(&[Capacity::Titular, Capacity::Substitute][..]), any::<bool>()), 0..40)
        ) {
            let mut there: Option<Capacity> = None;
            for (who, present) in said {
                let before = there;
                match change(there, who, present) {
                    Ok(Change::Nothing) | Err(TitularIsPresent) => {}
                    Ok(Change::Leaves) => there = None,
                    Ok(Change::Arrives | Change::TakesOver) => there = Some(who),
                }
                if before == Some(Capacity::Titular) {
                    prop_assert_ne!(there, Some(Capacity::Substitute), "never straight from titular to substitute");
                }
                if present && who == Capacity::Titular {
                    prop_assert_eq!(there, Some(Capacity::Titular));
                }
            }
        }
    }
}
