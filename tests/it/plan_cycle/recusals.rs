//! Votes on a project in which somebody who sits has an interest: found by the system, written down, never counted.

use super::committee::{Committee, Session, vote};
use super::world::{World, id_of, text};
use serde_json::{Value, json};

const LEAD: &str = "Comune di Crema";
const PARTNER: &str = "COSPER Società Cooperativa Sociale";

async fn project(world: &World, partners: &[(&str, &str)]) -> String {
    let call = world.open_call(json!({})).await;
    world.propose(&call, &world.organisation(LEAD).await, partners).await
}

/// Who is recused from a motion, and why.
async fn recused(world: &World, motion: &str) -> Vec<(String, String)> {
    let shown = world.ats.get(motion).await.expect(200);
    let recusals = shown["recusals"].as_array().expect("recusals");
    let mut found: Vec<_> = recusals.iter().map(|one| (text(&one["account_id"]), text(&one["ground"]))).collect();
    found.sort();
    found.dedup();
    found
}

fn parts(motion: &Value) -> Vec<String> {
    motion["ballot"].as_array().expect("a ballot").iter().map(|entry| text(&entry["part"])).collect()
}

#[tokio::test]
async fn who_has_an_interest_counts_for_the_quorum_and_not_for_the_vote() {
    let world = World::start().await;
    let partner = world.organisation(PARTNER).await;
    let project = project(&world, &[(&partner, "network")]).await;
    let committee = Committee::of(&world, &[(LEAD, true), (PARTNER, false), ("Comune di Mantova", false)]).await;
    let session = committee.session(Some(&id_of(&project))).await;
    session.come(0..3).await;
    let motion = session.motion().await;
    let seats = &committee.seats;
    let substitute = seats[1].substitute.as_ref().unwrap();
    let barred = [&seats[1].titular, substitute, &seats[2].titular];
    let mut expected: Vec<_> =
        barred.iter().flat_map(|person| ["role", "seat"].map(|why| (person.id.clone(), why.to_owned()))).collect();
    expected.sort();
    assert_eq!(recused(&world, &motion).await, expected);
    for person in [&seats[1].titular, &seats[2].titular] {
        assert_eq!(vote(&person.caller, &motion, "in_favour").await.code(409), "conflict_of_interest");
    }
    // The substitute of a seat in conflict is in conflict too.
    session.attend(1, "titular", false).await.expect(200);
    session.attend(1, "substitute", true).await.expect(200);
    assert_eq!(vote(&substitute.caller, &motion, "in_favour").await.code(409), "conflict_of_interest");

    // Three of four seats are there, so it may be decided; one may vote, and is the majority of those who may.
    vote(&seats[0].titular.caller, &motion, "in_favour").await.expect(201);
    assert_eq!(session.decide(&motion).await, ("carried".into(), "majority".into(), [1, 2, 1, 0]));
    let decided = world.ats.get(&motion).await.expect(200);
    let mut found = parts(&decided);
    found.sort();
    assert_eq!(found, ["absent", "recused", "recused", "voted"]);
    // A member in conflict does not come to know the proposal by the meeting either.
    assert_eq!(seats[1].titular.caller.get(&project).await.code(404), "not_found");
    world.stop().await;
}

#[tokio::test]
async fn a_substitute_without_an_interest_stands_in_for_a_titular_who_has_one() {
    let world = World::start().await;
    let partner = world.organisation(PARTNER).await;
    let project = project(&world, &[(&partner, "implementing")]).await;
    let mut committee = Committee::of(&world, &[("Provincia di Mantova", false)]).await;
    let seat = world.organisation("Comune di Mantova").await;
    let titular = world.enrol(&[("evaluator", &seat), ("provider", &partner)]).await;
    let substitute = world.evaluator("Comune di Mantova").await;
    committee.seat("Comune di Mantova", Some(&seat), false, (titular, Some(substitute))).await;
    let session: Session = committee.session(Some(&id_of(&project))).await;
    session.come(0..3).await;
    let motion = session.motion().await;
    let [titular, substitute] = [&committee.seats[2].titular, committee.seats[2].substitute.as_ref().unwrap()];
    assert_eq!(recused(&world, &motion).await, [(titular.id.clone(), "role".to_owned())]);
    assert_eq!(vote(&titular.caller, &motion, "against").await.code(409), "conflict_of_interest");
    assert_eq!(vote(&substitute.caller, &motion, "against").await.code(409), "substitute_not_admitted");
    session.attend(2, "titular", false).await.expect(200);
    session.attend(2, "substitute", true).await.expect(200);
    vote(&substitute.caller, &motion, "against").await.expect(201);
    vote(&committee.seats[1].titular.caller, &motion, "against").await.expect(201);
    assert_eq!(session.decide(&motion).await, ("rejected".into(), "no_majority".into(), [3, 0, 0, 2]));
    world.stop().await;
}

