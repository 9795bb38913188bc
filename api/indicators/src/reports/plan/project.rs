//! Each funded project: who, what, with which money, when, and for whom.

use super::{Data, euro, period, share};
use chrono::{Months, NaiveDate};
use concilia_documents::{Block, Cell, Column, Gantt, GanttRow, Table, percent};
use concilia_kernel::Money;
use concilia_planning::{InterventionType, Measure, PartnerRole, ProjectActivity, ProjectDetail, ProjectParts};
use std::collections::BTreeMap;

pub(super) fn blocks(data: &Data) -> Vec<Block> {
    let mut blocks = vec![];
    if !data.projects.is_empty() {
        blocks.push(Block::PageBreak);
        blocks.push(Block::heading(1, "I progetti delle alleanze locali"));
    }
    for (at, project) in data.projects.iter().enumerate() {
        if at > 0 {
            blocks.push(Block::PageBreak);
        }
        blocks.extend(sheet(data, project));
    }
    blocks
}

fn sheet(data: &Data, project: &ProjectDetail) -> Vec<Block> {
    let parts = &project.parts;
    let mut blocks = vec![
        Block::plain_heading(2, format!("Progetto {} – {}", project.reference, parts.title)),
        Block::KeyValues(particulars(parts)),
    ];
    blocks.extend(parts.summary.as_deref().map(Block::paragraph));
    blocks.push(Block::Table(alliance(parts)));
    blocks.push(Block::Table(budget(parts)));
    blocks.extend(coverage(data, project));
    blocks.extend(cofinancing(parts));
    if !parts.activities.is_empty() {
        blocks.push(Block::Gantt(calendar(project)));
    }
    blocks.extend(beneficiaries(parts));
    blocks
}

fn particulars(parts: &ProjectParts) -> Vec<(String, Cell)> {
    let mut pairs = vec![];
    pairs.extend(parts.alliance.clone().map(|name| ("Alleanza".to_owned(), Cell::Text(name))));
    pairs.push(("Capofila".to_owned(), parts.lead.name.clone().into()));
    pairs.push(("Durata".to_owned(), Cell::Text(period(parts.starts_on, parts.ends_on))));
    if !parts.intervention_types.is_empty() {
        let types: Vec<String> = parts
            .intervention_types
            .iter()
            .map(|kind| format!("{}) {}", kind.as_str(), intervention(*kind)))
            .collect();
        pairs.push(("Tipi di intervento".to_owned(), Cell::Text(types.join(";\n"))));
    }
    let links = [(parts.whp_link, "rete WHP"), (parts.zone_plan_link, "piano di zona")];
    let links: Vec<&str> = links.into_iter().filter(|(linked, _)| *linked).map(|(_, name)| name).collect();
    if !links.is_empty() {
        pairs.push(("Raccordo con".to_owned(), Cell::Text(links.join(", "))));
    }
    pairs
}

fn intervention(kind: InterventionType) -> &'static str {
    match kind {
        InterventionType::A => "assistenza e sostegno a chi si prende cura di familiari",
        InterventionType::B => "pre e post scuola, chiusure scolastiche",
        InterventionType::C => "servizi salvatempo",
        InterventionType::D => "consulenza alle imprese",
        InterventionType::E => "sostegno ai lavoratori autonomi",
        InterventionType::F => "tempi e orari della città",
    }
}

fn alliance(parts: &ProjectParts) -> Table {
    let mut table = Table::new(vec![Column::text("Ente").share(4), Column::text("Ruolo").share(1)])
        .caption("Enti dell'alleanza");
    table.row([parts.lead.name.clone().into(), role(PartnerRole::Lead).into()]);
    for partner in parts.partners.iter().filter(|partner| partner.left_on.is_none()) {
        table.row([partner.organisation.name.clone().into(), role(partner.role).into()]);
    }
    table
}

fn role(role: PartnerRole) -> &'static str {
    match role {
        PartnerRole::Lead => "capofila",
        PartnerRole::Institutional => "istituzionale",
        PartnerRole::Implementing => "attuatore",
        PartnerRole::Network => "di rete",
    }
}

fn budget(parts: &ProjectParts) -> Table {
    let costs = &parts.budget;
    let mut table = Table::new(vec![
        Column::text("Voce di spesa").share(4),
        Column::money("Importo").summed(),
        Column::percent("Quota"),
    ])
    .caption("Piano dei conti presentato")
    .total("Totale");
    for (label, amount) in [
        ("A. Personale, senza coordinamento", costs.staff - costs.coordination),
        ("A. Coordinamento, monitoraggio e rendicontazione", costs.coordination),
        ("B. Beni e software", costs.goods),
        ("C. Servizi", costs.services),
        ("D. Voucher e rimborsi", costs.vouchers),
        ("E. Spese generali", costs.general),
    ] {
        let share = share(amount.decimal(), costs.total.decimal());
        table.row([label.into(), amount.into(), share.map_or(Cell::Empty, Cell::Percent)]);
    }
    table
}

