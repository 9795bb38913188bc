//! The half-yearly report, section by section. Pure: figures in, document out.

use super::word;
use crate::rules::{IndicatorCode as Code, IndicatorUnit as Counted, Level};
use crate::table::{cell, detail, kind_title, share_cell};
use crate::value::{Figure, IndicatorProject, spoken};
use chrono::{Datelike, NaiveDate};
use concilia_documents::{
    Agency, Block, Cell, Chart, ChartKind, Column, Document, Series, Signature, SignatureBlock, Table, Unit,
    dated, elided, long_date,
};
use concilia_kernel::language;
use concilia_network::{Half, Territory};
use concilia_planning::Plan;
use rust_decimal::Decimal;

/// What the report is made of.
pub(super) struct Data<'a> {
    pub plan: &'a Plan,
    pub territory: &'a Territory,
    /// `None` for a draft as of today.
    pub half: Option<Half>,
    pub date: NaiveDate,
    pub figures: &'a [Figure],
    /// The half-year before, where it was frozen.
    pub before: Option<(Half, &'a [Figure])>,
}

pub(super) fn document(data: &Data<'_>) -> Document {
    let mut blocks = introduction(data);
    blocks.extend(network(data));
    blocks.extend(system_actions(data));
    blocks.extend(projects(data));
    for project in data.projects() {
        blocks.extend(activities(data, project));
    }
    blocks.extend(comparison(data));
    // A draft leaves no place to sign, and of what is frozen nobody knows yet on which day it will be signed.
    blocks.extend(data.half.map(|_| {
        let role = word("Il Direttore generale", "The Director general");
        let signatures = vec![Signature { role, name: String::new(), note: None }];
        Block::Signatures(SignatureBlock { place_and_date: None, signatures })
    }));
    Document {
        language: language::current().language,
        agency: Agency::of(language::current().language, &data.territory.name, &data.territory.provinces),
        title: word("Relazione semestrale di monitoraggio", "Half-yearly monitoring report"),
        subtitle: Some(data.half.map_or_else(
            || data.plan.title.clone(),
            |half| format!("{}\n{}", data.plan.title, spoken_half(half)),
        )),
        act: None,
        date: data.date,
        watermark: data.half.is_none().then(|| word("BOZZA", "DRAFT")),
        cover: false,
        blocks,
    }
}

impl<'a> Data<'a> {
    fn of(&self, code: Code) -> impl Iterator<Item = &'a Figure> {
        self.figures.iter().filter(move |figure| figure.indicator == code)
    }

    fn of_project(&self, code: Code, project: &'a IndicatorProject) -> impl Iterator<Item = &'a Figure> {
        self.of(code).filter(move |figure| figure.project.as_ref() == Some(project))
    }

    fn projects(&self) -> Vec<&'a IndicatorProject> {
        let mut projects: Vec<&IndicatorProject> = vec![];
        for project in self.figures.iter().filter_map(|figure| figure.project.as_ref()) {
            if projects.last() != Some(&project) {
                projects.push(project);
            }
        }
        projects
    }

    /// Numerator and denominator over all parts of a project's indicator; none where nothing is on record.
    fn total(&self, code: Code, project: &'a IndicatorProject) -> (Option<Decimal>, Option<Decimal>) {
        let figures = || self.of_project(code, project);
        let numerators = figures().map(|figure| figure.numerator);
        let denominators = figures().filter_map(|figure| figure.denominator);
        (numerators.reduce(|sum, value| sum + value), denominators.reduce(|sum, value| sum + value))
    }
}

fn introduction(data: &Data<'_>) -> Vec<Block> {
    let until = long_date(language::current().language, data.date);
    vec![
        Block::paragraph(word(
            &format!(
                "La presente relazione espone lo stato di attuazione del piano {}. Ogni valore è calcolato dai dati \
                 registrati nel sistema: numeratore, denominatore e singole registrazioni sono consultabili.",
                elided("al", &until)
            ),
            &format!(
                "This report sets out how far the plan has come by {until}. Every figure is computed from what the system \
                 has on record: numerator, denominator and single records can be consulted."
            ),
        )),
        Block::KeyValues(vec![
            (word("Piano", "Plan"), data.plan.title.clone().into()),
            (
                word("Documento di indirizzo", "Address document"),
                dated(
                    language::current().language,
                    &data.plan.address_document.act,
                    data.plan.address_document.date,
                )
                .into(),
            ),
            (word("Risorse del piano", "Resources of the plan"), data.plan.resources.into()),
            (word("Risorse per le alleanze locali", "For local alliances"), data.plan.local_alliances.into()),
            (word("Risorse per le azioni di sistema", "For system actions"), data.plan.system_actions.into()),
        ]),
    ]
}

