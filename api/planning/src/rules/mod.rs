//! Pure rules of planning: no database, no clock.

pub mod calendar_picture;
pub mod changes;
pub mod check;
pub mod intervention_type;
pub mod month;
pub mod plan_years;
pub mod project_state;
