//! Every body of the plan cycle, spoiled field by field: refused by name, never taken, never a 500.

use super::world::{World, put, text};
use concilia_kernel::new_id;
use concilia_tests::{Answer, Caller};
use reqwest::Method;
use serde_json::{Value, json};

const CONTEXTS: [&str; 5] = ["planning", "governance", "evaluation", "allocation", "funding"];

struct Operation {
    id: String,
    method: Method,
    path: String,
    example: Value,
}

/// The operations of the plan cycle that take a JSON body.
fn operations(contract: &Value) -> Vec<Operation> {
    let mut found = vec![];
    for (path, item) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let example = operation.pointer("/requestBody/content/application~1json/example");
            let ours = CONTEXTS.iter().any(|context| operation["tags"][0] == json!(context));
            // A check of a plan answers what is wrong with it, whatever it is.
            let checks = operation["operationId"] == "check_plan";
            let (Some(example), true) = (example, ours && !checks) else { continue };
            found.push(Operation {
                id: text(&operation["operationId"]),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                example: example.clone(),
            });
        }
    }
    found
}

/// Pointers to the values of a body that are neither an object nor an array.
fn leaves(body: &Value, at: &str, found: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().take(1).for_each(|value| leaves(value, &format!("{at}/0"), found));
        }
        Value::Null => {}
        _ => found.push(at.to_owned()),
    }
}

/// What a value is spoiled with.
fn spoiled(value: &Value, foreign: &str) -> Vec<Value> {
    let Some(text) = value.as_str() else {
        return match value {
            Value::Bool(_) => vec![json!("yes"), json!(1)],
            _ => vec![json!(-1), json!(1e300), json!(99_999_999_999_999_999_999_f64), json!("1"), json!(1.5)],
        };
    };
    let is_amount = text.split_once('.').is_some_and(|(whole, rest)| {
        !whole.is_empty()
            && rest.len() == 2
            && [whole, rest].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    });
    let mut with = vec![json!("a\u{0}b"), json!("x".repeat(30_000)), json!([]), json!({"a": 1})];
    if text.parse::<uuid::Uuid>().is_ok() {
        with.extend([json!(foreign), json!(new_id()), json!("00000000-0000-0000-0000-00000000000")]);
    } else if is_amount {
        // A share has up to four decimals.
        let too_fine = if text.starts_with("0.") { "0.00001" } else { "0.001" };
        with.extend(
            ["-1.00", "99999999999999999999.99", "1e9", "NaN", too_fine, "1,00", "٣.00"].map(|bad| json!(bad)),
        );
        with.push(json!(5));
    } else if text.get(4..5) == Some("-") && text.get(7..8) == Some("-") {
        let rest = &text[10..];
        with.extend(
            ["2026-02-31", "2026-13-01", "0000-00-00", "99999-01-01", "1820-01-01"]
                .map(|day| json!(format!("{day}{rest}"))),
        );
    }
    with
}

/// Somebody of every side, so that the body is looked at, whoever may send it.
async fn everybody(world: &World) -> Caller {
    let agency = world.organisation("ATS della Val Padana").await;
    let (lead, clean) = (world.organisation("ASST di Crema").await, world.organisation("Comune di Mantova").await);
    let roles = [("ats", agency.as_str()), ("alliance_lead", &lead), ("provider", &lead), ("evaluator", &clean)];
    world.enrol(&roles).await.caller
}

/// The address of an operation, with things of the territory where there are some.
async fn address(world: &World, path: &str) -> String {
    let mut address = path.to_owned();
    while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
        let table = match &address[from + 1..to] {
            "body_id" => "bodies".to_owned(),
            "seat_id" => "committee_seats".to_owned(),
            "minutes_id" => "minutes".to_owned(),
            name => format!("{}s", name.trim_end_matches("_id")),
        };
        let first =
            format!("SELECT id FROM {table} WHERE territory_id = '{}' ORDER BY id LIMIT 1", world.territory);
        let id = world.value(&format!("SELECT coalesce(({first}), uuid_v7())")).await;
        address.replace_range(from..=to, &id);
    }
    address
}

