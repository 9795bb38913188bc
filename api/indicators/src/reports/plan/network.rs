//! The network that carries the plan.

use super::{Data, share};
use crate::table::kind_text;
use concilia_documents::{Block, Cell, Chart, ChartKind, Column, Series, Table, Unit, counted, number, percent};
use concilia_network::{Composition, KindCount};
use rust_decimal::Decimal;

/// Nothing where no organisation has joined yet.
pub(super) fn blocks(data: &Data) -> Vec<Block> {
    let network = &data.composition;
    if network.members == 0 {
        return vec![];
    }
    let part = share(network.in_alliances.into(), network.members.into()).unwrap_or_default();
    vec![
        Block::heading(1, "La rete territoriale"),
        Block::paragraph(format!(
            "{} alla rete {}, di cui {} ({}) nelle alleanze locali.",
            if network.members == 1 { "Aderisce" } else { "Aderiscono" },
            counted(network.members, "ente", "enti"),
            number(super::ITALIAN, network.in_alliances.into(), 0),
            percent(super::ITALIAN, part)
        )),
        Block::Table(table(network)),
        Block::Chart(chart(network)),
    ]
}

fn title(kind: &KindCount) -> String {
    kind_text(kind.kind.as_str()).map_or_else(String::new, |text| text.it)
}

fn table(network: &Composition) -> Table {
    let mut table = Table::new(vec![
        Column::text("Tipologia").share(3),
        Column::integer("Enti aderenti").summed(),
        Column::percent("Quota"),
        Column::integer("In alleanze").summed(),
    ])
    .caption("Enti aderenti per tipologia")
    .total("Totale");
    for kind in &network.by_kind {
        table.row([
            title(kind).into(),
            kind.members.into(),
            share(kind.members.into(), network.members.into()).map_or(Cell::Empty, Cell::Percent),
            kind.in_alliances.into(),
        ]);
    }
    table
}

fn chart(network: &Composition) -> Chart {
    let values = |of: fn(&KindCount) -> i64| network.by_kind.iter().map(|kind| Decimal::from(of(kind))).collect();
    let (inside, outside): (Vec<Decimal>, Vec<Decimal>) =
        (values(|kind| kind.in_alliances), values(|kind| kind.members - kind.in_alliances));
    Chart::new(ChartKind::StackedBars, "Composizione della rete", Unit::Number(0))
        .categories(network.by_kind.iter().map(title))
        .series(Series::new("In alleanze", inside))
        .series(Series::new("Altri aderenti", outside))
        .empty("Nessun ente aderente.")
}
