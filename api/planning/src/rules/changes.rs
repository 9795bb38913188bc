//! What differs between two snapshots of a project.

use concilia_kernel::text_enum;
use serde_json::{Map, Value};

text_enum! {
    /// What happened to a part of a project.
    pub enum ChangeKind {
        Added = "added",
        Removed = "removed",
        Changed = "changed",
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub kind: ChangeKind,
    /// JSON Pointer into the later snapshot; into the earlier one for what was removed.
    pub pointer: String,
    /// The partner or activity that it is about.
    pub subject: Option<String>,
    /// Absent where added.
    pub before: Option<Value>,
    /// Absent where removed.
    pub after: Option<Value>,
}

/// Every difference, in the order of the snapshot. Partners are matched by organisation, activities by identifier,
/// targets by year and measure, so that a mere change of order is none.
pub fn between(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = vec![];
    compare(before, after, "", None, &mut changes);
    changes
}

fn compare(before: &Value, after: &Value, at: &str, subject: Option<&str>, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => objects(before, after, at, subject, changes),
        (Value::Array(before), Value::Array(after)) if before.iter().chain(after).all(Value::is_object) => {
            lists(before, after, at, subject, changes);
        }
        _ => changes.push(Change {
            kind: ChangeKind::Changed,
            pointer: at.to_owned(),
            subject: subject.map(str::to_owned),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

fn objects(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    at: &str,
    subject: Option<&str>,
    changes: &mut Vec<Change>,
) {
    let added = after.keys().filter(|key| !before.contains_key(*key));
    for key in before.keys().chain(added) {
        let (old, new) = (before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null));
        compare(old, new, &format!("{at}/{key}"), subject, changes);
    }
}

fn lists(before: &[Value], after: &[Value], at: &str, subject: Option<&str>, changes: &mut Vec<Change>) {
    for (index, old) in before.iter().enumerate() {
        let pointer = format!("{at}/{index}");
        let named = name_of(old).or(subject);
        match after.iter().position(|new| identity(new) == identity(old)) {
            Some(now) => compare(old, &after[now], &format!("{at}/{now}"), named, changes),
            None => changes.push(Change {
                kind: ChangeKind::Removed,
                pointer,
                subject: named.map(str::to_owned),
                before: Some(old.clone()),
                after: None,
            }),
        }
    }
    for (index, new) in after.iter().enumerate() {
        if before.iter().all(|old| identity(old) != identity(new)) {
            changes.push(Change {
                kind: ChangeKind::Added,
                pointer: format!("{at}/{index}"),
                subject: name_of(new).or(subject).map(str::to_owned),
                before: None,
                after: Some(new.clone()),
            });
        }
    }
}

/// What tells an element of a list from the others.
fn identity(element: &Value) -> (&Value, &Value) {
    if let Some(organisation) = element.pointer("/organisation/id") {
        return (organisation, &Value::Null);
    }
    match element.get("id") {
        Some(id) => (id, &Value::Null),
        None => (&element["year"], &element["measure"]),
    }
}

fn name_of(element: &Value) -> Option<&str> {
    element.pointer("/organisation/name").or_else(|| element.get("title")).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn partner(id: u8, name: &str, role: &str) -> Value {
        json!({"organisation": {"id": id, "name": name}, "role": role})
    }

    fn told(before: &Value, after: &Value) -> Vec<(ChangeKind, String, Option<String>)> {
        between(before, after).into_iter().map(|change| (change.kind, change.pointer, change.subject)).collect()
    }

    #[test]
    fn equal_snapshots_do_not_differ() {
        let one = json!({"title": "A", "partners": [partner(1, "Uno", "network")]});
        assert_eq!(between(&one, &one), []);
    }

    #[test]
    fn a_change_of_order_is_none() {
        let (one, two) = (partner(1, "Uno", "network"), partner(2, "Due", "implementing"));
        assert_eq!(told(&json!({"partners": [one, two]}), &json!({"partners": [two, one]})), []);
    }

    #[test]
    fn amounts_partners_and_targets_are_told_apart() {
        let before = json!({
            "budget": {"total": "100.00", "goods": "5.00"},
            "partners": [partner(1, "Uno", "network"), partner(2, "Due", "implementing")],
            "activities": [{"id": "x", "title": "Sportello", "months": ["2020-06"],
                            "targets": [{"year": 2020, "measure": "people", "expected": 10}]}],
        });
        let after = json!({
            "budget": {"total": "90.00", "goods": "5.00"},
            "partners": [partner(2, "Due", "institutional"), partner(3, "Tre", "network")],
            "activities": [{"id": "x", "title": "Sportello", "months": ["2020-06", "2020-07"],
                            "targets": [{"year": 2020, "measure": "people", "expected": 12},
                                        {"year": 2020, "measure": "events", "expected": 1}]}],
        });
        let some = |text: &str| Some(text.to_owned());
        let expected = [
            (ChangeKind::Changed, "/budget/total", None),
            (ChangeKind::Removed, "/partners/0", some("Uno")),
            (ChangeKind::Changed, "/partners/0/role", some("Due")),
            (ChangeKind::Added, "/partners/1", some("Tre")),
            (ChangeKind::Changed, "/activities/0/months", some("Sportello")),
            (ChangeKind::Changed, "/activities/0/targets/0/expected", some("Sportello")),
            (ChangeKind::Added, "/activities/0/targets/1", some("Sportello")),
        ];
        let expected = expected.map(|(kind, pointer, subject)| (kind, pointer.to_owned(), subject));
        assert_eq!(told(&before, &after), expected);
        assert_eq!(between(&before, &after)[0].before, Some(json!("100.00")));
    }

    #[test]
    fn what_gets_a_value_for_the_first_time_changed_from_nothing() {
        let changes = between(&json!({"summary": null}), &json!({"summary": "Testo"}));
        assert_eq!((&changes[0].before, &changes[0].after), (&Some(Value::Null), &Some(json!("Testo"))));
    }
}
