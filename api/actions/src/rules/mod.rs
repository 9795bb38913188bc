//! Pure rules: states, money, places, attendance, answers.

pub mod answers;
pub mod attendance;
pub mod disclosure;
pub mod kinds;
pub mod places;
pub mod states;
