//! The printout: numbered steps, and what came of each.

use concilia_client::Money;
use std::fmt::Display;

pub(crate) struct Story {
    steps: u32,
}

impl Story {
    pub(crate) fn new(serial: &str) -> Self {
        println!("The journey of a voucher, run {serial}");
        Self { steps: 0 }
    }

    /// Begins a step: who does what.
    pub(crate) fn step(&mut self, who: &str, what: &str) {
        self.steps += 1;
        println!("\n{:>2}. {who}: {what}", self.steps);
    }

    /// Something that came of the step.
    #[allow(clippy::unused_self, reason = "what is told belongs to a step of the story")]
    pub(crate) fn tell(&self, what: impl Display) {
        println!("    {what}");
    }
}

pub(crate) fn eur(amount: Money) -> String {
    format!("EUR {amount}")
}