fn network(data: &Data<'_>) -> Vec<Block> {
    let kinds: Vec<&Figure> = data.of(Code::NetworkMembers).filter(|figure| figure.dimension != "all").collect();
    let mut table = Table::new(vec![
        Column::text(word("Tipologia", "Kind")).share(3),
        Column::integer(word("Enti", "Members")).summed(),
        Column::percent(word("Quota", "Share")),
    ])
    .caption(word("Enti aderenti per tipologia", "Members by kind"))
    .total(word("Totale", "Total"))
    .empty(word("Nessun ente aderente.", "No member."));
    for figure in &kinds {
        table.row([
            kind_title(&figure.dimension).unwrap_or_default().into(),
            cell(figure.numerator, Counted::Count),
            share_cell(figure),
        ]);
    }
    let chart = Chart::new(
        ChartKind::Donut,
        word("Composizione della rete", "Composition of the network"),
        Unit::Number(0),
    )
    .categories(kinds.iter().map(|figure| kind_title(&figure.dimension).unwrap_or_default()))
    .series(Series::new(word("Enti", "Members"), kinds.iter().map(|figure| figure.numerator)))
    .empty(word("Nessun ente aderente.", "No member."));
    vec![Block::heading(1, word("La rete territoriale", "The network")), Block::Table(table), Block::Chart(chart)]
}

fn system_actions(data: &Data<'_>) -> Vec<Block> {
    let codes = [
        Code::SystemPeople,
        Code::SystemCompanies,
        Code::SystemPaid,
        Code::SystemCofinancing,
        Code::SystemMonetaryCofinancing,
        Code::WorkingGroups,
        Code::WorkingGroupMeetings,
        Code::Satisfaction,
        Code::ProjectsConcluded,
        Code::PlanPeople,
        Code::PlanCompanies,
    ];
    let figures = codes.iter().flat_map(|code| data.of(*code));
    vec![
        Block::heading(1, word("Il piano e le azioni di sistema", "The plan and its system actions")),
        Block::Table(reached(figures, |figure| spoken(figure.indicator.definition().title))),
    ]
}

/// A row per figure: what, reached, of how much, share.
fn reached<'a>(figures: impl Iterator<Item = &'a Figure>, name: impl Fn(&Figure) -> String) -> Table {
    let mut table = Table::new(vec![
        Column::text(word("Indicatore", "Indicator")).share(4),
        Column::integer(word("Raggiunto", "Reached")),
        Column::integer(word("Atteso", "Expected")),
        Column::percent(word("Quota", "Share")),
    ])
    .empty(word("Nessun indicatore.", "No indicator."));
    for figure in figures {
        let unit = figure.indicator.definition().unit;
        table.row([
            name(figure).into(),
            cell(figure.numerator, unit),
            figure.denominator.map_or(Cell::Empty, |value| cell(value, unit)),
            share_cell(figure),
        ]);
    }
    table
}

/// "Primo semestre 2026".
fn spoken_half(half: Half) -> String {
    let (it, en) = if half.first_day().month() == 1 { ("Primo", "First") } else { ("Secondo", "Second") };
    word(&format!("{it} semestre {}", half.year()), &format!("{en} half of {}", half.year()))
}

