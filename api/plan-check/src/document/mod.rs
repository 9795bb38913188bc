//! What a plan says, section by section. Everything may be missing.

mod activity;
mod allocation;
mod fields;
mod form;
mod network;
mod plan;
mod project;
mod values;

pub(crate) use activity::{Activity, Target};
pub(crate) use allocation::{Allocation, Row};
pub(crate) use network::Composition;
pub(crate) use plan::{Limits, Plan, Resources};
pub(crate) use project::{Budget, Partner, Project};
pub(crate) use values::{Day, Entry, Figure, Month, key, to_year};

use crate::finding::Findings;
use crate::node::Node;
use fields::{Fields, score, text};

#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) provinces: Option<Vec<Entry>>,
    pub(crate) plan: Plan,
    pub(crate) composition: Option<Composition>,
    pub(crate) committee: Option<Vec<Entry>>,
    pub(crate) attendance: Option<Vec<Entry>>,
    pub(crate) criteria: Option<Vec<Criterion>>,
    pub(crate) integration_requested_from: Option<Vec<Entry>>,
    pub(crate) allocation: Option<Allocation>,
    pub(crate) projects: Option<Vec<Project>>,
}

/// What is scored; the real plan names its criteria and not their maxima.
#[derive(Debug)]
pub(crate) struct Criterion {
    pub(crate) code: Option<Entry>,
    pub(crate) maximum: Option<Figure>,
}

impl Document {
    pub(crate) fn read(root: &Node, findings: &mut Findings) -> Self {
        Fields::read(root, "", findings, |fields| {
            fields.text("$schema");
            fields.text("source");
            Self {
                provinces: fields.with("territory", provinces),
                plan: fields.with("plan", Plan::read).unwrap_or_default(),
                composition: fields.with("network_composition", Composition::read),
                committee: fields.list("committee", text),
                attendance: fields.list("evaluation_meeting_attendance", text),
                criteria: fields.list("criteria", criterion),
                integration_requested_from: fields.list("integration_requested_from", text),
                allocation: fields.with("allocation", Allocation::read),
                projects: fields.list("projects", Project::read),
            }
        })
        .unwrap_or_default()
    }
}

fn provinces(node: &Node, at: &str, findings: &mut Findings) -> Option<Vec<Entry>> {
    Fields::read(node, at, findings, |fields| {
        fields.text("code");
        fields.text("name");
        fields.list("provinces", text)
    })
    .flatten()
}

fn criterion(node: &Node, at: &str, findings: &mut Findings) -> Option<Criterion> {
    if let Node::Text(_) = node {
        return Some(Criterion { code: text(node, at, findings), maximum: None });
    }
    Fields::read(node, at, findings, |fields| {
        fields.text("title");
        Criterion { code: fields.text("code"), maximum: fields.with("maximum", score) }
    })
}
