//! The text of the agreement. It is an Italian administrative act, so it is in Italian whatever the caller reads.

use crate::budget::{CofinancingPart, ExecutiveBudget};
use crate::grant::{Grant, HeldGrant};
use crate::input::Act;
use crate::rules::tranches::TrancheKind;
use crate::tranches::Tranche;
use actix_web::web;
use chrono::NaiveDate;
use concilia_documents::{
    Agency, Block, Cell, Column, Document, Run, Signature, SignatureBlock, Table, dated, elided, long_date, money,
    percent, render_pdf,
};
use concilia_kernel::language::Language;
use concilia_kernel::{Money, Problem, Ratio};
use concilia_network::{Territory, find_territory, organisation_names};
use concilia_planning::ProjectSummary;
use diesel_async::AsyncPgConnection;
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

const ITALIAN: Language = Language::Italian;

/// Everything that the agreement says.
pub(super) struct Contents {
    territory: Territory,
    names: HashMap<Uuid, String>,
    project: ProjectSummary,
    grant: Grant,
    cup: String,
    pub(super) budget: ExecutiveBudget,
    tranches: Vec<Tranche>,
    act: Act,
}

impl Contents {
    pub(super) async fn read(
        conn: &mut AsyncPgConnection,
        territory_id: Uuid,
        held: &HeldGrant,
        cup: &str,
        (budget, tranches): (ExecutiveBudget, Vec<Tranche>),
        act: &Act,
    ) -> Result<Self, Problem> {
        let territory = find_territory(conn, territory_id).await?.ok_or_else(Problem::not_found)?;
        let mut ids: Vec<Uuid> = budget.partners.iter().map(|part| part.organisation_id).collect();
        ids.push(held.project.lead_organisation_id);
        let names = organisation_names(conn, territory_id, &ids).await?;
        Ok(Self {
            territory,
            names: names.into_iter().map(|(id, organisation)| (id, organisation.name)).collect(),
            project: held.project.clone(),
            grant: held.grant.clone(),
            cup: cup.to_owned(),
            budget,
            tranches,
            act: act.clone(),
        })
    }

    fn name(&self, organisation_id: Uuid) -> &str {
        self.names.get(&organisation_id).map_or("", String::as_str)
    }

    fn lead(&self) -> &str {
        self.name(self.project.lead_organisation_id)
    }
}

/// The document as PDF, made off the worker's thread.
pub(super) async fn draw(contents: Contents) -> Result<Vec<u8>, Problem> {
    let drawn = web::block(move || render_pdf(&document(&contents))).await.map_err(Problem::internal)?;
    drawn.map_err(Problem::internal)
}

fn document(contents: &Contents) -> Document {
    let project = &contents.project;
    let mut blocks = parties(contents);
    blocks.extend(subject(contents));
    blocks.extend(budget(contents));
    blocks.extend(payments(contents));
    blocks.extend(duties(contents));
    blocks.push(signatures(contents));
    Document {
        language: ITALIAN,
        agency: Agency::of(ITALIAN, &contents.territory.name, &contents.territory.provinces),
        title: format!("Convenzione per la realizzazione del progetto {}", project.reference),
        subtitle: Some(project.title.clone()),
        act: None,
        date: contents.act.act_date,
        watermark: None,
        cover: false,
        blocks,
    }
}

fn day(day: NaiveDate) -> String {
    long_date(ITALIAN, day)
}

fn euro(amount: Money) -> String {
    money(ITALIAN, amount)
}

/// "12,5%".
fn hundredths(share: Ratio) -> String {
    percent(ITALIAN, share.decimal() * Decimal::ONE_HUNDRED)
}

fn parties(contents: &Contents) -> Vec<Block> {
    let alliance = contents.project.alliance.as_deref();
    let alliance = alliance.map(|name| format!(", capofila dell'alleanza «{name}»")).unwrap_or_default();
    vec![Block::Paragraph(vec![
        Run::plain("Tra "),
        Run::strong(&contents.territory.name),
        Run::plain(", di seguito «Agenzia», e "),
        Run::strong(contents.lead()),
        Run::plain(format!(
            "{alliance}, di seguito «Capofila»; vista l'approvazione con {}; si conviene quanto segue.",
            dated(ITALIAN, &contents.act.act, contents.act.act_date)
        )),
    ])]
}

fn subject(contents: &Contents) -> Vec<Block> {
    let (project, grant) = (&contents.project, &contents.grant);
    vec![
        Block::heading(1, "Oggetto e durata"),
        Block::paragraph(format!(
            "Il Capofila realizza con i partner il progetto «{}», {} {}.",
            project.title,
            elided("dal", &day(project.starts_on)),
            elided("al", &day(project.ends_on))
        )),
        Block::KeyValues(vec![
            ("Progetto".into(), Cell::Text(project.reference.clone())),
            ("CUP".into(), Cell::Text(contents.cup.clone())),
            ("Contributo assegnato".into(), Cell::Money(grant.assigned)),
            ("Cofinanziamento".into(), Cell::Money(contents.budget.cofinancing)),
            ("Costo totale".into(), Cell::Money(contents.budget.total)),
        ]),
    ]
}

