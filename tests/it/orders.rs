//! Family plans and orders: what they cost and hold, and what happens when everyone wants the same at once.

mod accreditation;
mod count;
mod market;
mod moves;
mod notes;
mod plans;
mod races;
mod reads;
mod together;
