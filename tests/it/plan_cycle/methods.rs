//! The other ways to share a budget out, on a second set of figures, and at their edges.

use super::table::{Table, bands, cents};
use super::world::{World, id_of, listed, put, text};
use serde_json::{Value, json};

const BUDGET: &str = "60000.00";
const SIX: [(&str, &str); 6] = [
    ("30000.00", "80.00"),
    ("25000.50", "75.00"),
    ("18000.00", "75.00"),
    ("12000.00", "60.00"),
    ("9000.01", "40.00"),
    ("5000.00", "0.00"),
];

fn ranked(last: &str, tie_breaks: &Value) -> Value {
    json!({"method": "ranked_in_full", "last": last, "tie_breaks": tie_breaks})
}

#[tokio::test]
async fn down_the_list_until_the_budget_ends() {
    let world = World::start().await;
    let table = Table::of_figures(&world, BUDGET, &SIX).await;
    let small_first = json!(["requested_ascending"]);
    for (last, expected, residue) in [
        ("partial", ["30000.00", "12000.00", "18000.00", "0.00", "0.00", "0.00"], "0.00"),
        ("stop", ["30000.00", "0.00", "18000.00", "0.00", "0.00", "0.00"], "12000.00"),
        ("skip", ["30000.00", "0.00", "18000.00", "12000.00", "0.00", "0.00"], "0.00"),
    ] {
        let tried = table.simulate(&ranked(last, &small_first)).await;
        assert_eq!(table.assigned(&tried), expected, "{last}");
        assert_eq!(tried["residue"], residue, "{last}");
    }
    // Equal scores in another order: the greater, or the earlier, comes first.
    for tie_breaks in [json!(["requested_descending"]), json!(["submitted_at_ascending"]), json!([])] {
        let tried = table.simulate(&ranked("partial", &tie_breaks)).await;
        assert_eq!(table.assigned(&tried), ["30000.00", "25000.50", "4999.50", "0.00", "0.00", "0.00"]);
    }
    world.stop().await;
}

#[tokio::test]
async fn one_percentage_for_all_is_cut_to_the_cent_and_its_residue_spread_or_kept() {
    let world = World::start().await;
    let table = Table::of_figures(&world, BUDGET, &SIX).await;
    let flat =
        |share: &str, residue: &str| json!({"method": "flat_percentage", "percentage": share, "residue": residue});
    let kept = table.simulate(&flat("0.60", "keep")).await;
    assert_eq!(table.assigned(&kept), ["18000.00", "15000.30", "10800.00", "7200.00", "5400.00", "3000.00"]);
    assert_eq!((&kept["residue"], &kept["assigned_grant"]), (&json!("599.70"), &json!("59400.30")));
    let spread = table.simulate(&flat("0.60", "spread")).await;
    let expected = [1_800_000, 1_500_030, 1_080_000, 720_000, 540_000, 300_000_i64];
    let assigned = table.assigned(&spread);
    assert_eq!(cents(&assigned), 6_000_000);
    for (amount, base) in assigned.iter().zip(expected) {
        let exact = base * 59_970 / 5_940_030;
        let share = cents([amount]) - base;
        assert!(share == exact || share == exact + 1, "{amount}: {share} is not {exact}");
    }
    let refused = table.try_create(&flat("0.61", "keep")).await;
    assert_eq!((refused.code(422), &refused.body["errors"][0]["value"]), ("validation_failed", &json!("390.30")));
    world.stop().await;
}

#[tokio::test]
async fn in_proportion_to_score_times_request() {
    let world = World::start().await;
    let table = Table::of_figures(&world, BUDGET, &SIX).await;
    let run = table.run(&json!({"method": "proportional"})).await;
    let assigned = table.assigned(&run);
    assert_eq!((cents(&assigned), &run["residue"]), (6_000_000, &json!("0.00")));
    assert_eq!(assigned[5], "0.00", "no points, no grant");
    let weights: Vec<i128> = SIX.iter().map(|(requested, score)| figure(requested) * figure(score)).collect();
    let total: i128 = weights.iter().sum();
    for (amount, weight) in assigned.iter().zip(weights) {
        let exact = 6_000_000 * weight / total;
        let given = figure(amount);
        assert!(given == exact || given == exact + 1, "{amount} is not {exact}");
    }
    table.approve(&run).await.expect(200);
    let states = [&table.projects[0], &table.projects[5]];
    assert_eq!(world.ats.get(states[0]).await.expect(200)["state"], "funded");
    assert_eq!(world.ats.get(states[1]).await.expect(200)["state"], "not_funded");
    world.stop().await;
}

fn figure(text: &str) -> i128 {
    text.replace('.', "").parse().expect("a figure")
}

