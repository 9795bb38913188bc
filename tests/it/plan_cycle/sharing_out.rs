//! A budget shared out: the table of 2020, two officers at once, a second person, a thousand proposals.

use super::table::{Table, act, bands, cents};
use super::world::{World, listed, text};
use futures_util::future::join_all;
use serde_json::{Value, json};

const BUDGET: &str = "171718.40";
const REAL: [(&str, &str); 7] = [
    ("20000.00", "60.00"),
    ("40000.00", "59.00"),
    ("40000.00", "57.00"),
    ("35000.00", "50.00"),
    ("40000.00", "47.00"),
    ("23000.00", "44.00"),
    ("40000.00", "29.00"),
];

fn real(percentages: [&str; 3], residue: &str) -> Value {
    let [first, second, third] = percentages;
    bands(&[("55.00", first), ("40.00", second), ("0.00", third)], residue)
}

#[tokio::test]
async fn the_table_of_2020_fits_with_87_66_and_50_and_not_with_90_70_and_50() {
    let world = World::start().await;
    let table = Table::of_figures(&world, BUDGET, &REAL).await;
    let first = real(["0.90", "0.70", "0.50"], "last_band");
    let refused = table.try_create(&first).await;
    assert_eq!(refused.code(422), "validation_failed");
    let error = &refused.body["errors"][0];
    assert_eq!((&error["code"], &error["value"]), (&json!("over_budget"), &json!("6881.60")));
    let tried = table.simulate(&first).await;
    assert_eq!(
        (&tried["fits"], &tried["over_by"], &tried["base_amount"]),
        (&json!(false), &json!("6881.60"), &json!("178600.00"))
    );
    // One hundredth of a point over is over, too.
    assert_eq!(
        table.try_create(&real(["0.8704", "0.66", "0.50"], "keep")).await.body["errors"][0]["value"],
        "1.60"
    );

    for (residue, last, left) in [("last_band", "20038.40", "0.00"), ("keep", "20000.00", "38.40")] {
        let tried = table.simulate(&real(["0.87", "0.66", "0.50"], residue)).await;
        assert_eq!((&tried["base_amount"], &tried["residue"]), (&json!("171680.00"), &json!(left)));
        let expected = ["17400.00", "34800.00", "34800.00", "23100.00", "26400.00", "15180.00", last];
        assert_eq!(table.assigned(&tried), expected);
    }
    let first = table.assigned(&table.simulate(&real(["0.87", "0.66", "0.50"], "first_band")).await);
    // 38.40 on 17,400 : 34,800 : 34,800.
    assert_eq!(first[..3], ["17407.68", "34815.36", "34815.36"]);
    let spread = table.assigned(&table.simulate(&real(["0.87", "0.66", "0.50"], "spread")).await);
    assert_eq!(cents(&spread), 17_171_840);
    // 38.40 * 17,400 / 171,680 = 3.8918..., and so on: the cents left go to the greatest remainders.
    assert_eq!(spread, ["17403.89", "34807.78", "34807.78", "23105.17", "26405.91", "15183.40", "20004.47"]);
    world.stop().await;
}