#[tokio::test]
async fn a_vote_does_not_count_once_its_voter_has_an_interest() {
    let world = World::start().await;
    let partner = world.organisation(PARTNER).await;
    let project = project(&world, &[(&partner, "implementing")]).await;
    let committee = Committee::of(&world, &[("Provincia di Mantova", false), ("Comune di Mantova", false)]).await;
    let session = committee.session(Some(&id_of(&project))).await;
    session.come(0..3).await;
    let (first, second) = (session.motion().await, session.motion().await);
    let [chair, one, other] = [0, 1, 2].map(|seat| &committee.seats[seat].titular);
    for person in [one, other] {
        vote(&person.caller, &first, "in_favour").await.expect(201);
    }
    vote(&chair.caller, &first, "against").await.expect(201);
    world.bind(&one.id, "employer", &partner).await;
    assert_eq!(
        vote(&one.caller, &second, "in_favour").await.code(409),
        "conflict_of_interest",
        "since the motion"
    );
    assert_eq!(recused(&world, &second).await, [(one.id.clone(), "role".to_owned())], "and it is written down");
    // One in favour, one against: the chair decides.
    assert_eq!(session.decide(&first).await, ("rejected".into(), "casting_vote".into(), [2, 1, 1, 1]));
    world.stop().await;
}

#[tokio::test]
async fn the_agency_and_who_was_merged_away_have_an_interest_too() {
    let world = World::start().await;
    let agency = world.organisation("ATS della Val Padana").await;
    let (cremona, partner) = (world.organisation("Comune di Cremona").await, world.organisation(PARTNER).await);
    let call = world.open_call(json!({})).await;
    let into = world.propose(&call, &world.organisation(LEAD).await, &[(&agency, "network")]).await;
    let absorbed = world.propose(&call, &cremona, &[(&partner, "network")]).await;
    let body = json!({"into_project_id": id_of(&into), "reason": "Complementari"});
    world.ats.post(&format!("{absorbed}/merge"), &body).await.expect(200);
    let seats = [("Comune di Cremona", false), (PARTNER, false), ("Comune di Mantova", false)];
    let committee = Committee::of(&world, &seats).await;
    let session = committee.session(Some(&id_of(&into))).await;
    session.come(0..4).await;
    let motion = session.motion().await;
    for seat in 0..3 {
        let refused = vote(&committee.seats[seat].titular.caller, &motion, "in_favour").await;
        assert_eq!(refused.code(409), "conflict_of_interest", "seat {seat}");
    }
    vote(&committee.seats[3].titular.caller, &motion, "in_favour").await.expect(201);
    assert_eq!(session.decide(&motion).await, ("carried".into(), "majority".into(), [1, 3, 1, 0]));

    // With nobody left who may vote, nothing is carried.
    session.attend(3, "titular", false).await.expect(200);
    let motion = session.motion().await;
    assert_eq!(session.decide(&motion).await, ("rejected".into(), "tie".into(), [0, 3, 0, 0]));
    world.stop().await;
}

#[tokio::test]
async fn a_motion_is_about_the_project_of_its_item_and_of_this_territory() {
    let world = World::start().await;
    let project = project(&world, &[]).await;
    let committee = Committee::of(&world, &[("Comune di Mantova", false)]).await;
    let session = committee.session(Some(&id_of(&project))).await;
    session.come(0..2).await;
    let foreign = world.foreign("projects").await;
    let motions = format!("{}/motions", session.path);
    let other = json!({"agenda_item": 1, "text": "Si approva", "project_id": foreign});
    assert_eq!(world.ats.post(&motions, &other).await.body["errors"][0]["code"], "not_applicable");
    let none = json!({"agenda_item": 2, "text": "Si approva"});
    assert_eq!(world.ats.post(&motions, &none).await.body["errors"][0]["pointer"], "/agenda_item");
    let session = committee.session(None).await;
    session.come(0..2).await;
    let motions = format!("{}/motions", session.path);
    let refused = world.ats.post(&motions, &other).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/project_id"))
    );
    let convened = json!({"starts_at": "2098-01-10T09:00:00Z", "place": "Sede",
        "agenda": [{"title": "Progetto", "project_id": foreign}]});
    let refused = world.ats.post(&format!("{}/meetings", committee.body), &convened).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/agenda/0/project_id", "{}", refused.body);
    world.stop().await;
}
