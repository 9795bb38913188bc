//! Conflicts of interest with proposals, from every side: whoever has one neither reads nor scores.

use super::world::{Person, World, final_scores, id_of, listed, text};
use concilia_kernel::new_id;
use futures_util::future::join_all;
use serde_json::{Value, json};

const CLEAN: &str = "Comune di Mantova";

/// Everything under which a proposal, or what comes of it, can be read.
fn readings(project: &str, lead: &str) -> Vec<String> {
    let under =
        ["check", "calendar", "calendar/picture", "versions", "versions/1", "changes?from=1&to=1", "grant"];
    let accounts = ["executive-budgets", "agreements", "variations", "budget-shifts", "cofinancing-position"];
    let mut paths: Vec<String> = under.iter().chain(&accounts).map(|part| format!("{project}/{part}")).collect();
    paths.extend([project.to_owned(), format!("{project}/cofinancing-lines/{lead}")]);
    paths
}

async fn assert_barred(person: &Person, call: &str, project: &str, lead: &str) {
    for path in readings(project, lead) {
        assert_eq!(person.caller.get(&path).await.code(404), "not_found", "{path}");
    }
    assert_eq!(person.write(project, "1.00", "1.00").await.code(404), "not_found");
    let projects = person.caller.get("/v1/projects?limit=200").await.expect(200);
    assert!(!listed(&projects, "id").contains(&id_of(project)));
    for list in ["scorecards", "evaluation", "final-scores"] {
        let answer = person.caller.get(&format!("{call}/{list}")).await;
        // While others still score, evaluators see nothing of the evaluation as a whole.
        if list == "evaluation" && answer.status == 409 {
            continue;
        }
        let page = answer.expect(200);
        assert!(!listed(&page, "project_id").contains(&id_of(project)), "{list}: {page}");
    }
}

async fn recused(world: &World, call: &str, project: &str) -> Vec<(String, String)> {
    let evaluation = world.ats.get(&format!("{call}/evaluation")).await.expect(200);
    let items = evaluation["items"].as_array().expect("items");
    let found = items.iter().find(|item| item["project_id"] == json!(id_of(project))).expect("the project");
    let recused = found["recused"].as_array().expect("recusals");
    recused.iter().map(|one| (text(&one["evaluator"]["id"]), text(&one["ground"]))).collect()
}

/// Makes the person a worker whom that organisation employs.
async fn employ(world: &World, person: &Person, employer: &str) {
    let (territory, account, index) = (&world.territory, &person.id, new_id().simple());
    world
        .run(&format!(
            "INSERT INTO workers (id, territory_id, account_id, tax_code_index, tax_code_sealed, given_name, family_name) \
               VALUES (uuid_v7(), '{territory}', '{account}', '\\x{index}', '\\x00', 'A', 'B'); \
             INSERT INTO employees (id, territory_id, employer_id, external_id, tax_code_index, tax_code_sealed, \
               given_name, family_name, employed_from, contract_type, shift_worker) \
               VALUES (uuid_v7(), '{territory}', '{employer}', '{account}', '\\x{index}', '\\x00', 'A', 'B', \
               '2020-01-01', 'permanent', false)"
        ))
        .await;
}

#[tokio::test]
async fn whoever_is_bound_to_an_alliance_neither_reads_nor_scores_its_proposal() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let clean = world.organisation(CLEAN).await;
    let mut of = vec![];
    for name in [
        "Comune di Crema",
        "COSPER Società Cooperativa Sociale",
        "Sol.Co Mantova",
        "Comunità Sociale Cremasca",
        "ATS della Val Padana",
    ] {
        of.push(world.organisation(name).await);
    }
    let (lead, partner) = (of[0].clone(), of[1].clone());
    let partners =
        [(of[1].as_str(), "implementing"), (&of[2], "network"), (&of[3], "institutional"), (&of[4], "network")];
    let project = world.propose(&call, &lead, &partners).await;
    let open = world.propose(&call, &world.organisation("Comune di Cremona").await, &[]).await;
    world.evaluate(&call, &[&project, &open]).await;

    let mut barred = vec![];
    for organisation in &of {
        barred.push(world.enrol(&[("evaluator", organisation)]).await);
    }
    // Of an organisation that has no part in it, but bound to a partner by another role or as a worker.
    barred.push(world.enrol(&[("evaluator", &clean), ("employer", &of[2])]).await);
    let employed = world.enrol(&[("evaluator", &clean)]).await;
    employ(&world, &employed, &partner).await;
    barred.push(employed);
    let free = world.evaluator(CLEAN).await;
    let card = free.give(&project, "8.00", "10.00").await;
    for person in &barred[..5] {
        assert_barred(person, &call, &project, &lead).await;
        person.give(&open, "5.00", "5.00").await;
    }
    assert_barred(&barred[6], &call, &project, &lead).await;

    // Each is logged with what binds them; the seats in conflict owe nothing.
    let logged = recused(&world, &call, &project).await;
    assert_eq!(logged.len(), barred.len(), "{logged:?}");
    assert!(barred.iter().all(|person| logged.iter().any(|(id, _)| *id == person.id)));
    assert!(logged.contains(&(barred[6].id.clone(), "employment".into())));
    free.give(&open, "5.00", "5.00").await;
    let summary = world.ats.post(&format!("{call}/close-evaluation"), &json!({})).await.expect(200);
    assert_eq!((&summary["expected_scorecards"], &summary["counted_scorecards"]), (&json!(7), &json!(7)));
    world.ats.post(&format!("{call}/final-scores"), &final_scores(&[(&project, "18.00")])).await.expect(200);
    for person in &barred[..5] {
        assert_eq!(person.caller.get(&card).await.code(404), "not_found", "closed, but still in conflict");
        assert_barred(person, &call, &project, &lead).await;
    }
    world.stop().await;
}

