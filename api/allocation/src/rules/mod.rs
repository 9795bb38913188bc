//! The rules of allocation: pure, exact to the cent, no I/O.

pub mod allocate;
pub mod amounts;
pub mod explain;
pub mod inputs;
pub mod plan;
pub mod portion;
pub mod proposal;
mod residue;
pub mod states;
pub mod suggest;
pub mod terms;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod real_call;
