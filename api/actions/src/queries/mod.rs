//! The statements of this context; every one takes the territory, but for what is public.

pub mod actions;
pub mod attendance;
pub mod certificates;
pub mod company_paths;
pub mod events;
pub mod figures;
pub mod meetings;
pub mod participations;
pub mod payments;
pub mod questionnaires;
pub mod results;
pub mod sign_ups;
