use super::activity::Activity;
use super::fields::{Fields, amount, text, tuple};
use super::values::{Day, Entry, Figure};
use crate::finding::Findings;
use crate::node::{Node, below};
use rust_decimal::Decimal;

#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) at: String,
    pub(crate) reference: Option<Entry>,
    pub(crate) lead: Option<Entry>,
    /// The reference of the project that took this one in.
    pub(crate) merged_into: Option<Entry>,
    pub(crate) intervention_types: Option<Vec<Entry>>,
    pub(crate) partners: Option<Vec<Partner>>,
    pub(crate) start: Option<Day>,
    pub(crate) end: Option<Day>,
    pub(crate) calendar_months: Option<Figure>,
    pub(crate) budget: Option<Budget>,
    pub(crate) cofinancing: Option<Vec<CofinancingLine>>,
    pub(crate) actions: Option<Vec<Action>>,
    pub(crate) activities: Option<Vec<Activity>>,
    pub(crate) priority_order: Option<Vec<Entry>>,
}

#[derive(Debug)]
pub(crate) struct Partner {
    pub(crate) name: Option<Entry>,
    pub(crate) kind: Option<Entry>,
    pub(crate) role: Option<Entry>,
    pub(crate) size: Option<Entry>,
}

#[derive(Debug)]
pub(crate) struct Budget {
    /// A staff, B goods, C services, D vouchers, E general costs; all five, or no sum can be made.
    pub(crate) items: [Option<Figure>; 5],
    pub(crate) coordination: Option<Figure>,
    pub(crate) total: Option<Figure>,
    pub(crate) requested: Option<Figure>,
    pub(crate) cofinancing: Option<Figure>,
    /// Holds figures that are not understood, which may be cost items.
    pub(crate) has_unknown: bool,
}

/// What one partner puts in.
#[derive(Debug)]
pub(crate) struct CofinancingLine {
    pub(crate) at: String,
    pub(crate) partner: Entry,
    pub(crate) monetary: Figure,
    pub(crate) in_kind: Figure,
}

/// The budget told by action instead of by cost item.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) title: Entry,
    pub(crate) requested: Figure,
    pub(crate) cofinancing: Figure,
}

impl Project {
    pub(super) fn read(node: &Node, at: &str, findings: &mut Findings) -> Option<Self> {
        Fields::read(node, at, findings, |fields| {
            for key in ["title", "alliance", "beneficiaries"] {
                fields.text(key);
            }
            fields.flag("open_alliance");
            fields.with("network_links", links);
            Self {
                at: at.to_owned(),
                reference: fields.text("ref"),
                lead: fields.text("lead"),
                merged_into: fields.text("merged_into"),
                intervention_types: fields.list("intervention_types", text),
                partners: fields.list("partners", partner),
                start: fields.day("start"),
                end: fields.day("end"),
                calendar_months: fields.count("calendar_months"),
                budget: fields.with("budget", budget),
                cofinancing: fields.list("cofinancing", line),
                actions: fields.list("budget_by_action", action),
                activities: fields.list("activities", Activity::read),
                priority_order: fields.list("priority_order", text),
            }
        })
    }

    /// It stands on its own: no other project took it in.
    pub(crate) fn stands(&self) -> bool {
        self.merged_into.is_none()
    }

    /// What a reader calls it: its reference, and its lead.
    pub(crate) fn label(&self) -> String {
        let words = [&self.reference, &self.lead].into_iter().flatten();
        let label = words.map(|entry| entry.text.as_str()).collect::<Vec<_>>().join(" ");
        if label.is_empty() { self.at.clone() } else { label }
    }
}

impl Budget {
    pub(crate) fn items_sum(&self) -> Option<Decimal> {
        self.items.iter().map(|item| item.as_ref().map(|item| item.value)).sum()
    }

    pub(crate) fn funding_sum(&self) -> Option<Decimal> {
        Some(self.requested.as_ref()?.value + self.cofinancing.as_ref()?.value)
    }
}

fn partner(node: &Node, at: &str, findings: &mut Findings) -> Option<Partner> {
    Fields::read(node, at, findings, |fields| Partner {
        name: fields.text("name"),
        kind: fields.text("kind"),
        role: fields.text("role"),
        size: fields.text("size"),
    })
}

fn budget(node: &Node, at: &str, findings: &mut Findings) -> Option<Budget> {
    Fields::read(node, at, findings, |fields| Budget {
        items: ["A", "B", "C", "D", "E"].map(|item| fields.amount(item)),
        coordination: fields.amount("A_coordination"),
        total: fields.amount("total"),
        requested: fields.amount("requested"),
        cofinancing: fields.amount("cofinancing"),
        has_unknown: fields.has_unknown(),
    })
}

fn line(node: &Node, at: &str, findings: &mut Findings) -> Option<CofinancingLine> {
    let (partner, monetary, in_kind) = named_pair(node, at, findings)?;
    Some(CofinancingLine { at: at.to_owned(), partner, monetary, in_kind })
}

fn action(node: &Node, at: &str, findings: &mut Findings) -> Option<Action> {
    let (title, requested, cofinancing) = named_pair(node, at, findings)?;
    Some(Action { title, requested, cofinancing })
}

fn named_pair(node: &Node, at: &str, findings: &mut Findings) -> Option<(Entry, Figure, Figure)> {
    let [name, first, second] = tuple(node, at, findings)?;
    let name = text(name, &below(at, 0), findings);
    let first = amount(first, &below(at, 1), findings);
    let second = amount(second, &below(at, 2), findings);
    Some((name?, first?, second?))
}

fn links(node: &Node, at: &str, findings: &mut Findings) -> Option<()> {
    Fields::read(node, at, findings, |fields| {
        fields.flag("whp");
        fields.flag("zone_plan");
    })
}