#[tokio::test]
async fn a_tie_that_comes_after_the_score_sets_it_aside_for_good() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let (lead, partner) = (
        world.organisation("Comune di Crema").await,
        world.organisation("COSPER Società Cooperativa Sociale").await,
    );
    let project = world.propose(&call, &lead, &[(&partner, "implementing")]).await;
    world.evaluate(&call, &[&project]).await;
    let (first, second) = (world.evaluator(CLEAN).await, world.evaluator("Provincia di Mantova").await);
    let third = world.evaluator("Camera di Commercio di Cremona").await;
    let card = first.give(&project, "10.00", "12.50").await;
    second.give(&project, "4.00", "4.00").await;
    third.give(&project, "2.00", "2.00").await;

    world.bind(&first.id, "provider", &partner).await;
    assert_eq!(first.caller.get(&card).await.code(404), "not_found");
    let aside = world.ats.get(&card).await.expect(200);
    assert_eq!(aside["state"], "set_aside");
    assert_eq!(recused(&world, &call, &project).await, [(first.id.clone(), "role".to_owned())]);
    world.ats.post(&format!("{call}/close-evaluation"), &json!({})).await.expect(200);
    let total = async || {
        let evaluation = world.ats.get(&format!("{call}/evaluation")).await.expect(200);
        let item = &evaluation["items"][0];
        (text(&item["total"]["average"]), item["counted"].clone(), item["set_aside"].clone())
    };
    assert_eq!(total().await, ("6.00".into(), json!(2), json!(1)));

    // After the closing too, as long as the committee has not decided; and what was logged outlives what made it.
    world.bind(&second.id, "employer", &lead).await;
    assert_eq!(total().await, ("4.00".into(), json!(1), json!(2)));
    world
        .run(
            "DELETE FROM role_bindings WHERE role IN ('provider', 'employer') AND account_id IN \
               (SELECT account_id FROM recusals)",
        )
        .await;
    assert_eq!(first.caller.get(&project).await.code(404), "not_found");
    assert_eq!(total().await, ("4.00".into(), json!(1), json!(2)));
    let told = world.value(
        "SELECT count(*) FROM outbox o JOIN transitions t ON t.aggregate_id = o.aggregate_id AND t.to_state = 'set_aside' \
         WHERE o.event = 'scorecard.set_aside' AND t.reason = 'conflict of interest'",
    );
    assert_eq!(told.await, "2");
    world.stop().await;
}

#[tokio::test]
async fn a_seat_scores_once_and_a_substitute_stands_in_for_who_is_in_conflict() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let partner = world.organisation("COSPER Società Cooperativa Sociale").await;
    let lead = world.organisation("Comune di Crema").await;
    let project = world.propose(&call, &lead, &[(&partner, "implementing")]).await;
    let other = world.propose(&call, &lead, &[]).await;
    world.evaluate(&call, &[&project, &other]).await;
    let seat = world.organisation(CLEAN).await;
    let titular = world.enrol(&[("evaluator", &seat), ("provider", &partner)]).await;
    let substitute = world.enrol(&[("evaluator", &seat)]).await;
    assert_eq!(titular.write(&project, "1.00", "1.00").await.code(404), "not_found");
    substitute.give(&project, "6.00", "6.00").await;

    let mut cards = vec![];
    for person in [&titular, &substitute] {
        let card = person.write(&other, "5.00", "5.00").await.expect(201);
        cards.push((person, format!("/v1/scorecards/{}/submit", text(&card["id"]))));
    }
    let answers = join_all(cards.iter().map(|(person, path)| person.caller.act(path))).await;
    let mut states: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    states.sort_unstable();
    assert_eq!(states, [200, 409], "one card for the seat");
    let summary = world.ats.post(&format!("{call}/close-evaluation"), &json!({})).await.expect(200);
    assert_eq!((&summary["expected_scorecards"], &summary["counted_scorecards"]), (&json!(2), &json!(2)));
    world.stop().await;
}

/// Who took part in a proposal that was submitted has had an interest in it.
#[tokio::test]
async fn an_organisation_that_left_before_the_decision_keeps_its_evaluators_out() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let (lead, partner) = (
        world.organisation("Comune di Crema").await,
        world.organisation("COSPER Società Cooperativa Sociale").await,
    );
    let project = world.propose(&call, &lead, &[(&partner, "network")]).await;
    let request = json!({"request": "Ridurre il partenariato.", "due_at": "2098-06-15T10:00:00Z"});
    world.ats.post(&format!("{project}/request-integration"), &request).await.expect(200);
    let seen = world.alliances.get(&project).await.etag().to_owned();
    let removed = world.alliances.with("if-match", &seen).delete(&format!("{project}/partners/{partner}")).await;
    assert_eq!(removed.status, 204, "{}", removed.body);
    world.alliances.post(&format!("{project}/submit"), &json!({"answer": "Fatto."})).await.expect(200);
    let shown = world.alliances.get(&project).await.expect(200);
    let partners: Vec<&Value> = shown["partners"].as_array().unwrap().iter().collect();
    assert!(
        partners.iter().all(|one| one["organisation"]["id"] != json!(partner) || !one["left_on"].is_null()),
        "{shown}"
    );
    let officer = world.server.role("provider").await;
    assert_eq!(officer.get(&project).await.code(404), "not_found", "what becomes of it is the others' matter");
    world.evaluate(&call, &[&project]).await;
    let person = world.enrol(&[("evaluator", &partner)]).await;
    assert_barred(&person, &call, &project, &lead).await;
    world.stop().await;
}
