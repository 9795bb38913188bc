use super::fields::{Fields, count, tuple};
use super::values::{Entry, Figure};
use crate::finding::Findings;
use crate::node::{Node, below};

/// The network's members, and how many of them are in alliances.
#[derive(Debug)]
pub(crate) struct Composition {
    pub(crate) at: String,
    pub(crate) members: Option<Figure>,
    pub(crate) in_alliances: Option<Figure>,
    pub(crate) by_kind: Option<Vec<(Entry, OfKind)>>,
}

/// Members of one kind.
#[derive(Debug)]
pub(crate) struct OfKind {
    pub(crate) members: Figure,
    pub(crate) in_alliances: Figure,
}

impl Composition {
    pub(super) fn read(node: &Node, at: &str, findings: &mut Findings) -> Option<Self> {
        Fields::read(node, at, findings, |fields| Self {
            at: at.to_owned(),
            members: fields.count("members"),
            in_alliances: fields.count("in_alliances"),
            by_kind: fields.map("by_kind", of_kind),
        })
    }
}

fn of_kind(node: &Node, at: &str, findings: &mut Findings) -> Option<OfKind> {
    let [members, in_alliances] = tuple(node, at, findings)?;
    let members = count(members, &below(at, 0), findings);
    let in_alliances = count(in_alliances, &below(at, 1), findings);
    Some(OfKind { members: members?, in_alliances: in_alliances? })
}
