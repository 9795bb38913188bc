//! How often a body must meet.

use concilia_kernel::text_enum;

text_enum! {
    /// How a yearly duty stands.
    pub enum DutyState {
        /// Enough meetings were held.
        Met = "met",
        /// Enough will have been, if those convened are held.
        Planned = "planned",
        /// Meetings are still to be convened.
        Missing = "missing",
    }
}

/// How the duty of `required` meetings stands.
pub fn duty(required: usize, held: usize, convened: usize) -> DutyState {
    if held >= required {
        DutyState::Met
    } else if held + convened >= required {
        DutyState::Planned
    } else {
        DutyState::Missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_is_met_by_meetings_held_and_planned_by_those_convened() {
        assert_eq!(duty(2, 2, 0), DutyState::Met);
        assert_eq!(duty(2, 1, 1), DutyState::Planned);
        assert_eq!(duty(2, 1, 0), DutyState::Missing);
        assert_eq!(duty(0, 0, 0), DutyState::Met);
    }
}
