//! The voucher calls of a project hand out its cost item D.

use super::grant::Grant;
use super::world::{World, id_of, instant, text};
use chrono::{Duration, Utc};
use serde_json::json;

#[tokio::test]
async fn voucher_calls_hand_out_item_d_once_while_the_project_runs() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let lead = &world.alliances;
    let draft = async |budget: &str| {
        let (opens, closes) = (Utc::now() - Duration::days(1), Utc::now() + Duration::days(30));
        let spend_by = (Utc::now() + Duration::days(90)).date_naive();
        let call = json!({
            "project_id": id_of(&grant.project), "title_it": "Voucher", "title_en": "Vouchers", "budget": budget,
            "value_per_child": "0.01", "household_cap": null, "minimum_age": 0, "maximum_age": 16,
            "admitted_employer_ids": [], "criteria": [], "tie_breaks": ["submitted_at_ascending"],
            "spendable_categories": null, "opens_at": instant(opens), "closes_at": instant(closes), "spend_by": spend_by,
        });
        let call = lead.post("/v1/voucher-calls", &call).await.expect(201);
        format!("/v1/voucher-calls/{}", text(&call["id"]))
    };
    let refused = async |call: &str| {
        let answer = lead.act(&format!("{call}/open")).await;
        (answer.code(409).to_owned(), answer.body["errors"][0]["pointer"].clone())
    };
    let beyond = ("cost_item_exceeded".to_owned(), json!("/budget"));

    let (first, second) = (draft("2000.00").await, draft("0.01").await);
    assert_eq!(refused(&first).await, beyond, "the budget of the project has no item D");
    let shift = json!({"from_item": "services", "to_item": "vouchers", "amount": "2000.00", "reason": "Voucher"});
    lead.post(&grant.path("budget-shifts"), &shift).await.expect(201);
    lead.act(&format!("{first}/open")).await.expect(200);
    assert_eq!(refused(&second).await, beyond);

    let more = json!({"from_item": "services", "to_item": "vouchers", "amount": "0.01", "reason": "Voucher"});
    lead.post(&grant.path("budget-shifts"), &more).await.expect(201);
    let act = json!({"reason": "Attività mai avviate", "act": "Decreto n. 511", "act_date": "2021-01-20"});
    world.ats.post(&grant.path("revoke"), &act).await.expect(200);
    assert_eq!(refused(&second).await.0, "conflict", "the project is over");
    world.stop().await;
}
