//! The demo's first year of the real plan: its awards to the cent, its money followed both ways, its figures.

use concilia_kernel::Money;
use concilia_tests::{Caller, TestServer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the published plan assigned, by the number of the project.
const ASSIGNED: [(&str, &str); 7] = [
    ("2.1", "34800.00"),
    ("2.2", "15180.00"),
    ("2.3", "23100.00"),
    ("2.4", "34800.00"),
    ("2.5", "20038.40"),
    ("2.6", "26400.00"),
    ("2.7", "17400.00"),
];

fn euro(value: &Value) -> Money {
    value.as_str().unwrap_or_else(|| panic!("no amount: {value}")).parse().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Every item of a list.
async fn all(caller: &Caller, path: &str) -> Vec<Value> {
    let join = if path.contains('?') { '&' } else { '?' };
    let (mut items, mut cursor) = (vec![], String::new());
    loop {
        let page = caller.get(&format!("{path}{join}limit=200{cursor}")).await.expect(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// The published plan.
async fn plan(caller: &Caller) -> Value {
    let plans = all(caller, "/v1/plans").await;
    plans.into_iter().find(|plan| plan["from_year"] == 2020).expect("the plan 2020-2023")
}

#[tokio::test]
async fn the_awards_of_2020_are_exact() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    let plan = plan(&ats).await;
    let calls = all(&ats, &format!("/v1/project-calls?plan_id={}", text(&plan["id"]))).await;
    let [call] = calls.as_slice() else { panic!("one call: {calls:?}") };
    let awards = all(&ats, &format!("/v1/project-calls/{}/awards", text(&call["id"]))).await;
    let assigned: BTreeMap<&str, &str> = awards
        .iter()
        .map(|award| (text(&award["project"]["reference"]), text(&award["assigned_grant"])))
        .collect();
    assert_eq!(assigned, BTreeMap::from(ASSIGNED));
    let sum: Money = awards.iter().map(|award| euro(&award["assigned_grant"])).sum();
    assert_eq!(sum.to_string(), "171718.40");
    assert!(awards.iter().all(|award| award["project_state"] == "running"), "{awards:?}");
    let archive = ats.act(&format!("/v1/project-calls/{}/archive", text(&call["id"]))).await;
    assert_eq!(archive.code(409), "conflict", "its projects are under way");
    // What each grant became is what was awarded, and no more than it was paid.
    for award in &awards {
        let grant = ats.get(&format!("/v1/projects/{}/grant", text(&award["project"]["id"]))).await.expect(200);
        assert_eq!(grant["assigned"], award["assigned_grant"], "{grant}");
        let (paid, ordered) = (euro(&grant["paid"]), euro(&grant["ordered"]));
        assert!(paid.is_positive() && paid == ordered && paid < euro(&grant["assigned"]), "{grant}");
        for item in grant["items"].as_array().unwrap() {
            assert!(euro(&item["validated"]) <= euro(&item["budget"]), "{item}");
        }
    }
    server.stop().await;
}

/// Each parent passes on what its children got and did not give back, where all of them are in the trace; a project what
/// it got and had.
fn assert_adds_up(nodes: &[Value]) {
    let mut passed: HashMap<(&str, &str), (Money, u64)> = HashMap::new();
    for node in nodes.iter().filter(|node| !node["parent_id"].is_null()) {
        let entry = passed.entry((text(&node["parent_kind"]), text(&node["parent_id"]))).or_default();
        entry.0 += euro(&node["amount_in"]) - euro(&node["amount_back"]);
        entry.1 += 1;
    }
    for node in nodes {
        if node["kind"] == "project" && node["children"] != 0 {
            let kept = euro(&node["amount_in"]) + euro(&node["amount_added"]) - euro(&node["amount_back"]);
            assert_eq!(euro(&node["amount_out"]), kept, "{node}");
        }
        let children = passed.get(&(text(&node["kind"]), text(&node["id"])));
        if let Some((sum, count)) = children
            && Some(*count) == node["children"].as_u64()
        {
            assert_eq!(euro(&node["amount_out"]), *sum, "{node}");
        }
    }
}

#[tokio::test]
async fn one_euro_is_followed_from_the_plan_to_an_order_and_back() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    // Down: from the plan of the portal's project to the orders of families.
    let territory = text(&plan(&ats).await["territory_id"]).to_owned();
    let plans = all(&ats, &format!("/v1/plans?territory_id={territory}")).await;
    let present = plans.iter().find(|plan| plan["from_year"] != 2020).expect("the present plan");
    let down = all(&ats, &format!("/v1/funding-trace?plan_id={}", text(&present["id"]))).await;
    assert_adds_up(&down);
    let kinds: BTreeSet<&str> = down.iter().map(|node| text(&node["kind"])).collect();
    for kind in ["plan", "project_call", "project", "cost_item", "voucher_call", "voucher", "order"] {
        assert!(kinds.contains(kind), "no {kind} below the plan: {kinds:?}");
    }
    // Up: from one of those orders, parent by parent, to the same plan.
    let order = down.iter().find(|node| node["kind"] == "order").unwrap();
    let up = all(&ats, &format!("/v1/funding-trace?order_id={}", text(&order["id"]))).await;
    let by_key: HashMap<(&str, &str), &Value> =
        up.iter().map(|node| ((text(&node["kind"]), text(&node["id"])), node)).collect();
    let mut path = vec![];
    let mut node = by_key[&("order", text(&order["id"]))];
    loop {
        path.push(text(&node["kind"]));
        if node["parent_id"].is_null() {
            break;
        }
        let parent = by_key[&(text(&node["parent_kind"]), text(&node["parent_id"]))];
        assert!(euro(&node["amount_in"]) <= euro(&parent["amount_out"]), "{node} of {parent}");
        node = parent;
    }
    assert_eq!(path, ["order", "voucher", "voucher_call", "cost_item", "project", "project_call", "plan"]);
    assert_eq!(node["id"], present["id"]);
    server.stop().await;
}

#[tokio::test]
async fn the_published_plan_passes_all_of_its_money_on() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    let plan = plan(&ats).await;
    let nodes = all(&ats, &format!("/v1/funding-trace?plan_id={}", text(&plan["id"]))).await;
    assert_adds_up(&nodes);
    let of = |kind: &str| nodes.iter().filter(|node| node["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("plan")[0]["amount_in"], "171718.40");
    assert_eq!(of("project_call")[0]["amount_out"], "171718.40");
    assert_eq!(of("project").len(), 7);
    for project in of("project") {
        let with_cofinancing = euro(&project["amount_in"]) + euro(&project["amount_added"]);
        assert_eq!(euro(&project["amount_out"]), with_cofinancing, "{project}");
        assert!(euro(&project["grant_paid"]).is_positive(), "{project}");
    }
    server.stop().await;
}

#[tokio::test]
async fn no_figure_of_the_published_plan_is_zero_by_accident() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    let plan = plan(&ats).await;
    let figures = all(&ats, &format!("/v1/plans/{}/indicators", text(&plan["id"]))).await;
    let zeros: BTreeSet<(&str, &str)> = figures
        .iter()
        .filter(|figure| text(&figure["numerator"]).parse::<f64>() == Ok(0.0))
        .map(|figure| (text(&figure["indicator"]), figure["project"]["reference"].as_str().unwrap_or("-")))
        .collect();
    // No project is concluded; the partners of 2.3 and 2.5 that put something in are all public.
    let expected = [
        ("projects_concluded", "-"),
        ("project_private_cofinancing", "2.3"),
        ("project_private_cofinancing", "2.5"),
    ];
    // Where no private partner put anything in, there is no record, hence no numerator above zero.
    assert_eq!(zeros, BTreeSet::from(expected));
    let codes: BTreeSet<&str> = figures.iter().map(|figure| text(&figure["indicator"])).collect();
    assert_eq!(codes.len(), 19, "every indicator is there: {codes:?}");
    // Each figure is the sum of its records, to the cent.
    let records = all(&ats, &format!("/v1/plans/{}/indicator-records", text(&plan["id"]))).await;
    let mut sums: HashMap<(String, String, String, String), i64> = HashMap::new();
    let cents = |value: &Value| (text(value).parse::<f64>().unwrap() * 100.0).round() as i64;
    for record in &records {
        let key = ["indicator", "project_id", "dimension", "side"].map(|name| record[name].to_string());
        let [indicator, project, dimension, side] = key;
        *sums.entry((indicator, project, dimension, side)).or_default() += cents(&record["amount"]);
    }
    for figure in &figures {
        for side in ["numerator", "denominator"] {
            let key = (
                figure["indicator"].to_string(),
                figure["project"]["id"].to_string(),
                figure["dimension"].to_string(),
                format!("\"{side}\""),
            );
            let told = figure[side].as_str().map_or(0, |_| cents(&figure[side]));
            assert_eq!(sums.get(&key).copied().unwrap_or(0), told, "{side} of {figure}");
        }
    }
    server.stop().await;
}
