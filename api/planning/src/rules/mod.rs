//! Pure rules of planning: no database, no clock.

pub mod intervention_type;
pub mod project_state;
