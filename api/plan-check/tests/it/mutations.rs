//! One number changed anywhere in the real plan: something is found, unless the number is free.

use crate::plans::{everything, failures, mended, places};
use concilia_plan_check::Rule;
use serde_json::{Value, json};

/// The numbers that nothing else in the document speaks of, each with the reason.
fn is_free(pointer: &str) -> bool {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    match parts.as_slice() {
        // How much is expected is a wish: less than what the targets reach is no contradiction. The percentages before
        // the cut may have been any that are not lower than the final ones.
        ["plan", "expected", _] | ["allocation", "initial_band_percentages", _] => true,
        ["projects", _, rest @ ..] => {
            // A longer calendar holds the same activities; coordination is a part of the staff, with limits that are
            // tested by themselves.
            *rest == ["calendar_months"]
                || *rest == ["budget", "A_coordination"]
                // Activities may take other months of the calendar, as long as these are in order.
                || matches!(rest, ["activities", _, "months" | "month_list", _])
                // Targets are wishes too; how many vouchers there are, and of how much, is not among them.
                || matches!(rest, ["activities", _, "targets", _])
                || matches!(rest, ["activities", _, "targets", "workers", _])
        }
        _ => false,
    }
}

/// Other values for a number, written as the number was.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            [number + 1, number - 1, number * 2 + 3].into_iter().map(Value::from).collect()
        }
        Value::String(text) => {
            let Ok(amount) = text.parse::<f64>() else { return vec![] };
            let decimals = text.split_once('.').map_or(0, |(_, cents)| cents.len());
            let changes: &[f64] = if amount <= 1.0 && decimals == 2 && text != "0.00" && text != "1.00" {
                &[0.01, -0.01]
            } else {
                &[0.01, 10.0, -1.0]
            };
            changes.iter().map(|change| json!(format!("{:.2}", amount + change))).collect()
        }
        _ => vec![],
    }
}

fn is_reference(pointer: &str) -> bool {
    pointer.ends_with("/ref")
}

#[test]
fn a_number_changed_anywhere_is_noticed() {
    let plan = mended();
    let (mut tried, mut free) = (0, 0);
    let mut missed = vec![];
    for pointer in places(&plan).iter().filter(|pointer| !is_reference(pointer)) {
        for other in others(plan.pointer(pointer).unwrap()) {
            let mut changed = plan.clone();
            *changed.pointer_mut(pointer).unwrap() = other.clone();
            tried += 1;
            if is_free(pointer) {
                free += 1;
            } else if everything(&changed).is_empty() {
                missed.push(format!("{pointer}: {} -> {other}", plan.pointer(pointer).unwrap()));
            }
        }
    }
    assert!(missed.is_empty(), "{} of {tried} missed:\n{}", missed.len(), missed.join("\n"));
    assert!(tried > 700 && free * 4 < tried, "{tried} tried, {free} free");
}

/// Where one figure disagrees with several others that agree among themselves, it is named once.
#[test]
fn most_changes_of_an_amount_give_one_finding_at_its_place_or_at_the_sum_it_is_in() {
    let plan = mended();
    let mut noise = vec![];
    for pointer in places(&plan).iter().filter(|pointer| !is_reference(pointer)) {
        let text = plan.pointer(pointer).unwrap().as_str().unwrap_or_default();
        let Ok(amount) = text.parse::<f64>() else { continue };
        let mut changed = plan.clone();
        *changed.pointer_mut(pointer).unwrap() =
            json!(format!("{:.2}", amount + if amount > 1.0 { 1.0 } else { 0.01 }));
        let found = failures(&changed);
        // Figures that stand at their limit break that rule as well.
        let limits = [Rule::CofinancingMinimum, Rule::CoordinationLimit, Rule::BandPercentagesCut];
        let distinct = found.iter().filter(|(rule, _)| !limits.contains(rule));
        if distinct.count() > 1 {
            noise.push(format!("{pointer}: {found:?}"));
        }
    }
    assert!(noise.is_empty(), "{} noisy:\n{}", noise.len(), noise.join("\n"));
}
