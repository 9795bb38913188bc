//! The tables of an allocation, and how it came about in words.

use crate::allocations::get_allocation_explanation::run_steps;
use crate::allocations::{Allocation, AllocationRow};
use crate::rules::explain;
use crate::rules::plan::AllocationOutcome;
use concilia_documents::{Cell, Column, Table};
use concilia_kernel::Ratio;
use rust_decimal::Decimal;

/// What became of a project that got nothing, or that it was funded.
fn outcome(outcome: AllocationOutcome) -> &'static str {
    match outcome {
        AllocationOutcome::Funded => "finanziato",
        AllocationOutcome::BelowMinimumScore => "sotto il punteggio minimo",
        AllocationOutcome::BelowLowestBand => "sotto l'ultima fascia",
        AllocationOutcome::BudgetExhausted => "risorse esaurite",
        AllocationOutcome::NothingDue => "nessun importo dovuto",
    }
}

fn percent(share: Ratio) -> Cell {
    Cell::Percent(share.decimal() * Decimal::ONE_HUNDRED)
}

fn lowered(row: &AllocationRow) -> bool {
    row.admissible_amount < row.requested_grant
}

/// The projects of a run by score, with what each got and the sums. What no project has is left out: bands, admissible
/// amounts below the request, a residue, projects that got nothing.
pub fn projects_table(rows: &[AllocationRow]) -> Table {
    let bands = rows.iter().any(|row| row.band.is_some());
    let percentages = rows.iter().any(|row| row.percentage.is_some());
    let reductions = rows.iter().any(lowered);
    let residues = rows.iter().any(|row| row.residue_share.is_positive());
    let refusals = rows.iter().any(|row| row.outcome != AllocationOutcome::Funded);
    let mut columns = vec![
        (true, Column::integer("Pos.")),
        (true, Column::text("Progetto").share(5)),
        (true, Column::text("Capofila").share(4)),
        (true, Column::number("Punti", 2)),
        (bands, Column::integer("Fascia")),
        (percentages, Column::percent("Quota")),
        (true, Column::money("Richiesto").summed()),
        (reductions, Column::money("Ammissibile").summed()),
        (residues, Column::money("Residuo").summed()),
        (true, Column::money("Assegnato").summed()),
        (refusals, Column::text("Esito").share(2)),
    ];
    let shown: Vec<bool> = columns.iter().map(|(shown, _)| *shown).collect();
    let mut table = Table::new(columns.drain(..).filter(|(shown, _)| *shown).map(|(_, column)| column).collect())
        .caption("Progetti in ordine di punteggio e contributo assegnato")
        .total("Totale")
        .empty("Nessun progetto.");
    for row in rows {
        let cells = [
            Cell::Integer(row.position.into()),
            format!("{} {}", row.project.reference, row.project.title).into(),
            row.lead.name.clone().into(),
            Cell::Number(row.score.decimal()),
            row.band.map(i32::from).into(),
            row.percentage.map_or(Cell::Empty, percent),
            row.requested_grant.into(),
            row.admissible_amount.into(),
            row.residue_share.into(),
            row.assigned_grant.into(),
            outcome(row.outcome).into(),
        ];
        let cells = cells.into_iter().zip(&shown).filter(|(_, shown)| **shown).map(|(cell, _)| cell);
        table.cells(cells.collect());
    }
    table
}

/// Everything known of each project, for a sheet: every column, whatever the run.
pub(super) fn sheet_table(rows: &[AllocationRow]) -> Table {
    let mut table = Table::new(vec![
        Column::integer("Posizione"),
        Column::text("Progetto"),
        Column::text("Titolo"),
        Column::text("Capofila"),
        Column::number("Punteggio", 2),
        Column::integer("Fascia"),
        Column::percent("Percentuale"),
        Column::money("Contributo richiesto").summed(),
        Column::money("Importo ammissibile").summed(),
        Column::text("Motivo dell'importo ammissibile"),
        Column::money("Importo prima del residuo").summed(),
        Column::money("Quota del residuo").summed(),
        Column::money("Contributo assegnato").summed(),
        Column::text("Esito"),
    ])
    .total("Totale")
    .empty("Nessun progetto.");
    for row in rows {
        table.row([
            Cell::Integer(row.position.into()),
            row.project.reference.clone().into(),
            row.project.title.clone().into(),
            row.lead.name.clone().into(),
            Cell::Number(row.score.decimal()),
            row.band.map(i32::from).into(),
            row.percentage.map_or(Cell::Empty, percent),
            row.requested_grant.into(),
            row.admissible_amount.into(),
            row.admissible_reason.clone().into(),
            row.base_amount.into(),
            row.residue_share.into(),
            row.assigned_grant.into(),
            outcome(row.outcome).into(),
        ]);
    }
    table
}

/// The projects of which less than the request is admissible, and why; nothing when there is none.
pub fn reductions_table(rows: &[AllocationRow]) -> Option<Table> {
    let mut table = Table::new(vec![
        Column::text("Progetto").share(1),
        Column::money("Richiesto"),
        Column::money("Ammissibile"),
        Column::text("Motivo").share(3),
    ])
    .caption("Importi ammissibili inferiori al richiesto");
    for row in rows.iter().filter(|row| lowered(row)) {
        table.row([
            row.project.reference.clone().into(),
            row.requested_grant.into(),
            row.admissible_amount.into(),
            row.admissible_reason.clone().into(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The sums of each band; nothing in methods without bands.
pub fn bands_table(run: &Allocation) -> Option<Table> {
    let mut table = Table::new(vec![
        Column::text("Fascia"),
        Column::number("Da punti", 2),
        Column::percent("Percentuale"),
        Column::integer("Progetti").summed(),
        Column::money("Richiesto").summed(),
        Column::money("Ammissibile").summed(),
        Column::money("Importo base").summed(),
        Column::money("Residuo").summed(),
        Column::money("Assegnato").summed(),
    ])
    .caption("Fasce di punteggio")
    .total("Totale");
    for band in &run.bands.0 {
        table.row([
            band.band.to_string().into(),
            Cell::Number(band.minimum_score.decimal()),
            percent(band.percentage),
            band.projects.into(),
            band.requested_grant.into(),
            band.admissible_amount.into(),
            band.base_amount.into(),
            band.residue_share.into(),
            band.assigned_grant.into(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The run in sentences, from the budget to what stays unassigned.
pub fn explanation(run: &Allocation) -> Vec<String> {
    explain::run(&run_steps(run)).into_iter().map(|text| with_sign(&text.it)).collect()
}

/// Amounts as the tables beside the sentences write them: "38,40 €" for "EUR 38,40".
fn with_sign(sentence: &str) -> String {
    let mut parts = sentence.split("EUR ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(part.len());
        let amount = part.get(..end).unwrap_or(part).trim_end_matches(['.', ',']);
        out.push_str(amount);
        out.push_str("\u{a0}€");
        out.push_str(part.get(amount.len()..).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_sentences_are_written_as_in_tables() {
        assert_eq!(
            with_sign("Somma: EUR 171.680,00. Residuo di EUR 38,40: resta. Fascia 1, EUR 100.000,00, quota 87%."),
            "Somma: 171.680,00\u{a0}€. Residuo di 38,40\u{a0}€: resta. Fascia 1, 100.000,00\u{a0}€, quota 87%."
        );
        assert_eq!(with_sign("Metodo: per intero."), "Metodo: per intero.");
    }
}
