//! The decree's table as a workbook: amounts are numbers, sums are formulas.

use super::contents::Contents;
use super::standing;
use super::table::{bands_table, explanation, sheet_table};
use concilia_documents::{Column, Sheet, Table, Workbook, dated};
use concilia_kernel::language::Language;

pub(super) fn workbook(contents: &Contents) -> Workbook {
    let mut allocated = Sheet::new("Riparto", sheet_table(&contents.rows));
    allocated.lines = heading(contents);
    let mut sheets = vec![allocated];
    sheets.extend(bands_table(&contents.run).map(|table| Sheet::new("Fasce", table)));
    sheets.push(Sheet::new("Criteri", criteria(contents)));
    Workbook {
        language: Language::Italian,
        title: contents.call.title.clone(),
        agency: contents.territory.name.clone(),
        date: contents.day(),
        sheets,
    }
}

fn heading(contents: &Contents) -> Vec<String> {
    let run = &contents.run;
    let mut lines = vec![
        format!("Riparto delle risorse: {}", contents.call.title),
        contents.plan.title.clone(),
        contents.territory.name.clone(),
    ];
    if let (Some(act), Some(date)) = (&run.act, run.act_date) {
        lines.push(format!("Approvato con {}", dated(Language::Italian, act, date)));
    }
    lines.extend(standing(run.state).map(|standing| format!("{standing}: questo calcolo non è in vigore")));
    lines
}

fn criteria(contents: &Contents) -> Table {
    let mut table = Table::new(vec![Column::text("Come si è calcolato")]);
    for sentence in explanation(&contents.run) {
        table.row([sentence.into()]);
    }
    table
}