/// Who pays: what was asked, what was assigned, what the alliance adds.
fn coverage(data: &Data, project: &ProjectDetail) -> Vec<Block> {
    let budget = &project.parts.budget;
    let ratio = share(budget.cofinancing.decimal(), budget.total.decimal());
    let ratio = ratio.map_or_else(String::new, |ratio| format!(" ({} del costo)", percent(super::ITALIAN, ratio)));
    let mut pairs = vec![("Contributo richiesto".to_owned(), budget.requested_grant.into())];
    pairs.extend(data.assigned(project.id).map(|assigned| ("Contributo assegnato".to_owned(), assigned.into())));
    pairs.push((
        "Cofinanziamento presentato".to_owned(),
        Cell::Text(format!("{}{ratio}", euro(budget.cofinancing))),
    ));
    vec![Block::KeyValues(pairs)]
}

fn cofinancing(parts: &ProjectParts) -> Option<Block> {
    let mut table = Table::new(vec![
        Column::text("Ente").share(4),
        Column::money("Monetario").summed(),
        Column::money("Valorizzazione").summed(),
    ])
    .caption("Cofinanziamento")
    .total("Totale");
    let given = |amount: Money| if amount.is_zero() { Cell::Empty } else { Cell::Money(amount) };
    for line in parts.cofinancing.iter().filter(|line| line.counts && (line.monetary + line.in_kind).is_positive())
    {
        table.row([line.organisation.name.clone().into(), given(line.monetary), given(line.in_kind)]);
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// The months of the project, and those outside it in which an activity runs.
fn calendar(project: &ProjectDetail) -> Gantt {
    let parts = &project.parts;
    let months = || parts.activities.iter().flat_map(|activity| &activity.months).map(|month| month.first_day());
    Gantt {
        title: format!("Cronoprogramma del progetto {}", project.reference),
        label: "Attività".to_owned(),
        from: months().min().map_or(parts.starts_on, |first| first.min(parts.starts_on)),
        to: months().max().map_or(parts.ends_on, |last| last.max(parts.ends_on)),
        rows: parts.activities.iter().map(bar).collect(),
        planned: "previsto".to_owned(),
        actual: "svolto".to_owned(),
        empty: "Nessuna attività.".to_owned(),
    }
}

fn bar(activity: &ProjectActivity) -> GanttRow {
    let mut spans: Vec<(NaiveDate, NaiveDate)> = vec![];
    for month in &activity.months {
        let (first, next) = (month.first_day(), month.first_day().checked_add_months(Months::new(1)));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(first);
        match spans.last_mut() {
            Some((_, end)) if end.succ_opt() == Some(first) => *end = last,
            _ => spans.push((first, last)),
        }
    }
    GanttRow { label: format!("{}. {}", activity.number, activity.title), planned: spans, ..GanttRow::default() }
}

/// Whom each activity expects to reach, year by year; nothing where nothing is expected.
fn beneficiaries(parts: &ProjectParts) -> Option<Block> {
    const MEASURES: [(Measure, &str); 4] = [
        (Measure::People, "Persone"),
        (Measure::Companies, "Imprese"),
        (Measure::Events, "Eventi"),
        (Measure::Hours, "Ore"),
    ];
    let targets = || parts.activities.iter().flat_map(|activity| &activity.targets);
    let used: Vec<(Measure, &str)> =
        MEASURES.into_iter().filter(|(measure, _)| targets().any(|target| target.measure == *measure)).collect();
    if used.is_empty() {
        return None;
    }
    let mut columns = vec![Column::text("Attività").share(5), Column::text("Anno").share(1)];
    columns.extend(used.iter().map(|(_, title)| Column::integer(*title).summed()));
    let mut table = Table::new(columns).caption("Beneficiari attesi").total("Totale");
    for activity in &parts.activities {
        let mut years: BTreeMap<i16, Vec<i64>> = BTreeMap::new();
        for target in &activity.targets {
            let counts = years.entry(target.year).or_insert_with(|| vec![0; used.len()]);
            let at = used.iter().position(|(measure, _)| *measure == target.measure);
            if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                *count += i64::from(target.expected);
            }
        }
        for (year, counts) in years {
            let mut cells = vec![Cell::Text(activity.title.clone()), Cell::Text(year.to_string())];
            cells.extend(
                counts.into_iter().map(|count| if count == 0 { Cell::Empty } else { Cell::Integer(count) }),
            );
            table.cells(cells);
        }
    }
    Some(Block::Table(table))
}
