//! The calls of the plan: how proposals were judged, and how the money was shared out.

use super::{Call, Data, by_act, day, euro, period};
use concilia_allocation::decree::{bands_table, explanation, projects_table, reductions_table};
use concilia_documents::{Block, Cell, Column, Table, counted, elided, percent};
use concilia_kernel::Ratio;
use concilia_kernel::clock::italian_day;
use concilia_planning::ProjectCall;
use rust_decimal::Decimal;

pub(super) fn blocks(data: &Data) -> Vec<Block> {
    let mut blocks = vec![];
    if !data.calls.is_empty() {
        blocks.push(Block::heading(1, "Le manifestazioni di interesse e il riparto"));
    }
    for call in &data.calls {
        blocks.push(Block::heading(2, format!("Avviso n. {}. {}", call.call.number, call.call.title)));
        blocks.push(Block::KeyValues(particulars(&call.call)));
        blocks.push(Block::Table(grid(&call.call)));
        blocks.extend(allocation(call));
    }
    blocks
}

fn particulars(call: &ProjectCall) -> Vec<(String, Cell)> {
    let limit = |share: Ratio| elided("il", &percent(super::ITALIAN, share.decimal() * Decimal::ONE_HUNDRED));
    let document = &call.address_document;
    let mut pairs = vec![
        ("Indirizzo", by_act(&document.act, document.date)),
        ("Risorse", euro(call.budget)),
        ("Presentazione", period(italian_day(call.opens_at), italian_day(call.closes_at))),
        ("Coordinamento", format!("al massimo {} del costo", limit(call.coordination_limit))),
        ("Cofinanziamento", format!("almeno {} del costo", limit(call.cofinancing_minimum))),
    ];
    for extension in &call.extensions.0 {
        let until = elided("al", &day(italian_day(extension.closes_at)));
        pairs.push(("Proroga", format!("{until}, con {}", by_act(&extension.act, extension.act_date))));
    }
    if let Some(most) = call.maximum_grant {
        pairs.push(("Contributo massimo", euro(most)));
    }
    pairs.into_iter().map(|(label, value)| (label.to_owned(), Cell::Text(value))).collect()
}

fn grid(call: &ProjectCall) -> Table {
    let mut table =
        Table::new(vec![Column::text("Criterio").share(4), Column::number("Punti al massimo", 2).summed()])
            .caption("Griglia di valutazione")
            .total("Totale");
    for criterion in &call.criteria.0 {
        table.row([criterion.title.clone().into(), Cell::Number(criterion.maximum.decimal())]);
    }
    table
}

/// The table that the decree approved; nothing before.
fn allocation(call: &Call) -> Vec<Block> {
    let Some((run, rows)) = &call.allocation else { return vec![] };
    let mut blocks = vec![Block::heading(3, "Valutazione e riparto delle risorse")];
    if let (Some(act), Some(date)) = (&run.act, run.act_date) {
        blocks.push(Block::paragraph(format!(
            "Con {} l'Agenzia ha assegnato {} a {} su {}.",
            by_act(act, date),
            euro(run.assigned_grant),
            counted(run.funded, "progetto", "progetti"),
            counted(run.projects, "valutato", "valutati")
        )));
    }
    blocks.push(Block::list(explanation(run)));
    let tables = bands_table(run).into_iter().chain([projects_table(rows)]).chain(reductions_table(rows));
    blocks.push(Block::Landscape(tables.map(Block::Table).collect()));
    blocks
}