#[tokio::test]
async fn two_officers_at_once_compute_one_run_and_approve_it_once() {
    let world = World::start().await;
    let table = Table::of_figures(&world, BUDGET, &REAL).await;
    let agency = world.organisation("ATS della Val Padana").await;
    let third = world.enrol(&[("ats", &agency)]).await;
    let (path, terms) = (format!("{}/allocations", table.call), real(["0.87", "0.66", "0.50"], "last_band"));
    let officers = [&world.ats, &third.caller];
    let runs = join_all((0..8).map(|nth| officers[nth % 2].post(&path, &terms))).await;
    assert_eq!(runs.iter().filter(|answer| answer.status == 201).count(), 1);
    for loser in runs.iter().filter(|answer| answer.status != 201) {
        assert_eq!(loser.code(409), "conflict");
    }
    let runs = listed(&world.ats.get(&path).await.expect(200), "id");
    assert_eq!(runs.len(), 1);

    let approve = format!("/v1/allocations/{}/approve", runs[0]);
    let officers = [&world.ats, &world.colleague, &third.caller];
    let decree = act();
    let answers = join_all((0..9).map(|nth| officers[nth % 3].post(&approve, &decree))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for loser in answers.iter().filter(|answer| answer.status != 200) {
        let code = loser.code(409);
        assert!(matches!(code, "approver_is_author" | "transition_not_allowed"), "{code}");
    }
    assert_eq!(world.colleague.post(&approve, &act()).await.code(409), "transition_not_allowed");
    let awards = world.server.anyone().get(&format!("{}/awards", table.call)).await.expect(200);
    assert_eq!(cents(&listed(&awards, "assigned_grant")), 17_171_840);
    let state = world.ats.get(&table.call).await.expect(200);
    assert_eq!(state["state"], "awarded");
    world.stop().await;
}

#[tokio::test]
async fn a_run_is_approved_by_another_person_on_the_inputs_it_was_computed_from() {
    let world = World::start().await;
    let table = Table::of_figures(&world, BUDGET, &REAL).await;
    let terms = real(["0.87", "0.66", "0.50"], "last_band");
    let run = table.run(&terms).await;
    let approve = format!("/v1/allocations/{}/approve", text(&run["id"]));
    assert_eq!(world.ats.post(&approve, &act()).await.code(409), "approver_is_author");
    let tomorrow = json!({"act": "Decreto n. 452", "act_date": "2099-07-24"});
    let refused = world.colleague.post(&approve, &tomorrow).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/act_date"))
    );
    assert_eq!(world.server.nth("ats", 1, 0).await.post(&approve, &act()).await.code(404), "not_found");
    assert_eq!(world.server.anyone().get(&format!("{}/awards", table.call)).await.expect(200)["items"], json!([]));

    let amount = format!("{}/admissible-amount", table.projects[0]);
    for (body, pointer) in [
        (json!({"amount": "18500.00"}), "/reason"),
        (json!({"amount": "18500.00", "reason": " "}), "/reason"),
        (json!({"amount": "20000.01", "reason": "Di più"}), "/amount"),
        (json!({"amount": "-1.00", "reason": "Di meno"}), "/amount"),
    ] {
        let refused = world.ats.put(&amount, &body).await;
        assert!(matches!(refused.status, 400 | 422), "{}", refused.body);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    let lower = json!({"amount": "18500.00", "reason": "Spese di rappresentanza non ammissibili"});
    world.ats.put(&amount, &lower).await.expect(200);
    assert_eq!(table.approve(&run).await.code(409), "conflict", "the inputs have changed");
    let discard = format!("/v1/allocations/{}/discard", text(&run["id"]));
    let reason = json!({"reason": "Importo ammissibile ridotto"});
    world.ats.post(&discard, &reason).await.expect(200);

    let run = table.run(&terms).await;
    // 87% of 18,500 is 16,095; what that leaves goes to the last band as before, up to its admissible amount.
    let expected = ["16095.00", "34800.00", "34800.00", "23100.00", "26400.00", "15180.00", "21343.40"];
    assert_eq!(table.assigned(&run), expected);
    let path = format!("/v1/allocations/{}/explanation", text(&run["id"]));
    let told = world.ats.with("accept-language", "en").get(&path).await.expect(200);
    let told = told["items"][0]["text"].to_string();
    assert!(told.contains("Spese di rappresentanza non ammissibili"), "{told}");
    table.approve(&run).await.expect(200);
    world.stop().await;
}

#[tokio::test]
async fn a_thousand_proposals_are_shared_out_to_the_cent() {
    let world = World::start().await;
    let rows: Vec<(String, String)> = (0..1000_u32)
        .map(|nth| {
            (
                format!("{}.{:02}", 1_000 + nth * 37 % 9_000, nth % 100),
                format!("{}.{:02}", nth * 7 % 100, nth % 100),
            )
        })
        .collect();
    let table = Table::of(&world, "3000000.00", &rows).await;
    let start = bands(&[("70.00", "0.90"), ("40.00", "0.70"), ("10.00", "0.40")], "spread");
    let mut asked = start.clone();
    asked.as_object_mut().unwrap().remove("residue");
    let suggested = world.ats.post(&format!("{}/allocations/suggest", table.call), &asked).await.expect(200);
    let shares = suggested["items"][0]["percentages"].as_array().expect("percentages").clone();
    let mut terms = start;
    for (at, share) in shares.iter().enumerate() {
        terms["bands"][at]["percentage"] = share.clone();
    }
    let run = table.try_create(&terms).await.expect(201);
    assert_eq!(
        (&run["projects"], &run["assigned_grant"], &run["residue"]),
        (&json!(1000), &json!("3000000.00"), &json!("0.00"))
    );
    table.approve(&run).await.expect(200);

    let (mut assigned, mut next) = (vec![], String::new());
    loop {
        let page = world.server.anyone().get(&format!("{}/awards?limit=200{next}", table.call)).await.expect(200);
        assigned.extend(listed(&page, "assigned_grant"));
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(cents(&assigned), 300_000_000);
    world.stop().await;
}