fn budget(contents: &Contents) -> Vec<Block> {
    let costs = &contents.budget.costs;
    let mut items = Table::new(vec![Column::text("Voce di spesa").share(3), Column::money("Importo").summed()])
        .caption("Bilancio esecutivo")
        .total("Totale");
    for (label, amount) in [
        ("A. Personale, senza coordinamento", costs.staff - costs.coordination),
        ("A. Coordinamento, monitoraggio e rendicontazione", costs.coordination),
        ("B. Beni e software", costs.goods),
        ("C. Servizi", costs.services),
        ("D. Voucher e rimborsi", costs.vouchers),
        ("E. Spese generali", costs.general),
    ] {
        items.row([Cell::Text(label.into()), Cell::Money(amount)]);
    }
    let columns = vec![
        Column::text("Partner").share(3),
        Column::money("Monetario").summed(),
        Column::money("Valorizzazione").summed(),
    ];
    let mut partners =
        Table::new(columns).caption("Cofinanziamento").total("Totale").empty("Nessun cofinanziamento");
    let mut parts: Vec<(&str, &CofinancingPart)> =
        contents.budget.partners.iter().map(|part| (contents.name(part.organisation_id), part)).collect();
    parts.sort_by_key(|(name, _)| *name);
    for (name, part) in parts {
        partners.row([name.into(), Cell::Money(part.monetary), Cell::Money(part.in_kind)]);
    }
    vec![Block::heading(1, "Bilancio esecutivo"), Block::Table(items), Block::Table(partners)]
}

fn payments(contents: &Contents) -> Vec<Block> {
    let dated = contents.tranches.iter().any(|tranche| tranche.due_on.is_some());
    let mut columns = vec![Column::text("Tranche").share(2)];
    columns.extend(dated.then(|| Column::date("Entro il")));
    columns.push(Column::money("Importo").summed());
    let mut schedule = Table::new(columns).total("Totale");
    for tranche in &contents.tranches {
        let label = match tranche.kind {
            TrancheKind::Advance => "Anticipo, alla firma",
            TrancheKind::Interim => "Intermedia, su spese validate",
            TrancheKind::Balance => "Saldo, a rendiconto finale approvato",
        };
        let mut cells = vec![Cell::Text(format!("{}. {label}", tranche.number))];
        cells.extend(dated.then(|| tranche.due_on.into()));
        cells.push(Cell::Money(tranche.amount));
        schedule.cells(cells);
    }
    vec![
        Block::heading(1, "Erogazione del contributo"),
        Block::paragraph(format!(
            "L'Agenzia eroga al Capofila il contributo, nella misura massima di {}, come segue.",
            euro(contents.grant.assigned)
        )),
        Block::Table(schedule),
    ]
}

fn duties(contents: &Contents) -> Vec<Block> {
    let grant = &contents.grant;
    vec![
        Block::heading(1, "Rendicontazione"),
        Block::paragraph(
            "Il Capofila presenta i rendiconti delle spese proprie e dei partner, ciascuna con il suo documento. \
             L'Agenzia accetta, riduce o rifiuta ogni spesa, motivando. Uno stesso documento si presenta una volta sola.",
        ),
        Block::paragraph(format!(
            "Il cofinanziamento deve raggiungere almeno {} della spesa complessiva, troncato al centesimo; il \
             contributo ammesso a saldo è ridotto se non lo raggiunge.",
            elided("il", &hundredths(grant.cofinancing_minimum))
        )),
        Block::heading(1, "Variazioni"),
        Block::paragraph(format!(
            "Ogni voce di spesa può cedere ad altre, senza autorizzazione, fino {} dell'ultimo bilancio approvato; \
             oltre tale soglia serve l'approvazione dell'Agenzia. Il coordinamento non supera {} del totale.",
            elided("al", &hundredths(grant.shift_threshold)),
            elided("il", &hundredths(grant.coordination_limit))
        )),
        Block::heading(1, "Revoca e restituzione"),
        Block::paragraph(
            "L'Agenzia può revocare il contributo, con atto motivato. Il Capofila restituisce quanto ha ricevuto oltre \
             il contributo ammesso.",
        ),
    ]
}

fn signatures(contents: &Contents) -> Block {
    let sign = |role: &str, name: &str| Signature { role: role.into(), name: name.into(), note: None };
    Block::Signatures(SignatureBlock {
        place_and_date: None,
        signatures: vec![
            sign("Per l'Agenzia", &contents.territory.name),
            sign("Per il Capofila", contents.lead()),
        ],
    })
}
