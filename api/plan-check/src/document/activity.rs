use super::fields::{Fields, amount, count, tuple};
use super::form::Form;
use super::values::{Entry, Figure, Month};
use crate::finding::Findings;
use crate::node::{Node, below};
use crate::rule::Rule;

#[derive(Debug)]
pub(crate) struct Activity {
    pub(crate) at: String,
    pub(crate) number: Option<Figure>,
    /// First and last month of the project's calendar.
    pub(crate) months: Option<[Figure; 2]>,
    pub(crate) month_list: Option<Vec<Figure>>,
    pub(crate) from: Option<Month>,
    pub(crate) to: Option<Month>,
    pub(crate) targets: Vec<(Entry, Target)>,
}

/// What an activity aims at.
#[derive(Debug)]
pub(crate) enum Target {
    Number(Figure),
    /// A number for each year.
    Years(Vec<(Entry, Figure)>),
    /// So many of something worth so much each.
    Worth {
        count: Option<Figure>,
        value: Option<Figure>,
    },
    /// Said in words, or in a way that has no arithmetic.
    Words,
}

impl Activity {
    pub(super) fn read(node: &Node, at: &str, findings: &mut Findings) -> Option<Self> {
        Fields::read(node, at, findings, |fields| {
            fields.text("title");
            Self {
                at: at.to_owned(),
                number: fields.count("n"),
                months: fields.with("months", pair),
                month_list: fields.list("month_list", count),
                from: fields.month("from"),
                to: fields.month("to"),
                targets: fields.map("targets", target).unwrap_or_default(),
            }
        })
    }
}

fn pair(node: &Node, at: &str, findings: &mut Findings) -> Option<[Figure; 2]> {
    let [first, last] = tuple(node, at, findings)?;
    let first = count(first, &below(at, 0), findings);
    let last = count(last, &below(at, 1), findings);
    Some([first?, last?])
}

fn target(node: &Node, at: &str, findings: &mut Findings) -> Option<Target> {
    match node {
        Node::Number(_) => super::fields::score(node, at, findings).map(Target::Number),
        Node::Map(entries) if is_by_year(entries) => {
            let said = entries.iter().filter(|(_, node)| !matches!(node, Node::Null));
            let years = said.map(|(year, node)| {
                let entry = Entry { at: below(at, year), text: year.clone() };
                count(node, &entry.at, findings).map(|figure| (entry, figure))
            });
            years.collect::<Option<_>>().map(Target::Years)
        }
        Node::Map(_) => Fields::read(node, at, findings, |fields| {
            fields.text("use");
            Target::Worth { count: fields.with("count", count), value: fields.with("value", amount) }
        }),
        Node::Text(_) | Node::Bool(_) | Node::Null => Some(Target::Words),
        Node::List(_) => {
            findings.check(Rule::UnknownValue, at, false, |f| Form::Target.explain(f.found("[]")));
            Some(Target::Words)
        }
    }
}

fn is_by_year(entries: &[(String, Node)]) -> bool {
    !entries.is_empty() && entries.iter().all(|(key, _)| key.len() == 4 && key.bytes().all(|b| b.is_ascii_digit()))
}
