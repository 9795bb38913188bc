//! The decree's table on paper.

use super::contents::Contents;
use super::standing;
use super::table::{bands_table, explanation, projects_table, reductions_table};
use crate::rules::states::AllocationState;
use concilia_documents::{Act, Agency, Block, Cell, Document, Run, Signature, SignatureBlock, dated, long_date};
use concilia_kernel::clock::italian_day;
use concilia_kernel::language::Language;

const ITALIAN: Language = Language::Italian;

/// The document of a run; one that is not in force says so on every page, and leaves no place to sign.
pub(super) fn document(contents: &Contents) -> Document {
    let run = &contents.run;
    let mut blocks = vec![];
    blocks.extend(warning(contents));
    blocks.push(Block::KeyValues(particulars(contents)));
    blocks.push(Block::heading(1, "Criteri del riparto"));
    blocks.push(Block::list(explanation(run)));
    blocks.extend(bands_table(run).map(Block::Table));
    let mut wide = vec![Block::heading(1, "Contributo assegnato"), Block::Table(projects_table(&contents.rows))];
    wide.extend(reductions_table(&contents.rows).map(Block::Table));
    if run.state == AllocationState::Approved {
        wide.push(signatures(contents));
    }
    blocks.push(Block::Landscape(wide));
    let approved = run.act.clone().zip(run.act_date);
    let mut document = Document::new(
        ITALIAN,
        Agency::of(ITALIAN, &contents.territory.name, &contents.territory.provinces),
        "Riparto delle risorse tra i progetti valutati",
        contents.day(),
    );
    document.subtitle = Some(format!("{}\n{}", contents.call.title, contents.plan.title));
    document.act = approved.map(|(title, date)| Act { title: format!("Allegato a {title}"), date });
    document.watermark = standing(run.state).map(str::to_owned);
    document.blocks = blocks;
    document
}

fn warning(contents: &Contents) -> Option<Block> {
    let text = match contents.run.state {
        AllocationState::Approved => return None,
        AllocationState::Computed => {
            "Calcolo non ancora approvato: non produce effetti e non può essere pubblicato."
        }
        AllocationState::Discarded => "Calcolo scartato prima dell'approvazione: non produce effetti.",
        AllocationState::Superseded => "Riparto superato da uno approvato dopo: non è più in vigore.",
    };
    Some(Block::Paragraph(vec![Run::strong(text)]))
}

/// Who and when by role: the persons are in the agency's records.
fn particulars(contents: &Contents) -> Vec<(String, Cell)> {
    let (run, call) = (&contents.run, &contents.call);
    let on = |instant| long_date(ITALIAN, italian_day(instant));
    let mut pairs = vec![
        ("Avviso".to_owned(), Cell::Text(format!("n. {}, {}", call.number, call.title))),
        ("Indirizzo".to_owned(), dated(ITALIAN, &call.address_document.act, call.address_document.date).into()),
        ("Risorse da assegnare".to_owned(), run.budget.into()),
        ("Contributo richiesto".to_owned(), run.requested_grant.into()),
        ("Contributo assegnato".to_owned(), run.assigned_grant.into()),
        ("Risorse non assegnate".to_owned(), run.residue.into()),
        ("Progetti finanziati".to_owned(), Cell::Text(format!("{} su {}", run.funded, run.projects))),
        (
            "Calcolo".to_owned(),
            Cell::Text(format!("n. {}, di un funzionario dell'Agenzia, {}", run.number, on(run.computed_at))),
        ),
    ];
    if let (Some(act), Some(date)) = (&run.act, run.act_date) {
        pairs.push(("Atto di approvazione".to_owned(), dated(ITALIAN, act, date).into()));
    }
    if let Some(approved_at) = run.approved_at {
        let second = format!("di un secondo funzionario dell'Agenzia, {}", on(approved_at));
        pairs.push(("Approvazione".to_owned(), Cell::Text(second)));
    }
    pairs
}

fn signatures(contents: &Contents) -> Block {
    let signature = |role: &str| Signature { role: role.to_owned(), name: String::new(), note: None };
    Block::Signatures(SignatureBlock {
        place_and_date: Some(long_date(ITALIAN, contents.day())),
        signatures: vec![signature("Il Responsabile del procedimento"), signature("Il Direttore generale")],
    })
}
