//! What the plan is for, and with which money.

use super::{Data, by_act, share, years};
use concilia_documents::{Block, Cell, Chart, ChartKind, Column, Series, Table, Unit};

pub(super) fn blocks(data: &Data) -> Vec<Block> {
    let plan = &data.plan;
    let mut blocks = vec![
        Block::heading(1, "Il piano"),
        Block::paragraph(format!(
            "Il piano territoriale di conciliazione tra famiglia e lavoro attua, {} {}, gli indirizzi dati con \
             {}. {} guida la rete territoriale, sostiene i progetti delle alleanze locali e realizza le azioni \
             di sistema.",
            if plan.from_year == plan.to_year { "nell'anno" } else { "negli anni" },
            years(plan),
            by_act(&plan.address_document.act, plan.address_document.date),
            data.territory.name
        )),
        Block::KeyValues(particulars(data)),
    ];
    blocks.extend(money(data));
    blocks
}

fn particulars(data: &Data) -> Vec<(String, Cell)> {
    let plan = &data.plan;
    let mut pairs = vec![
        ("Capofila della rete".to_owned(), data.territory.name.clone().into()),
        ("Durata".to_owned(), Cell::Text(years(plan))),
        (
            "Documento di indirizzo".to_owned(),
            Cell::Text(by_act(&plan.address_document.act, plan.address_document.date)),
        ),
        ("Risorse".to_owned(), plan.resources.into()),
    ];
    for (label, expected) in
        [("Persone da raggiungere", plan.expected_people), ("Imprese da raggiungere", plan.expected_companies)]
    {
        if expected > 0 {
            pairs.push((label.to_owned(), Cell::Integer(expected.into())));
        }
    }
    if !data.projects.is_empty() {
        let funded = i64::try_from(data.projects.len()).unwrap_or(i64::MAX);
        pairs.push(("Progetti finanziati".to_owned(), Cell::Integer(funded)));
    }
    pairs
}

fn money(data: &Data) -> Vec<Block> {
    let plan = &data.plan;
    let mut table = Table::new(vec![
        Column::text("Destinazione").share(3),
        Column::money("Risorse").summed(),
        Column::percent("Quota"),
    ])
    .caption("Risorse del piano e loro destinazione")
    .total("Totale");
    let parts = [
        ("Progetti delle alleanze locali", plan.local_alliances),
        ("Azioni di sistema dell'Agenzia", plan.system_actions),
    ];
    for (label, amount) in parts {
        let share = share(amount.decimal(), plan.resources.decimal());
        table.row([label.into(), amount.into(), share.map_or(Cell::Empty, Cell::Percent)]);
    }
    let chart = Chart::new(ChartKind::Donut, "Destinazione delle risorse", Unit::Money)
        .categories(parts.map(|(label, _)| label))
        .series(Series::money("Risorse", parts.map(|(_, amount)| amount)))
        .empty("Nessuna risorsa.");
    vec![Block::heading(1, "Le risorse"), Block::Table(table), Block::Chart(chart)]
}
