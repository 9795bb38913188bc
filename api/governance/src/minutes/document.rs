//! The minutes on paper. They are an Italian administrative document, so they are in Italian whatever the caller reads.

use super::content::{MinutesContent, MinutesItem};
use super::signers::Signers;
use super::view::Minutes;
use crate::motions::{Motion, Part};
use crate::rules::attendance::Capacity;
use crate::rules::states::{BodyKind, MinutesState, MotionState};
use crate::rules::vote::{Choice, VoteBasis};
use chrono::{DateTime, Utc};
use concilia_documents::{
    Agency, Block, Cell, Column, Document, Run, Signature, SignatureBlock, Table, clock_time, elided, long_date,
};
use concilia_kernel::clock::italian_day;
use concilia_kernel::language::Language;

/// The document of a version; a draft until it is validated.
pub(super) fn document(agency: Agency, minutes: &Minutes, signers: Signers) -> Document {
    let content = &minutes.content;
    let mut blocks = vec![head(content), Block::plain_heading(2, "Presenti"), Block::Table(presences(content))];
    for item in &content.items {
        blocks.extend(agenda_item(item));
    }
    blocks.push(signatures(signers));
    Document {
        language: Language::Italian,
        agency,
        title: format!("Verbale della riunione {}", elided("del", &day(content.starts_at))),
        subtitle: Some(content.body_name.clone()),
        act: None,
        date: italian_day(content.starts_at),
        watermark: (minutes.summary.state != MinutesState::Validated).then(|| "BOZZA".to_owned()),
        cover: false,
        blocks,
    }
}

fn day(instant: DateTime<Utc>) -> String {
    long_date(Language::Italian, italian_day(instant))
}

fn hour(instant: DateTime<Utc>) -> String {
    clock_time(Language::Italian, instant)
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn head(content: &MinutesContent) -> Block {
    let place = [content.place.as_deref(), content.online_link.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let mut pairs = vec![
        ("Data e ora".to_owned(), text(format!("{}, ore {}", day(content.starts_at), hour(content.starts_at)))),
        ("Luogo".to_owned(), text(place.join("; "))),
        ("Convocazione inviata".to_owned(), text(day(content.sent_at))),
        ("Invitati".to_owned(), Cell::Integer(content.invited)),
    ];
    if let Some(quorum) = content.quorum {
        pairs.push(("Numero legale".to_owned(), Cell::Integer(quorum.into())));
    }
    Block::KeyValues(pairs)
}

fn presences(content: &MinutesContent) -> Table {
    let seat = if content.body_kind == BodyKind::Committee { "Seggio" } else { "Ente" };
    // Delegates are often not named: a column of dashes would say nothing.
    let named = content.presences.iter().any(|presence| presence.person.is_some());
    let mut columns = vec![Column::text(seat).share(4)];
    columns.extend(named.then(|| Column::text("Intervenuto").share(3)));
    columns.extend(
        [("In qualità di", 2), ("Dalle", 1), ("Alle", 1)].map(|(title, share)| Column::text(title).share(share)),
    );
    let mut table = Table::new(columns).empty("Nessuno è intervenuto.");
    for presence in &content.presences {
        let capacity = match presence.capacity {
            Capacity::Titular => "titolare",
            Capacity::Substitute => "supplente",
            Capacity::Delegate => "delegato",
        };
        let mut cells = vec![text(&presence.name)];
        cells.extend(named.then(|| text(presence.person.as_deref().unwrap_or("–"))));
        let until = presence.left_at.map_or_else(|| "fine".to_owned(), hour);
        cells.extend([text(capacity), text(hour(presence.arrived_at)), text(until)]);
        table.cells(cells);
    }
    table
}

fn agenda_item(item: &MinutesItem) -> Vec<Block> {
    let mut blocks = vec![Block::heading(1, &item.item.title)];
    blocks.extend(item.text.as_deref().map(Block::paragraph));
    if item.text.is_none() && item.motions.is_empty() {
        blocks.push(Block::paragraph("Nulla a verbale."));
    }
    for motion in &item.motions {
        blocks.push(Block::Paragraph(vec![Run::strong("Votazione. "), Run::plain(&motion.text)]));
        if motion.ballot.is_some() {
            blocks.push(Block::Table(ballot(motion)));
        }
        blocks.push(Block::paragraph(outcome(motion)));
    }
    blocks
}

fn ballot(motion: &Motion) -> Table {
    let columns = vec![Column::text("Seggio").share(2), Column::text("Voto").share(1)];
    let mut table = Table::new(columns).empty("Nessun seggio.");
    for entry in motion.ballot.iter().flatten() {
        let vote = match (entry.part, entry.choice) {
            (Part::Voted, Some(Choice::InFavour)) => "favorevole",
            (Part::Voted, Some(Choice::Against)) => "contrario",
            (Part::Voted, _) => "astenuto",
            (Part::NotVoting, _) => "presente, non votante",
            (Part::Recused, _) => "non vota per conflitto di interessi",
            (Part::Absent, _) => "assente",
        };
        table.row([text(&entry.name), text(vote)]);
    }
    table
}

fn outcome(motion: &Motion) -> String {
    match motion.state {
        MotionState::Open => return "La votazione non è conclusa.".to_owned(),
        MotionState::Withdrawn => return "La proposta è ritirata prima della decisione.".to_owned(),
        MotionState::Carried | MotionState::Rejected => {}
    }
    let number = |count: Option<i16>| count.unwrap_or(0);
    let counts = format!(
        "Presenti al voto {}, favorevoli {}, contrari {}, astenuti {}, non votanti {}, esclusi per conflitto di interessi {}.",
        number(motion.present),
        number(motion.in_favour),
        number(motion.against),
        number(motion.abstained),
        number(motion.not_voting),
        number(motion.recused)
    );
    let carried = motion.state == MotionState::Carried;
    let decided = if carried { "La proposta è approvata" } else { "La proposta è respinta" };
    let why = match motion.basis {
        Some(VoteBasis::Majority) => " a maggioranza dei presenti",
        Some(VoteBasis::NoMajority) => ": non ha la maggioranza dei presenti",
        Some(VoteBasis::CastingVote) => ": a parità di voti prevale quello del presidente",
        Some(VoteBasis::Tie) => ": a parità di voti manca un voto del presidente, a favore o contrario",
        None => "",
    };
    format!("{counts} {decided}{why}.")
}

fn signatures(signers: Signers) -> Block {
    let signature = |role: &str, name: Option<String>| Signature {
        role: role.to_owned(),
        name: name.unwrap_or_default(),
        note: None,
    };
    Block::Signatures(SignatureBlock {
        place_and_date: None,
        signatures: vec![
            signature("Il Presidente", signers.chair),
            signature("Il Segretario verbalizzante", signers.secretary),
        ],
    })
}
