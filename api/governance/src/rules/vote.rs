//! How a vote is decided.

use concilia_kernel::text_enum;

text_enum! {
    /// A vote.
    pub enum Choice {
        /// Yes.
        InFavour = "in_favour",
        /// No.
        Against = "against",
        /// Neither; as one who is present and does not vote.
        Abstain = "abstain",
    }
}

text_enum! {
    /// Why a motion was carried or rejected.
    pub enum VoteBasis {
        /// More than half of those present were in favour.
        Majority = "majority",
        /// Half of those present or fewer were in favour.
        NoMajority = "no_majority",
        /// As many in favour as against, and the chair's vote decided.
        CastingVote = "casting_vote",
        /// As many in favour as against, and no vote of the chair in favour or against.
        Tie = "tie",
    }
}

/// The votes on a motion. The recused are not among those present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub present: usize,
    pub in_favour: usize,
    pub against: usize,
    /// The vote of the chair's seat, when it was present, not recused, and voted.
    pub chair: Option<Choice>,
}

/// Whether the motion is carried, and why. A majority is more than half of those present, so to abstain or not to vote
/// counts against; when as many are in favour as against, the chair's vote decides.
pub fn decide(tally: Tally) -> (bool, VoteBasis) {
    if tally.in_favour * 2 > tally.present {
        return (true, VoteBasis::Majority);
    }
    if tally.in_favour != tally.against {
        return (false, VoteBasis::NoMajority);
    }
    match tally.chair {
        Some(Choice::InFavour) => (true, VoteBasis::CastingVote),
        Some(Choice::Against) => (false, VoteBasis::CastingVote),
        Some(Choice::Abstain) | None => (false, VoteBasis::Tie),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally(present: usize, in_favour: usize, against: usize, chair: Option<Choice>) -> (bool, VoteBasis) {
        decide(Tally { present, in_favour, against, chair })
    }

    #[test]
    fn more_than_half_of_those_present_must_be_in_favour() {
        assert_eq!(tally(9, 5, 4, Some(Choice::Against)), (true, VoteBasis::Majority));
        assert_eq!(tally(9, 4, 0, Some(Choice::InFavour)), (false, VoteBasis::NoMajority));
        assert_eq!(tally(8, 4, 3, Some(Choice::InFavour)), (false, VoteBasis::NoMajority));
        assert_eq!(tally(1, 1, 0, Some(Choice::InFavour)), (true, VoteBasis::Majority));
    }

    #[test]
    fn a_tie_goes_to_the_chair() {
        assert_eq!(tally(8, 4, 4, Some(Choice::InFavour)), (true, VoteBasis::CastingVote));
        assert_eq!(tally(8, 4, 4, Some(Choice::Against)), (false, VoteBasis::CastingVote));
        assert_eq!(tally(9, 4, 4, Some(Choice::Abstain)), (false, VoteBasis::Tie));
        assert_eq!(tally(8, 4, 4, None), (false, VoteBasis::Tie));
        assert_eq!(tally(8, 0, 0, None), (false, VoteBasis::Tie));
        assert_eq!(tally(0, 0, 0, None), (false, VoteBasis::Tie));
        assert_eq!(tally(8, 3, 3, Some(Choice::InFavour)), (true, VoteBasis::CastingVote));
    }

    fn votes() -> impl Strategy<Value = Vec<Option<Choice>>> {
        prop::collection::vec(prop::option::of(prop::sample::select(Choice::ALL)), 0..30)
    }

    /// The first seat is the chair's.
    fn of(votes: &[Option<Choice>]) -> Tally {
        let count = |choice| votes.iter().filter(|vote| **vote == Some(choice)).count();
        Tally {
            present: votes.len(),
            in_favour: count(Choice::InFavour),
            against: count(Choice::Against),
            chair: votes.first().copied().flatten(),
        }
    }

    proptest! {
        #[test]
        fn what_is_carried_has_no_more_against_than_in_favour(votes in votes()) {
            let tally = of(&votes);
            let (carried, basis) = decide(tally);
            if carried {
                prop_assert!(tally.in_favour >= tally.against && tally.in_favour > 0);
            }
            prop_assert_eq!(basis == VoteBasis::Majority, carried && basis != VoteBasis::CastingVote);
        }

        #[test]
        fn one_more_in_favour_never_undoes_a_majority(votes in votes(), at in 0_usize..30) {
            let before = decide(of(&votes)) == (true, VoteBasis::Majority);
            let mut changed = votes;
            if let Some(vote) = changed.get_mut(at) {
                *vote = Some(Choice::InFavour);
            }
            prop_assert!(!before || decide(of(&changed)) == (true, VoteBasis::Majority));
        }

        #[test]
        fn to_abstain_weighs_as_not_voting(votes in votes()) {
            let silent: Vec<_> = votes.iter().map(|vote| vote.filter(|choice| *choice != Choice::Abstain)).collect();
            prop_assert_eq!(decide(of(&votes)), decide(of(&silent)));
        }
    }
}
