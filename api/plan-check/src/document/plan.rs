use super::fields::Fields;
use super::values::{Day, Entry, Figure};
use crate::finding::Findings;
use crate::node::Node;

#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) title: Option<Entry>,
    pub(crate) from: Option<Figure>,
    pub(crate) to: Option<Figure>,
    pub(crate) address_document: Option<Day>,
    pub(crate) region_deadline: Option<Day>,
    pub(crate) extension_act: Option<Day>,
    pub(crate) resources: Resources,
    pub(crate) expected: Expected,
    pub(crate) limits: Limits,
}

#[derive(Debug, Default)]
pub(crate) struct Resources {
    pub(crate) total: Option<Figure>,
    pub(crate) local_alliances: Option<Figure>,
    pub(crate) system_actions: Option<Figure>,
    pub(crate) system_actions_share: Option<Figure>,
}

#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub(crate) citizens: Option<Figure>,
    pub(crate) companies: Option<Figure>,
    pub(crate) direct_budget_min: Option<Figure>,
}

/// The limits of the plan's call, where they are not the usual ones.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) coordination_max: Option<Figure>,
    pub(crate) cofinancing_min: Option<Figure>,
}

impl Plan {
    pub(super) fn read(node: &Node, at: &str, findings: &mut Findings) -> Option<Self> {
        Fields::read(node, at, findings, |fields| Self {
            title: fields.text("title"),
            from: fields.count("from"),
            to: fields.count("to"),
            address_document: fields.with("address_document", act),
            region_deadline: fields.day("region_deadline"),
            extension_act: fields.with("extension_act", act),
            resources: fields.with("resources", resources).unwrap_or_default(),
            expected: fields.with("expected", expected).unwrap_or_default(),
            limits: fields.with("limits", limits).unwrap_or_default(),
        })
    }
}

/// The date of an act.
fn act(node: &Node, at: &str, findings: &mut Findings) -> Option<Day> {
    Fields::read(node, at, findings, |fields| {
        fields.text("act");
        fields.day("date")
    })
    .flatten()
}

fn resources(node: &Node, at: &str, findings: &mut Findings) -> Option<Resources> {
    Fields::read(node, at, findings, |fields| Resources {
        total: fields.amount("total"),
        local_alliances: fields.amount("local_alliances"),
        system_actions: fields.amount("system_actions"),
        system_actions_share: fields.share("system_actions_share"),
    })
}

fn expected(node: &Node, at: &str, findings: &mut Findings) -> Option<Expected> {
    Fields::read(node, at, findings, |fields| Expected {
        citizens: fields.count("citizens"),
        companies: fields.count("companies"),
        direct_budget_min: fields.amount("direct_budget_min"),
    })
}

fn limits(node: &Node, at: &str, findings: &mut Findings) -> Option<Limits> {
    Fields::read(node, at, findings, |fields| Limits {
        coordination_max: fields.share("coordination_max"),
        cofinancing_min: fields.share("cofinancing_min"),
    })
}
