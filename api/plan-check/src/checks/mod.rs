//! The relations, by section. Each is skipped where a section or a figure that it needs is missing. Where one wrong
//! figure breaks several relations, and the others tell which one it is, it is reported once.

mod allocation;
mod committee;
mod expectations;
mod network;
mod plan;
mod projects;
mod repetitions;

use crate::document::{Document, Figure};
use crate::finding::Findings;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Display;

pub(crate) fn run(document: &Document, findings: &mut Findings) {
    plan::check(document, findings);
    network::check(document, findings);
    committee::check(document, findings);
    repetitions::check(document, findings);
    let books = projects::check(document, findings);
    allocation::check(document, &books, findings);
    expectations::check(document, findings);
}

/// Whether two amounts are the same once cut or rounded to the cent.
fn same_cent(one: Decimal, other: Decimal) -> bool {
    (one - other).abs() < Decimal::new(1, 2)
}

fn to_cents(value: Decimal) -> Decimal {
    let mut cents = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    cents.rescale(2);
    cents
}

/// The value and the place of a figure that is there.
fn known(figure: Option<&Figure>) -> Option<(Decimal, &str)> {
    figure.map(|figure| (figure.value, figure.at.as_str()))
}

/// What a relation leads to, written as one of the figures it is compared with.
fn plain(value: Decimal) -> impl Display {
    let shortest = value.normalize();
    // Scores may have more decimals than amounts.
    if matches!(shortest.scale(), 1 | 2) { to_cents(value) } else { shortest }
}
