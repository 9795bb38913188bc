//! The published JSON Schema and the reader agree on what can be read.

use crate::plans::{mended, places, real, remove};
use boon::{Compiler, SchemaIndex, Schemas};
use concilia_plan_check::check;
use proptest::prelude::*;
use serde_json::{Value, json};

struct Schema(Schemas, SchemaIndex);

impl Schema {
    fn published() -> Self {
        let schema: Value = serde_json::from_str(include_str!("../../../../openapi/plan.schema.json")).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("plan.json", schema).unwrap();
        let index = compiler.compile("plan.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn admits(&self, plan: &Value) -> bool {
        self.0.validate(plan, self.1).is_ok()
    }
}

fn is_read(plan: &Value) -> bool {
    check(plan.to_string().as_bytes()).is_ok_and(|report| !report.has_unreadable_parts())
}

#[test]
fn the_real_plan_and_the_empty_one_follow_the_schema() {
    let schema = Schema::published();
    assert!(schema.admits(&real()) && schema.admits(&json!({})));
    assert!(!schema.admits(&json!([])) && !schema.admits(&json!({"plan": 1})));
}

/// One value of each type and form that some place of a plan takes, and some that none takes.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-5_i64..3000).prop_map(Value::from),
        Just(json!(5.0)),
        Just(json!(5.5)),
        Just(json!(1e16)),
        Just(json!(-1e16)),
        prop::sample::select(vec![
            "36000",
            "36000.0",
            "-1.00",
            "0.87",
            "1e3",
            "NaN",
            "",
            "1.",
            "1234567890123456",
            "0.1234567890",
            "2020-06",
            "2020-13",
            "2020-02-30",
            "2020-06-01",
            "lead",
            "a",
        ])
        .prop_map(Value::from),
        prop::sample::select(vec![
            json!([]),
            json!({}),
            json!([1, 2]),
            json!([1, 2, 3]),
            json!(["x", "1", 2]),
            json!(["x", "1"]),
            json!([null, 1]),
            json!({"2020": 5, "2021": null}),
            json!({"2020": "5"}),
            json!({"count": 5, "value": "1.00"}),
            json!({"count": "5"}),
            json!({"code": "x", "maximum": "10"}),
            json!({"lead": 1}),
            json!([{"n": 1}]),
            json!(["0.90", 0.5]),
            json!([[1, 2]]),
            json!({"x": [1, 2]}),
            json!({"x": 1}),
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn the_reader_reads_what_the_schema_admits(at in any::<prop::sample::Index>(), value in any_value()) {
        thread_local! { static SCHEMA: Schema = Schema::published(); }
        let mut plan = mended();
        // Small, so that many can be tried: the last project and two rows are enough.
        plan["projects"] = json!([plan["projects"][1], plan["projects"][3], plan["projects"][5]]);
        plan["criteria"][0] = json!({"code": "innovation", "title": "Innovazione", "maximum": 20});
        plan["plan"]["limits"] = json!({"coordination_max": "0.15", "cofinancing_min": "0.30"});
        plan["allocation"]["residue"] = json!("38.40");
        let places = places(&plan);
        let pointer = &places[at.index(places.len())];
        if value.is_null() && at.index(2) == 0 {
            remove(&mut plan, pointer);
        } else {
            *plan.pointer_mut(pointer).unwrap() = value;
        }
        let admitted = SCHEMA.with(|schema| schema.admits(&plan));
        prop_assert_eq!(is_read(&plan), admitted, "{} in {}", pointer, plan.pointer(pointer).cloned().unwrap_or_default());
    }
}

/// An object for each key that `definition` describes, with that key alone.
fn holders(definition: &Value) -> Vec<Value> {
    let mut found = vec![];
    for (key, described) in definition["properties"].as_object().into_iter().flatten() {
        found.push(json!({ key.clone(): null }));
        found.extend(holders(described).into_iter().map(|inner| json!({ key.clone(): inner })));
    }
    found
}

/// A key that the schema describes and the reader does not know would be noted as unknown.
#[test]
fn the_reader_knows_every_key_that_the_schema_describes() {
    let schema: Value = serde_json::from_str(include_str!("../../../../openapi/plan.schema.json")).unwrap();
    let mut plans = holders(&schema);
    for (definition, described) in schema["$defs"].as_object().unwrap() {
        plans.extend(holders(described).into_iter().map(|holder| match definition.as_str() {
            "act" => json!({"plan": {"extension_act": holder}}),
            "plan" | "network_composition" | "allocation" => json!({ definition.clone(): holder }),
            "row" => json!({"allocation": {"rows": [holder]}}),
            "criterion" => json!({"criteria": [holder]}),
            "partner" => json!({"projects": [{"partners": [holder]}]}),
            "budget" => json!({"projects": [{"budget": holder}]}),
            "activity" => json!({"projects": [{"activities": [holder]}]}),
            "project" => json!({"projects": [holder]}),
            other => panic!("{other} has keys"),
        }));
    }
    assert!(plans.len() > 90, "{}", plans.len());
    for plan in plans {
        let report = check(plan.to_string().as_bytes()).unwrap();
        assert!(report.findings().all().is_empty(), "{plan}: {:?}", report.findings().all());
    }
}

/// And the real plan has no key that either does not know.
#[test]
fn every_key_of_the_real_plan_is_described() {
    let schema: Value = serde_json::from_str(include_str!("../../../../openapi/plan.schema.json")).unwrap();
    let described = schema.to_string();
    for pointer in places(&real()) {
        let key = pointer.rsplit('/').next().unwrap();
        let is_data = pointer.contains("/by_kind/") || pointer.contains("/targets/") || key.parse::<u32>().is_ok();
        assert!(is_data || key.is_empty() || described.contains(&format!("\"{key}\":")), "{pointer}");
    }
}
