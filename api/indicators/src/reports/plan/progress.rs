//! How far the plan has come: money spent of what is there, people and companies reached of those expected.

use super::{Data, day, share};
use crate::rules::IndicatorCode as Code;
use crate::value::Figure;
use concilia_documents::{Block, Cell, Chart, ChartKind, Column, Series, Table, Unit, elided};
use concilia_kernel::Money;
use rust_decimal::Decimal;

const SYSTEM: &str = "Azioni di sistema";

/// A line of a table: what it is of, what was reached, of how much.
struct Line {
    label: String,
    reached: Decimal,
    /// `None` where nothing says how much was expected.
    whole: Option<Decimal>,
}

impl Line {
    fn new(label: String) -> Self {
        Self { label, reached: Decimal::ZERO, whole: None }
    }

    fn says_something(&self) -> bool {
        !self.reached.is_zero() || self.whole.is_some_and(|whole| !whole.is_zero())
    }
}

/// Nothing before a project is funded.
pub(super) fn blocks(data: &Data) -> Vec<Block> {
    if data.projects.is_empty() {
        return vec![];
    }
    let mut blocks = vec![
        Block::PageBreak,
        Block::heading(1, "Lo stato di attuazione"),
        Block::paragraph(format!(
            "I valori sono calcolati dai dati registrati nel sistema {}.",
            elided("al", &day(data.today))
        )),
        Block::heading(2, "Le risorse liquidate"),
    ];
    let spending = spending(data);
    blocks.push(Block::Table(table(
        &spending,
        Unit::Money,
        ["Disponibile", "Liquidato"],
        "Risorse disponibili e liquidate",
    )));
    blocks.push(Block::Chart(chart(
        &spending,
        Unit::Money,
        ["Disponibile", "Liquidato"],
        "Risorse disponibili e liquidate",
    )));
    blocks.push(Block::heading(2, "I beneficiari raggiunti"));
    for (code, system, title) in [
        (Code::ActivityPeople, Code::SystemPeople, "Persone attese e raggiunte"),
        (Code::ActivityCompanies, Code::SystemCompanies, "Imprese attese e raggiunte"),
    ] {
        let mut reached = lines(data, code, system);
        reached.retain(Line::says_something);
        if !reached.is_empty() {
            blocks.push(Block::Table(table(&reached, Unit::Number(0), ["Attese", "Raggiunte"], title)));
            blocks.push(Block::Chart(chart(&reached, Unit::Number(0), ["Attese", "Raggiunte"], title)));
        }
    }
    blocks
}

/// Money paid of what was assigned; for the system actions, of what the plan keeps for them.
fn spending(data: &Data) -> Vec<Line> {
    let mut lines = lines(data, Code::ProjectPaid, Code::SystemPaid);
    for (line, project) in lines.iter_mut().zip(&data.projects) {
        line.whole = data.assigned(project.id).map(Money::decimal).or(line.whole);
    }
    if lines.len() == data.projects.len() {
        lines.push(Line::new(SYSTEM.to_owned()));
    }
    if let Some(system) = lines.last_mut() {
        system.whole = Some(data.plan.system_actions.decimal());
    }
    lines
}

/// A line for each project, and one for the system actions where they have anything.
fn lines(data: &Data, of_project: Code, of_system: Code) -> Vec<Line> {
    let sum = |figures: &mut dyn Iterator<Item = &Figure>, label: String| {
        let mut line = Line::new(label);
        for figure in figures {
            line.reached += figure.numerator;
            if let Some(expected) = figure.denominator {
                *line.whole.get_or_insert_default() += expected;
            }
        }
        line
    };
    let of = |code: Code| data.figures.iter().filter(move |figure| figure.indicator == code);
    let mut lines: Vec<Line> = data
        .projects
        .iter()
        .map(|project| {
            let mut own = of(of_project).filter(|f| f.project.as_ref().is_some_and(|p| p.id == project.id));
            sum(&mut own, format!("{} {}", project.reference, project.parts.title))
        })
        .collect();
    let system = sum(&mut of(of_system), SYSTEM.to_owned());
    if system.says_something() {
        lines.push(system);
    }
    lines
}

fn table(lines: &[Line], unit: Unit, [whole, reached]: [&str; 2], caption: &str) -> Table {
    let column = |title: &str| if unit == Unit::Money { Column::money(title) } else { Column::integer(title) };
    let cell = |value: Decimal| {
        if unit == Unit::Money { Cell::Money(Money::rounded(value)) } else { Cell::Number(value) }
    };
    let mut table = Table::new(vec![
        Column::text("Progetto").share(4),
        column(whole).summed(),
        column(reached).summed(),
        Column::percent("Quota"),
    ])
    .caption(caption)
    .total("Totale");
    for line in lines {
        let share = line.whole.and_then(|whole| share(line.reached, whole)).map_or(Cell::Empty, Cell::Percent);
        let whole = line.whole.map_or(Cell::Empty, cell);
        table.row([line.label.clone().into(), whole, cell(line.reached), share]);
    }
    table
}

fn chart(lines: &[Line], unit: Unit, [whole, reached]: [&str; 2], title: &str) -> Chart {
    Chart::new(ChartKind::Bars, title, unit)
        .categories(lines.iter().map(|line| line.label.clone()))
        .series(Series { name: whole.to_owned(), values: lines.iter().map(|line| line.whole).collect() })
        .series(Series::new(reached, lines.iter().map(|line| line.reached)))
        .empty("Nessun dato.")
}
