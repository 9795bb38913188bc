//! Variations of a project under way: asked for by the lead, decided by the agency.

pub mod approve_project_variation;
pub mod list_project_variations;
pub mod refuse_project_variation;
pub mod request_project_variation;
mod variation;

pub use variation::ProjectVariation;