#[tokio::test]
async fn equal_figures_zero_scores_and_a_budget_beyond_the_requests() {
    let world = World::start().await;
    let equal = [("1000.00", "50.00"); 7];
    let table = Table::of_figures(&world, "100.00", &equal).await;
    let tried = table.simulate(&json!({"method": "proportional"})).await;
    let assigned = table.assigned(&tried);
    assert_eq!(cents(&assigned), 10_000);
    // 14.2857... each: the four cents left go one each, by reference.
    assert_eq!(assigned, ["14.29", "14.29", "14.29", "14.29", "14.28", "14.28", "14.28"]);

    let all = bands(&[("0.00", "1.00")], "spread");
    let tried = table.simulate(&all).await;
    assert_eq!((&tried["fits"], &tried["over_by"]), (&json!(false), &json!("6900.00")));
    world.stop().await;

    let world = World::start().await;
    let table = Table::of_figures(&world, "100000.00", &[("1000.00", "0.00"), ("2000.00", "0.00")]).await;
    let none = table.simulate(&json!({"method": "proportional"})).await;
    assert_eq!((&none["assigned_grant"], &none["residue"]), (&json!("0.00"), &json!("100000.00")));
    assert_eq!(table.simulate(&bands(&[("1.00", "1.00")], "spread")).await["funded"], 0);
    for residue in ["spread", "last_band", "first_band", "keep"] {
        let run = table.simulate(&bands(&[("0.00", "0.50")], residue)).await;
        let expected = if residue == "keep" { ["500.00", "1000.00"] } else { ["1000.00", "2000.00"] };
        assert_eq!(table.assigned(&run), expected, "no project gets more than it asked for");
    }
    let run = table.run(&bands(&[("0.00", "1.00")], "last_band")).await;
    assert_eq!(
        (&run["assigned_grant"], &run["residue"]),
        (&json!("3000.00"), &json!("97000.00")),
        "a stated residue"
    );
    table.approve(&run).await.expect(200);
    world.stop().await;
}

#[tokio::test]
async fn nine_proposals_merged_into_six_share_one_budget() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({"budget": "30000.00", "maximum_grant": "7000.00"})).await;
    let mut leads = vec![];
    for name in ["Comune di Crema", "Comune di Cremona", "Comune di Mantova"] {
        leads.push(world.organisation(name).await);
    }
    let mut projects = vec![];
    for nth in 0..9 {
        projects.push(world.propose(&call, &leads[nth % 3], &[]).await);
    }
    let into = projects[0].clone();
    for absorbed in &projects[6..] {
        let body = json!({"into_project_id": id_of(&into), "reason": "Co-progettazione"});
        world.ats.post(&format!("{absorbed}/merge"), &body).await.expect(200);
    }
    // The other two leads have joined it as partners: each signs its mandate first.
    let refused = world.ats.act(&format!("{into}/admit")).await;
    assert_eq!(refused.code(422), "validation_failed");
    let unsigned: Vec<&str> =
        refused.body["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert_eq!(unsigned, ["/partners/0/mandate_on", "/partners/1/mandate_on"]);
    for partner in &leads[1..] {
        let signed = json!({"role": "implementing", "mandate_on": "2020-06-20"});
        put(&world.alliances, &into, &format!("{into}/partners/{partner}"), &signed).await.expect(200);
    }
    let six: Vec<&str> = projects[..6].iter().map(String::as_str).collect();
    world.evaluate(&call, &six).await;
    let scores = ["20.00", "18.00", "15.00", "10.00", "5.00", "0.00"];
    let scored: Vec<(&str, &str)> = six.iter().copied().zip(scores).collect();
    world.score(&call, &scored).await;
    let runs = format!("{call}/allocations");
    let run = world.ats.post(&runs, &ranked("partial", &json!([]))).await.expect(201);
    assert_eq!(
        (&run["projects"], &run["funded"], &run["assigned_grant"]),
        (&json!(6), &json!(5), &json!("30000.00"))
    );
    let approve = format!("/v1/allocations/{}/approve", text(&run["id"]));
    world.colleague.post(&approve, &super::table::act()).await.expect(200);
    let awards = world.server.anyone().get(&format!("{call}/awards")).await.expect(200);
    let assigned = listed(&awards, "assigned_grant");
    assert_eq!(assigned[..5], ["7000.00", "7000.00", "7000.00", "7000.00", "2000.00"]);
    for absorbed in &projects[6..] {
        let kept = world.ats.get(absorbed).await.expect(200);
        assert_eq!((&kept["state"], &kept["merged_into"]), (&json!("merged"), &json!(id_of(&into))), "{kept}");
        world.ats.get(&format!("{absorbed}/versions/1")).await.expect(200);
    }
    world.stop().await;
}
