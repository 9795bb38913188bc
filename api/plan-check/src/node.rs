//! The file as a tree that forgets nothing, not even a key that stands twice.

use crate::Unreadable;
use crate::finding::Findings;
use crate::rule::Rule;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// Nesting beyond 128 levels is refused by the JSON reader.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        serde_json::from_str(text).map_err(|error| Unreadable::NotJson {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        })
    }
}

/// One level down in a JSON Pointer (RFC 6901).
pub(crate) fn below(at: &str, key: impl fmt::Display) -> String {
    format!("{at}/{}", key.to_string().replace('~', "~0").replace('/', "~1"))
}

pub(crate) fn find_repeated_keys(node: &Node, at: &str, findings: &mut Findings) {
    let holds_keys = |node: &Node| matches!(node, Node::Map(_) | Node::List(_));
    match node {
        Node::Map(entries) => {
            let mut seen = HashSet::new();
            for (key, value) in entries {
                findings.check(Rule::RepeatedKey, at, seen.insert(key), |finding| {
                    finding.found(key).at(below(at, key))
                });
                if holds_keys(value) {
                    find_repeated_keys(value, &below(at, key), findings);
                }
            }
        }
        Node::List(items) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| holds_keys(item)) {
                find_repeated_keys(item, &below(at, index), findings);
            }
        }
        _ => {}
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Node::Null, Node::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = vec![];
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = vec![];
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}