#[tokio::test]
async fn no_spoiled_field_is_taken_and_none_breaks_the_server() {
    let world = World::start().await;
    let caller = everybody(&world).await.with("if-match", "*");
    let contract = world.server.anyone().get("/openapi.json").await.expect(200);
    let operations = operations(&contract);
    assert!(operations.len() > 60, "{}", operations.len());
    let foreign = world.foreign("organisations").await;
    let mut sent = 0;
    for operation in &operations {
        let address = address(&world, &operation.path).await;
        let mut pointers = vec![];
        leaves(&operation.example, "", &mut pointers);
        for pointer in pointers {
            let value = operation.example.pointer(&pointer).expect("a value");
            for bad in spoiled(value, &foreign) {
                let mut body = operation.example.clone();
                *body.pointer_mut(&pointer).expect("a value") = bad.clone();
                let request = caller.request(operation.method.clone(), &address).json(&body);
                let answer = Answer::of(request.send().await.expect("an answer")).await;
                let shown: String = bad.to_string().chars().take(40).collect();
                assert!(
                    (400..500).contains(&answer.status),
                    "{} {pointer} {shown}: {}",
                    operation.id,
                    answer.body
                );
                assert_eq!(answer.headers["content-type"], "application/problem+json");
                sent += 1;
            }
        }
        let broken = caller.request(operation.method.clone(), &address).header("content-type", "application/json");
        for raw in ["", "null", "[]", "{\"a\":", "{\"unheard_of\": true}", "\"\u{0}\""] {
            let request = broken.try_clone().expect("a request").body(raw);
            let answer = Answer::of(request.send().await.expect("an answer")).await;
            assert!((400..500).contains(&answer.status), "{} {raw}: {}", operation.id, answer.body);
        }
    }
    assert!(sent > 1000, "{sent}");
    world.stop().await;
}

#[tokio::test]
async fn versions_and_keys_are_held_to_their_word() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let lead = world.organisation("Comune di Crema").await;
    let project = world.draft(&call, &lead, &[]).await;
    let path = format!("{project}/budget");
    let budget = json!({"staff": "0.00", "coordination": "0.00", "goods": "0.00", "services": "10000.00",
        "vouchers": "0.00", "general": "0.00", "requested_grant": "7000.00"});
    assert_eq!(world.alliances.put(&path, &budget).await.code(428), "precondition_required");
    for tag in ["1", "W/\"1\"", "\"x\"", "\"-1\"", "\"99999999999999999999\"", "\"0\"", ""] {
        let refused = world.alliances.with("if-match", tag).put(&path, &budget).await;
        assert!(matches!(refused.status, 400 | 412 | 428), "{tag}: {}", refused.body);
    }
    let seen = world.alliances.get(&project).await.etag().to_owned();
    put(&world.alliances, &project, &path, &budget).await.expect(200);
    assert_eq!(world.alliances.with("if-match", &seen).put(&path, &budget).await.code(412), "precondition_failed");

    // One key is one request, of one person; another's is another's.
    let keyed = world.alliances.with("idempotency-key", "one");
    let submit = format!("{project}/submit");
    let first = keyed.act(&submit).await.expect(200);
    assert_eq!(keyed.act(&submit).await.expect(200), first);
    let reused =
        keyed.post(&format!("{project}/partners"), &json!({"organisation_id": lead, "role": "network"})).await;
    assert_eq!(reused.code(422), "idempotency_key_reused");
    let other = world.ats.with("idempotency-key", "one");
    other.act(&format!("{project}/admit")).await.expect(200);
    // A refusal leaves its key free.
    let keyed = world.ats.with("idempotency-key", "two");
    let close = format!("{call}/close");
    assert_eq!(keyed.post(&close, &json!({"reason": ""})).await.code(422), "validation_failed");
    keyed.post(&close, &json!({"reason": "Termine"})).await.expect(200);
    for key in ["", " ", &"k".repeat(256)] {
        let refused = world.ats.with("idempotency-key", key).act(&format!("{call}/start-evaluation")).await;
        assert!(matches!(refused.status, 400 | 422), "{key:?}: {} {}", refused.status, refused.body);
    }
    world.stop().await;
}
