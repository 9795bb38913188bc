//! The figures as a table: the same for CSV, sheets and reports.

use crate::rules::IndicatorUnit;
use crate::value::{Figure, spoken};
use concilia_documents::{Cell, Column, Table};
use concilia_kernel::Money;
use concilia_kernel::problem::Text;
use rust_decimal::Decimal;

fn word(it: &str, en: &str) -> String {
    spoken(Text::new(it, en))
}

/// A number as its unit is written.
pub(crate) fn cell(value: Decimal, unit: IndicatorUnit) -> Cell {
    match unit {
        IndicatorUnit::Count => Cell::Number(value.normalize()),
        IndicatorUnit::Money => Cell::Money(Money::rounded(value)),
    }
}

/// A figure's share as percentages are written.
pub(crate) fn share_cell(figure: &Figure) -> Cell {
    figure.share().map_or(Cell::Empty, |share| Cell::Percent(share * Decimal::ONE_HUNDRED))
}

/// Every figure, a row each.
pub(crate) fn whole(figures: &[Figure]) -> Table {
    let mut table = Table::new(vec![
        Column::text(word("Progetto", "Project")),
        Column::text(word("Indicatore", "Indicator")).share(3),
        Column::text(word("Dettaglio", "Detail")).share(3),
        Column::text(word("Numeratore", "Numerator")).share(2),
        Column::number(word("Valore", "Value"), 2),
        Column::text(word("Denominatore", "Denominator")).share(2),
        Column::number(word("Su", "Of"), 2),
        Column::percent(word("Quota", "Share")),
    ])
    .empty(word("Nessun indicatore.", "No indicator."));
    for figure in figures {
        let definition = figure.indicator.definition();
        let of = figure.denominator.and(definition.denominator).map_or_else(String::new, spoken);
        table.row([
            figure.project.as_ref().map_or_else(String::new, |project| project.reference.clone()).into(),
            spoken(definition.title).into(),
            detail(figure).into(),
            spoken(definition.numerator).into(),
            Cell::Number(figure.numerator),
            of.into(),
            figure.denominator.map_or(Cell::Empty, Cell::Number),
            share_cell(figure),
        ]);
    }
    table
}

/// The part a figure is of, in words.
pub(crate) fn detail(figure: &Figure) -> String {
    match figure.dimension.as_str() {
        "all" => word("totale", "all"),
        kind => kind_title(kind).unwrap_or_else(|| figure.dimension_title.clone()),
    }
}

/// The name of a kind of organisation, in the caller's language.
pub(crate) fn kind_title(kind: &str) -> Option<String> {
    kind_text(kind).map(spoken)
}

/// The name of a kind of organisation.
pub(crate) fn kind_text(kind: &str) -> Option<Text> {
    let (it, en) = match kind {
        "territorial_area_or_agency" => ("Ambiti territoriali e aziende", "Territorial areas and agencies"),
        "employers_association" => ("Associazioni datoriali", "Employers' associations"),
        "trade_union" => ("Organizzazioni sindacali", "Trade unions"),
        "public_body" => ("Enti pubblici", "Public bodies"),
        "education" => ("Istruzione e formazione", "Education"),
        "nonprofit" => ("Terzo settore", "Non-profit"),
        "company" => ("Imprese", "Companies"),
        _ => return None,
    };
    Some(Text::new(it, en))
}
