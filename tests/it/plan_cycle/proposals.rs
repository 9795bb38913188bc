//! A proposal's budget to the cent.

use super::world::{World, put, text};
use serde_json::{Value, json};

fn broken(check: &Value) -> Vec<String> {
    let rules = check["rules"].as_array().expect("rules");
    rules.iter().filter(|rule| rule["ok"] == false).map(|rule| text(&rule["rule"])).collect()
}

#[tokio::test]
async fn a_budget_is_right_to_the_cent_and_limits_are_cut_to_it() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let lead = world.organisation("Comune di Crema").await;
    let project = world.draft(&call, &lead, &[]).await;
    let submit = format!("{project}/submit");
    for (grant, own, items, expected) in [
        // Of 57,142.85 the 30% is 17,142.855: 17,142.85 is 29.99999% and enough, a cent less is not.
        ("40000.00", "17142.85", vec![("services", "57142.85")], vec![]),
        ("40000.00", "17142.84", vec![("services", "57142.84")], vec!["cofinancing_minimum"]),
        ("40000.00", "17142.84", vec![("services", "57142.85")], vec!["budget_adds_up", "cofinancing_minimum"]),
        ("7000.00", "3000.00", vec![("services", "10000.01")], vec!["budget_adds_up"]),
        ("7000.00", "3000.00", vec![("services", "9999.99")], vec!["budget_adds_up"]),
        // Coordination at exactly 15%, and a cent above; 15% of 10,000.01 is 1,500.0015.
        ("7000.00", "3000.00", vec![("staff", "10000.00"), ("coordination", "1500.00")], vec![]),
        (
            "7000.00",
            "3000.00",
            vec![("staff", "10000.00"), ("coordination", "1500.01")],
            vec!["coordination_limit"],
        ),
        ("7000.00", "3000.01", vec![("staff", "10000.01"), ("coordination", "1500.00")], vec![]),
        (
            "7000.00",
            "3000.00",
            vec![("staff", "1499.99"), ("coordination", "1500.00"), ("general", "8500.01")],
            vec!["coordination_within_staff"],
        ),
        ("40000.01", "17142.86", vec![("services", "57142.87")], vec!["maximum_grant"]),
        ("0.00", "0.00", vec![], vec!["budget_not_empty"]),
    ] {
        world.budget(&project, grant, &items).await.expect(200);
        world.cofinance(&project, &lead, own).await;
        let check = world.alliances.get(&format!("{project}/check")).await.expect(200);
        assert_eq!(broken(&check), expected, "{grant}, {own}, {items:?}");
        if !expected.is_empty() {
            let refused = world.alliances.act(&submit).await;
            assert_eq!(refused.code(422), "validation_failed");
            assert_eq!(refused.body["errors"].as_array().unwrap().len(), expected.len());
        }
    }
    for amount in [
        json!("-0.01"),
        json!("1.001"),
        json!("100000000.00"),
        json!(10),
        json!("1e5"),
        json!("1.000,00"),
        Value::Null,
    ] {
        let mut budget = json!({"staff": "0.00", "coordination": "0.00", "goods": "0.00", "services": "0.00",
            "vouchers": "0.00", "general": "0.00", "requested_grant": "1.00"});
        budget["goods"] = amount.clone();
        let refused = put(&world.alliances, &project, &format!("{project}/budget"), &budget).await;
        assert!(matches!(refused.status, 400 | 422), "{amount}: {}", refused.body);
        assert_eq!(refused.body["errors"][0]["pointer"], "/goods");
    }
    world.budget(&project, "7000.00", &[("services", "10000.00")]).await.expect(200);
    world.cofinance(&project, &lead, "3000.00").await;
    world.alliances.act(&submit).await.expect(200);
    world.stop().await;
}

#[tokio::test]
async fn a_line_counts_as_its_partner_signed_it() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let (lead, partner) = (
        world.organisation("Comune di Crema").await,
        world.organisation("COSPER Società Cooperativa Sociale").await,
    );
    let project = world.draft(&call, &lead, &[(&partner, "implementing")]).await;
    let officer = world.server.role("provider").await;
    let line = format!("{project}/cofinancing-lines/{partner}");
    let of_lead = format!("{project}/cofinancing-lines/{lead}");
    world.cofinance(&project, &lead, "2000.00").await;
    put(&officer, &line, &line, &json!({"monetary": "0.00", "in_kind": "1000.00"})).await.expect(200);
    let check = async || broken(&world.alliances.get(&format!("{project}/check")).await.expect(200));
    assert_eq!(check().await, ["cofinancing_signed_off"]);
    let refused = put(&officer, &of_lead, &of_lead, &json!({"monetary": "0.00", "in_kind": "0.00"})).await;
    assert!(matches!(refused.status, 403 | 404), "another's line: {}", refused.body);
    let seen = officer.get(&line).await.etag().to_owned();
    officer.with("if-match", &seen).act(&format!("{line}/sign-off")).await.expect(200);
    assert_eq!(check().await, Vec::<String>::new());
    // Who rewrites it signs it anew, and from the version that was read.
    assert_eq!(
        officer.with("if-match", &seen).act(&format!("{line}/sign-off")).await.code(412),
        "precondition_failed"
    );
    put(&officer, &line, &line, &json!({"monetary": "1000.00", "in_kind": "0.00"})).await.expect(200);
    assert_eq!(check().await, ["cofinancing_signed_off"]);
    world.stop().await;
}
