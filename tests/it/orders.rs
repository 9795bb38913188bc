//! Family plans and orders: what they cost and hold, and what happens when everyone wants the same at once.

mod accreditation;
mod market;
mod moves;
mod plans;
mod races;
mod together;