fn projects(data: &Data<'_>) -> Vec<Block> {
    let projects = data.projects();
    let mut table = Table::new(vec![
        Column::text(word("Progetto", "Project")).share(4),
        Column::integer(word("Partner", "Partners")),
        Column::integer(word("Persone", "People")).summed(),
        Column::integer(word("Imprese", "Companies")).summed(),
        Column::money(word("Assegnato", "Assigned")).share(2).summed(),
        Column::money(word("Liquidato", "Paid")).share(2).summed(),
    ])
    .caption(word("I progetti in sintesi", "The projects at a glance"))
    .total(word("Totale", "Total"))
    .empty(word("Nessun progetto finanziato.", "No funded project."));
    let known = |value: Option<Decimal>, unit| value.map_or(Cell::Empty, |value| cell(value, unit));
    let (mut paid, mut people) = (vec![], vec![]);
    for project in &projects {
        let partners = data.of_project(Code::ProjectPartners, project).find(|figure| figure.dimension == "all");
        let money = data.total(Code::ProjectPaid, project);
        let reached = data.total(Code::ActivityPeople, project);
        let companies = data.total(Code::ActivityCompanies, project);
        table.row([
            format!("{} {}", project.reference, project.title).into(),
            partners.map_or(Cell::Empty, |figure| cell(figure.numerator, Counted::Count)),
            known(reached.0, Counted::Count),
            known(companies.0, Counted::Count),
            known(money.1, Counted::Money),
            known(money.0, Counted::Money),
        ]);
        paid.push(money);
        people.push(reached);
    }
    let references = || projects.iter().map(|project| project.reference.clone());
    let chart =
        |title: String, unit, [done, whole]: [String; 2], values: &[(Option<Decimal>, Option<Decimal>)]| {
            Chart::new(ChartKind::Columns, title, unit)
                .categories(references())
                .series(Series { name: done, values: values.iter().map(|value| value.0).collect() })
                .series(Series { name: whole, values: values.iter().map(|value| value.1).collect() })
                .empty(word("Nessun dato.", "No data."))
        };
    let spent = [word("Liquidato", "Paid"), word("Assegnato", "Assigned")];
    let met = [word("Raggiunte", "Reached"), word("Attese", "Expected")];
    vec![
        Block::heading(1, word("I progetti delle alleanze locali", "The projects of local alliances")),
        Block::Table(table),
        Block::Chart(chart(word("Risorse per progetto", "Money by project"), Unit::Money, spent, &paid)),
        Block::Chart(chart(word("Persone per progetto", "People by project"), Unit::Number(0), met, &people)),
    ]
}

fn activities(data: &Data<'_>, project: &IndicatorProject) -> Vec<Block> {
    let of =
        |code| data.figures.iter().filter(move |f| f.indicator == code && f.project.as_ref() == Some(project));
    let activities = of(Code::ActivityPeople).chain(of(Code::ActivityCompanies));
    let money = [
        Code::ProjectPaid,
        Code::ProjectCofinancing,
        Code::ProjectPrivateCofinancing,
        Code::ProjectMonetaryCofinancing,
    ];
    let figures = activities.chain(money.into_iter().flat_map(of));
    let table = reached(figures, |figure| {
        let title = spoken(figure.indicator.definition().title);
        if figure.dimension == "all" { title } else { format!("{title}: {}", detail(figure)) }
    });
    if table.rows.is_empty() {
        return vec![];
    }
    let title = format!("{} {} – {}", word("Progetto", "Project"), project.reference, project.title);
    vec![Block::plain_heading(2, title), Block::Table(table)]
}

fn comparison(data: &Data<'_>) -> Vec<Block> {
    let Some((half, before)) = data.before else { return vec![] };
    let mut table = Table::new(vec![
        Column::text(word("Indicatore", "Indicator")).share(3),
        Column::integer(spoken_half(half)),
        Column::integer(data.half.map_or_else(|| word("Oggi", "Today"), spoken_half)),
        Column::integer(word("Variazione", "Change")),
    ])
    .empty(word("Nessun indicatore.", "No indicator."));
    let of_plan = data.figures.iter().filter(|figure| figure.indicator.definition().level == Level::Plan);
    for figure in of_plan.filter(|figure| figure.dimension == "all") {
        let unit = figure.indicator.definition().unit;
        let earlier = before.iter().find(|earlier| earlier.key() == figure.key());
        let earlier = earlier.map_or(Decimal::ZERO, |figure| figure.numerator);
        table.row([
            spoken(figure.indicator.definition().title).into(),
            cell(earlier, unit),
            cell(figure.numerator, unit),
            cell(figure.numerator - earlier, unit),
        ]);
    }
    vec![
        Block::heading(1, word("Confronto con il semestre precedente", "Compared with the half-year before")),
        Block::Table(table),
    ]
}
