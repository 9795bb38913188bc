//! One euro, followed both ways, in agreement with the ledger.

use crate::scratch::{Scratch, with_scratch};
use crate::vouchers::{accepted_order, executive, voucher_call};
use concilia_kernel::{Money, Role, new_id};
use serde_json::Value;
use std::collections::HashMap;

fn euro(value: &Value) -> Money {
    value.as_str().unwrap().parse().unwrap()
}

/// All pages of a trace.
pub async fn trace(scratch: &Scratch, query: &str, limit: usize) -> Vec<Value> {
    let (mut nodes, mut cursor) = (vec![], String::new());
    loop {
        let path = format!("/v1/funding-trace?{query}&limit={limit}{cursor}");
        let page = scratch.get(&scratch.officer(), &path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        nodes.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return nodes,
        }
    }
}

/// Each parent passes on what its children got and did not give back; a project what it got, had and kept.
pub fn assert_adds_up(nodes: &[Value]) {
    let mut passed: HashMap<(String, String), Money> = HashMap::new();
    for node in nodes.iter().filter(|node| !node["parent_id"].is_null()) {
        let parent = (node["parent_kind"].to_string(), node["parent_id"].to_string());
        *passed.entry(parent).or_default() += euro(&node["amount_in"]) - euro(&node["amount_back"]);
    }
    for node in nodes {
        if node["kind"] == "project" && node["children"] != 0 {
            let kept = euro(&node["amount_in"]) + euro(&node["amount_added"]) - euro(&node["amount_back"]);
            assert_eq!(euro(&node["amount_out"]), kept, "{node}");
        }
        let key = (node["kind"].to_string(), node["id"].to_string());
        if let Some(passed) = passed.get(&key) {
            assert_eq!(euro(&node["amount_out"]), *passed, "{node}");
        }
    }
}

#[test]
fn one_euro_is_followed_down_and_up() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running_with(&lead, &officer, executive(&scratch)).await;
        let (call, voucher) = voucher_call(&scratch).await;
        let first = accepted_order(&scratch, voucher, 700_10).await;
        let second = accepted_order(&scratch, voucher, 200_05).await;
        let statement = new_id();
        scratch
            .run_sql(&format!(
                "ALTER TABLE provider_statements DISABLE TRIGGER ALL; ALTER TABLE provider_statement_lines DISABLE TRIGGER ALL; \
                 INSERT INTO provider_statements (id, territory_id, store_id, lead_organisation_id, provider_id, state, orders, \
                   covered, family_share, payment_reference, created_by, approved_by, approved_at, paid_at) VALUES \
                   ('{statement}', '{t}', uuid_v7(), '{l}', '{p}', 'paid', 1, 700.10, 0, 'CRO 1', uuid_v7(), uuid_v7(), \
                    now(), now()); \
                 INSERT INTO provider_statement_lines VALUES ('{t}', '{statement}', '{first}', '{voucher}', 700.10, 700.10, 0); \
                 UPDATE orders SET provider_id = '{p}'; \
                 INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, \
                   debit_account, amount, actor_role, reason) \
                 VALUES ('{t}', '{call}', '{voucher}', '{first}', 'pay', 'spent', 'paid', 700.10, 'ats', 'paid');",
                t = scratch.territory_id,
                l = scratch.lead_id,
                p = scratch.partner_id,
            ))
            .await;

        let whole = trace(&scratch, &format!("project_id={}", scratch.project_id), 200).await;
        let kinds: Vec<&str> = whole.iter().map(|node| node["kind"].as_str().unwrap()).collect();
        let mut expected = vec!["plan", "project_call", "project"];
        expected.extend(["cost_item"; 6]);
        expected.extend(["voucher_call", "voucher", "order", "order", "provider_statement", "payment"]);
        assert_eq!(kinds, expected);
        assert_adds_up(&whole);
        // Pages of three tell the same.
        assert_eq!(trace(&scratch, &format!("project_id={}", scratch.project_id), 3).await, whole);
        // From above as well, and without any focus.
        let plan = whole[0]["id"].as_str().unwrap();
        assert_eq!(trace(&scratch, &format!("plan_id={plan}"), 200).await, whole);
        assert_eq!(trace(&scratch, "", 200).await, whole);

        // From the payment up: one node of each kind.
        let payment = whole.last().unwrap();
        let up = trace(&scratch, &format!("payment_id={}", payment["id"].as_str().unwrap()), 200).await;
        let kinds: Vec<&str> = up.iter().map(|node| node["kind"].as_str().unwrap()).collect();
        let chain = [
            "plan",
            "project_call",
            "project",
            "cost_item",
            "voucher_call",
            "voucher",
            "order",
            "provider_statement",
            "payment",
        ];
        assert_eq!(kinds, chain);
        for (node, parent) in up.iter().skip(1).zip(&up) {
            assert_eq!((&node["parent_kind"], &node["parent_id"]), (&parent["kind"], &parent["id"]));
        }
        assert_eq!(trace(&scratch, &format!("provider_statement_id={statement}"), 200).await, up);
        let amounts: Vec<&Value> = up.iter().map(|node| &node["amount_in"]).collect();
        assert_eq!(
            serde_json::json!(amounts),
            serde_json::json!([
                "171718.40",
                "171718.40",
                "20038.40",
                "3000.00",
                "3000.00",
                "3000.00",
                "700.10",
                "700.10",
                "700.10"
            ])
        );
        // The other order has been accepted and not been charged.
        let other = trace(&scratch, &format!("order_id={second}&voucher_id={voucher}"), 200).await;
        assert_eq!(other.last().unwrap()["kind"], "order");
        assert_eq!(other.last().unwrap()["amount_out"], "0.00");

        // What does not belong together is not found, nor is what is of others.
        let path = |query: String| format!("/v1/funding-trace?{query}");
        for wrong in [
            format!("order_id={second}&provider_statement_id={statement}"),
            format!("voucher_id={voucher}&project_id={}", new_id()),
            format!("voucher_call_id={}", new_id()),
        ] {
            scratch.get(&officer, &path(wrong)).await.refuses(404, "not_found");
        }
        let stranger = scratch.actor(Role::AllianceLead, scratch.outsider_id);
        for focus in [format!("voucher_id={voucher}"), format!("plan_id={plan}"), String::new()] {
            scratch.get(&stranger, &path(focus)).await.refuses(404, "not_found");
        }
        let own = scratch.get(&lead, &path(format!("voucher_call_id={call}"))).await.expect(200);
        assert_eq!(own["items"].as_array().unwrap().len(), 9 + 1);
    });
}
