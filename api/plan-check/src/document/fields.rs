//! The fields of one JSON object, read one by one. A field that is missing or null is not there; one of the wrong type
//! is a finding, and is not there either; one that nobody reads is a note.

use super::form::Form;
use super::values::{Dated, Day, Entry, Figure, Month, day, decimal, month, whole};
use crate::finding::Findings;
use crate::node::{Node, below};
use crate::rule::Rule;
use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(super) struct Fields<'n, 'f> {
    entries: &'n [(String, Node)],
    at: String,
    known: Vec<&'static str>,
    findings: &'f mut Findings,
}

/// How an element of a list is read.
pub(super) type Read<T> = fn(&Node, &str, &mut Findings) -> Option<T>;

impl<'n, 'f> Fields<'n, 'f> {
    /// Reads an object field by field, then notes what was not asked for.
    pub(super) fn read<T>(
        node: &'n Node,
        at: &str,
        findings: &'f mut Findings,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let Node::Map(entries) = node else {
            return unreadable(node, at, Form::Object, findings);
        };
        let mut fields = Self { entries, at: at.to_owned(), known: vec![], findings };
        let value = read(&mut fields);
        fields.note_unknown();
        Some(value)
    }

    fn note_unknown(self) {
        for (key, _) in self.entries {
            if !self.known.contains(&key.as_str()) {
                self.findings.check(Rule::UnknownKey, &below(&self.at, key), false, |finding| finding.found(key));
            }
        }
    }

    /// Whether there is a field that nobody asked for so far.
    pub(super) fn has_unknown(&self) -> bool {
        self.entries.iter().any(|(key, _)| !self.known.contains(&key.as_str()))
    }

    fn field(&mut self, key: &'static str) -> Option<(&'n Node, String)> {
        self.known.push(key);
        let (_, node) = self.entries.iter().find(|(name, _)| name == key)?;
        (!matches!(node, Node::Null)).then(|| (node, below(&self.at, key)))
    }

    pub(super) fn with<T>(&mut self, key: &'static str, read: Read<T>) -> Option<T> {
        let (node, at) = self.field(key)?;
        read(node, &at, self.findings)
    }

    pub(super) fn amount(&mut self, key: &'static str) -> Option<Figure> {
        self.with(key, amount)
    }

    pub(super) fn share(&mut self, key: &'static str) -> Option<Figure> {
        self.with(key, share)
    }

    pub(super) fn count(&mut self, key: &'static str) -> Option<Figure> {
        self.with(key, count)
    }

    pub(super) fn score(&mut self, key: &'static str) -> Option<Figure> {
        self.with(key, score)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Entry> {
        self.with(key, text)
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.with(key, |node, at, findings| match node {
            Node::Bool(value) => Some(*value),
            _ => unreadable(node, at, Form::Flag, findings),
        })
    }

    pub(super) fn day(&mut self, key: &'static str) -> Option<Day> {
        self.with(key, |node, at, findings| {
            let date = real(&day(node), node, at, Form::Day, findings)?;
            Some(Day { at: at.to_owned(), date })
        })
    }

    pub(super) fn month(&mut self, key: &'static str) -> Option<Month> {
        self.with(key, |node, at, findings| {
            let first = real(&month(node), node, at, Form::Month, findings)?;
            Some(Month { at: at.to_owned(), first })
        })
    }

    /// The elements of a list; one that cannot be read is a hole, so that the others keep their places.
    pub(super) fn slots<T>(&mut self, key: &'static str, read: Read<T>) -> Option<Vec<Option<T>>> {
        let (node, at) = self.field(key)?;
        slots(node, &at, read, self.findings)
    }

    /// The elements of a list, if all of them can be read.
    pub(super) fn list<T>(&mut self, key: &'static str, read: Read<T>) -> Option<Vec<T>> {
        self.slots(key, read)?.into_iter().collect()
    }

    /// The entries of an object whose keys are data.
    pub(super) fn map<T>(&mut self, key: &'static str, read: Read<T>) -> Option<Vec<(Entry, T)>> {
        let (node, at) = self.field(key)?;
        let Node::Map(entries) = node else { return unreadable(node, &at, Form::Object, self.findings) };
        let mut map = vec![];
        for (key, node) in entries.iter().filter(|(_, node)| !matches!(node, Node::Null)) {
            let entry = Entry { at: below(&at, key), text: key.clone() };
            let value = read(node, &entry.at, self.findings);
            map.push(value.map(|value| (entry, value)));
        }
        map.into_iter().collect()
    }
}

