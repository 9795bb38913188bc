use crate::MembershipState;
use concilia_kernel::transition::StateMachine;

pub const MEMBERSHIP: StateMachine<MembershipState> = StateMachine {
    aggregate: "membership",
    moves: &[
        (MembershipState::Requested, MembershipState::Admitted),
        (MembershipState::Requested, MembershipState::Refused),
        (MembershipState::Admitted, MembershipState::Withdrawn),
        (MembershipState::Admitted, MembershipState::Excluded),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use MembershipState::{Admitted, Excluded, Refused, Requested, Withdrawn};

    #[test]
    fn a_membership_only_moves_on() {
        let allowed = [(Requested, Admitted), (Requested, Refused), (Admitted, Withdrawn), (Admitted, Excluded)];
        for from in MembershipState::ALL {
            for to in MembershipState::ALL {
                let refused = MEMBERSHIP.check(*from, *to).is_err();
                assert_eq!(refused, !allowed.contains(&(*from, *to)), "{from} to {to}");
            }
        }
    }
}
