use super::fields::{Fields, share};
use super::values::{Entry, Figure};
use crate::finding::Findings;
use crate::node::Node;
use rust_decimal::Decimal;

#[derive(Debug, Clone)]
pub(crate) struct Allocation {
    pub(crate) at: String,
    pub(crate) budget: Option<Figure>,
    /// By band, best first.
    pub(crate) initial: Option<Vec<Figure>>,
    pub(crate) finals: Option<Vec<Figure>>,
    pub(crate) rows: Option<Vec<Row>>,
    pub(crate) totals: Totals,
    pub(crate) residue: Option<Figure>,
    pub(crate) note: Option<Entry>,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) lead: Option<Entry>,
    pub(crate) cost: Option<Figure>,
    pub(crate) requested: Option<Figure>,
    pub(crate) score: Option<Figure>,
    pub(crate) band: Option<Figure>,
    pub(crate) percentage: Option<Figure>,
    pub(crate) assigned: Option<Figure>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Totals {
    pub(crate) cost: Option<Figure>,
    pub(crate) requested: Option<Figure>,
    pub(crate) score: Option<Figure>,
    pub(crate) assigned: Option<Figure>,
}

impl Allocation {
    pub(super) fn read(node: &Node, at: &str, findings: &mut Findings) -> Option<Self> {
        Fields::read(node, at, findings, |fields| Self {
            at: at.to_owned(),
            budget: fields.amount("budget"),
            initial: fields.list("initial_band_percentages", share),
            finals: fields.list("final_band_percentages", share),
            rows: fields.list("rows", row),
            totals: fields.with("totals", totals).unwrap_or_default(),
            residue: fields.amount("residue"),
            note: fields.text("note"),
        })
    }
}

impl Row {
    pub(crate) fn lead(&self) -> &str {
        self.lead.as_ref().map_or("", |lead| &lead.text)
    }

    /// What it says, without its place: the same for a row that is printed twice.
    pub(crate) fn content(&self) -> (String, [Option<Decimal>; 6]) {
        let figures = [&self.cost, &self.requested, &self.score, &self.band, &self.percentage, &self.assigned];
        let lead = self.lead.as_ref().map(Entry::key).unwrap_or_default();
        (lead, figures.map(|figure| figure.as_ref().map(|figure| figure.value)))
    }
}

fn row(node: &Node, at: &str, findings: &mut Findings) -> Option<Row> {
    Fields::read(node, at, findings, |fields| Row {
        lead: fields.text("lead"),
        cost: fields.amount("cost"),
        requested: fields.amount("requested"),
        score: fields.score("score"),
        band: fields.count("band"),
        percentage: fields.share("percentage"),
        assigned: fields.amount("assigned"),
    })
}

fn totals(node: &Node, at: &str, findings: &mut Findings) -> Option<Totals> {
    Fields::read(node, at, findings, |fields| Totals {
        cost: fields.amount("cost"),
        requested: fields.amount("requested"),
        score: fields.score("score"),
        assigned: fields.amount("assigned"),
    })
}