pub(super) fn slots<T>(node: &Node, at: &str, read: Read<T>, findings: &mut Findings) -> Option<Vec<Option<T>>> {
    let Node::List(items) = node else { return unreadable(node, at, Form::List, findings) };
    Some(items.iter().enumerate().map(|(index, item)| read(item, &below(at, index), findings)).collect())
}

/// A list of exactly `N` elements.
pub(super) fn tuple<'n, const N: usize>(
    node: &'n Node,
    at: &str,
    findings: &mut Findings,
) -> Option<&'n [Node; N]> {
    let Node::List(items) = node else { return unreadable(node, at, Form::List, findings) };
    if let Ok(items) = items.as_slice().try_into() {
        Some(items)
    } else {
        unreadable(node, at, Form::Tuple(N), findings)
    }
}

pub(super) fn amount(node: &Node, at: &str, findings: &mut Findings) -> Option<Figure> {
    let Some(value) = decimal(node) else { return unreadable(node, at, Form::Amount, findings) };
    findings.check(Rule::AmountNegative, at, value >= Decimal::ZERO, |f| f.expected(">= 0.00").found(value));
    let cents = value.round_dp(2);
    let in_cents = findings.check(Rule::AmountPrecision, at, value == cents, |f| f.expected(cents).found(value));
    // What is not an amount cannot be added up or compared either: the sums would differ by less than they show.
    in_cents.then(|| Figure { at: at.to_owned(), value })
}

pub(super) fn share(node: &Node, at: &str, findings: &mut Findings) -> Option<Figure> {
    let Some(value) = decimal(node) else { return unreadable(node, at, Form::Share, findings) };
    let within = value >= Decimal::ZERO && value <= Decimal::ONE;
    // A percentage such as 87 for 0.87 would make nonsense of every amount that it is applied to.
    let within = findings.check(Rule::ShareRange, at, within, |f| f.expected("0 - 1").found(value));
    within.then(|| Figure { at: at.to_owned(), value })
}

pub(super) fn count(node: &Node, at: &str, findings: &mut Findings) -> Option<Figure> {
    let Some(value) = whole(node) else { return unreadable(node, at, Form::Count, findings) };
    Some(not_negative(Figure { at: at.to_owned(), value }, findings))
}

pub(super) fn score(node: &Node, at: &str, findings: &mut Findings) -> Option<Figure> {
    let Some(value) = decimal(node) else { return unreadable(node, at, Form::Score, findings) };
    Some(not_negative(Figure { at: at.to_owned(), value }, findings))
}

fn not_negative(figure: Figure, findings: &mut Findings) -> Figure {
    findings.check(Rule::CountNegative, &figure.at, figure.value >= Decimal::ZERO, |f| {
        f.expected(">= 0").found(&figure)
    });
    figure
}

pub(super) fn text(node: &Node, at: &str, findings: &mut Findings) -> Option<Entry> {
    match node {
        Node::Text(text) => Some(Entry { at: at.to_owned(), text: text.clone() }),
        _ => unreadable(node, at, Form::Text, findings),
    }
}

fn real(dated: &Dated, node: &Node, at: &str, form: Form, findings: &mut Findings) -> Option<NaiveDate> {
    let date = match dated {
        Dated::On(date) => Some(*date),
        Dated::NotInCalendar => None,
        Dated::NoDate => return unreadable(node, at, form, findings),
    };
    findings.check(Rule::DateUnreal, at, date.is_some(), |f| form.explain(f.found(shown(node))));
    date
}

fn unreadable<T>(node: &Node, at: &str, form: Form, findings: &mut Findings) -> Option<T> {
    findings.check(Rule::ValueUnreadable, at, false, |f| form.explain(f.found(shown(node))));
    None
}

fn shown(node: &Node) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Number(number) => number.to_string(),
        Node::Text(text) => format!("\"{text}\""),
        Node::List(items) => format!("[] ({})", items.len()),
        Node::Map(entries) => format!("{{}} ({})", entries.len()),
    }
}
