//! Votes: quorum, majority, the chair, recusal, and what happens at once.

use crate::scratch::{Answer, Committee, Scratch, with_scratch};
use chrono::Duration;
use concilia_kernel::{Actor, Role, now};
use serde_json::{Value, json};
use uuid::Uuid;

/// A motion at a meeting where the titulars of the first `present` seats are.
async fn motion(scratch: &Scratch, committee: &Committee, present: usize, project: Option<Uuid>) -> (Value, Uuid) {
    let meeting = scratch.session(committee.id, project).await;
    for nth in 0..present {
        scratch.attend(&meeting, nth, "titular", true).await.expect(200);
    }
    let body = json!({"agenda_item": 1, "text": "Ammissione"});
    let path = format!("/v1/meetings/{}/motions", meeting["id"].as_str().unwrap());
    let made = scratch.post(&scratch.ats().await, &path, Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    (meeting, made.id())
}

async fn vote(scratch: &Scratch, voter: &Actor, motion: Uuid, choice: &str) -> Answer {
    scratch.post(voter, &format!("/v1/motions/{motion}/votes"), Some(json!({"choice": choice}))).await
}

async fn close(scratch: &Scratch, motion: Uuid) -> Answer {
    scratch.post(&scratch.ats().await, &format!("/v1/motions/{motion}/close"), None).await
}

#[test]
fn a_meeting_decides_nothing_before_its_hour() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let ats = scratch.ats().await;
        let meeting = scratch.meeting_at(now() + Duration::minutes(59), committee.id, None).await;
        for nth in 0..3 {
            scratch.attend(&meeting, nth, "titular", true).await.expect(200);
        }
        let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
        let body = Some(json!({"agenda_item": 1, "text": "Ammissione"}));
        let early = (409, "meeting_not_in_session");
        assert_eq!(scratch.post(&ats, &format!("{path}/motions"), body).await.code(), early);
        assert_eq!(scratch.post(&ats, &format!("{path}/close"), None).await.code(), early);
    });
}

#[test]
fn nothing_is_voted_without_a_quorum() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let meeting = scratch.session(committee.id, None).await;
        let path = format!("/v1/meetings/{}/motions", meeting["id"].as_str().unwrap());
        let body = || Some(json!({"agenda_item": 1, "text": "Ammissione"}));
        let ats = scratch.ats().await;
        for nth in 0..2 {
            scratch.attend(&meeting, nth, "titular", true).await.expect(200);
        }
        assert_eq!(scratch.post(&ats, &path, body()).await.code(), (409, "no_quorum"), "2 of 5 seats");
        scratch.attend(&meeting, 2, "substitute", true).await.expect(200);
        let motion = scratch.post(&ats, &path, body()).await.id();
        vote(&scratch, &committee.people[0].0, motion, "in_favour").await.expect(201);

        // One leaves: neither votes nor the closing are possible until the quorum is back.
        scratch.attend(&meeting, 2, "substitute", false).await.expect(200);
        assert_eq!(vote(&scratch, &committee.people[1].0, motion, "against").await.code(), (409, "no_quorum"));
        assert_eq!(close(&scratch, motion).await.code(), (409, "no_quorum"));
        scratch.attend(&meeting, 2, "titular", true).await.expect(200);
        vote(&scratch, &committee.people[1].0, motion, "in_favour").await.expect(201);
        let decided = close(&scratch, motion).await.expect(200);
        assert_eq!((&decided["state"], &decided["basis"]), (&json!("carried"), &json!("majority")), "{decided}");
        assert_eq!((&decided["present"], &decided["not_voting"]), (&json!(3), &json!(1)));
        let parts: Vec<_> = decided["ballot"].as_array().unwrap().iter().map(|entry| &entry["part"]).collect();
        assert_eq!(parts, ["voted", "voted", "not_voting", "absent", "absent"]);
        assert_eq!(close(&scratch, motion).await.code(), (409, "transition_not_allowed"));
        assert_eq!(
            vote(&scratch, &committee.people[2].0, motion, "against").await.code(),
            (409, "transition_not_allowed")
        );
        for table in ["motions", "votes"] {
            assert!(scratch.try_sql(&format!("DELETE FROM {table}")).await.is_err());
        }
        assert!(scratch.try_sql("UPDATE motions SET state = 'rejected'").await.is_err());
    });
}

#[test]
fn a_tie_goes_to_the_chair_and_half_is_no_majority() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        // Seats 0 (chair) to 3 are present.
        for (votes, state, basis) in [
            (["in_favour", "in_favour", "against", "against"], "carried", "casting_vote"),
            (["against", "in_favour", "in_favour", "against"], "rejected", "casting_vote"),
            (["abstain", "in_favour", "against", "abstain"], "rejected", "tie"),
            (["in_favour", "in_favour", "against", "abstain"], "rejected", "no_majority"),
            (["against", "in_favour", "in_favour", "in_favour"], "carried", "majority"),
        ] {
            let (_, motion) = motion(&scratch, &committee, 4, None).await;
            for (seat, choice) in committee.people.iter().zip(votes) {
                vote(&scratch, &seat.0, motion, choice).await.expect(201);
            }
            let decided = close(&scratch, motion).await.expect(200);
            assert_eq!((&decided["state"], &decided["basis"]), (&json!(state), &json!(basis)), "{votes:?}");
        }
    });
}

#[test]
fn a_seat_votes_once_whichever_of_its_two_people_does() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let (meeting, motion) = motion(&scratch, &committee, 4, None).await;
        let (titular, substitute) = &committee.people[1];
        assert_eq!(vote(&scratch, substitute, motion, "against").await.code(), (409, "substitute_not_admitted"));
        assert_eq!(vote(&scratch, &committee.people[4].0, motion, "against").await.status, 403, "not there");
        vote(&scratch, titular, motion, "in_favour").await.expect(201);
        assert_eq!(vote(&scratch, titular, motion, "against").await.code(), (409, "already_exists"));
        scratch.attend(&meeting, 1, "titular", false).await.expect(200);
        scratch.attend(&meeting, 1, "substitute", true).await.expect(200);
        assert_eq!(vote(&scratch, substitute, motion, "against").await.code(), (409, "already_exists"));

        // At once, while the secretary records the one in the other's place.
        let (titular, substitute) = &committee.people[2];
        let both =
            futures_util::future::join(
                futures_util::future::join_all((0..8).map(|nth| {
                    vote(&scratch, if nth % 2 == 0 { titular } else { substitute }, motion, "in_favour")
                })),
                async {
                    scratch.attend(&meeting, 2, "titular", false).await.expect(200);
                    scratch.attend(&meeting, 2, "substitute", true).await.expect(200);
                },
            )
            .await
            .0;
        assert!(both.iter().filter(|answer| answer.status == 201).count() <= 1, "{both:?}");
        assert!(both.iter().all(|answer| matches!(answer.status, 201 | 403 | 409)), "{both:?}");
        // Whoever of the two is there now may vote if nobody has: in all there is one vote.
        vote(&scratch, substitute, motion, "in_favour").await;
        let seat = meeting["invitations"][2]["id"].as_str().unwrap();
        assert_eq!(scratch.count(&format!("votes WHERE invitation_id = '{seat}'")).await, 1);
    });
}

#[test]
fn two_officers_closing_at_once_close_once() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let (_, motion) = motion(&scratch, &committee, 4, None).await;
        let voters = committee.people.iter().take(4).map(|seat| vote(&scratch, &seat.0, motion, "in_favour"));
        let closers = (0..6).map(|_| close(&scratch, motion));
        let (cast, closed) = futures_util::future::join(
            futures_util::future::join_all(voters),
            futures_util::future::join_all(closers),
        )
        .await;
        let mut statuses: Vec<u16> = closed.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
        let counted = scratch.get(&scratch.ats().await, &format!("/v1/motions/{motion}")).await.expect(200);
        let acknowledged = cast.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(counted["in_favour"], acknowledged, "every acknowledged vote is counted: {counted}");
        assert_eq!(scratch.count(&format!("transitions WHERE aggregate_id = '{motion}'")).await, 2);
    });
}

#[test]
fn who_is_in_the_project_is_recused_also_later() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        // Seats 1 and 2 are of the project's lead and partner.
        let (_, motion) = motion(&scratch, &committee, 5, Some(scratch.project)).await;
        let seen = scratch.get(&scratch.ats().await, &format!("/v1/motions/{motion}")).await.expect(200);
        assert_eq!(seen["project_id"], json!(scratch.project), "that of the agenda's item");
        let found = seen["recusals"].as_array().unwrap();
        let grounds = |ground: &str| found.iter().filter(|one| one["ground"] == ground).count();
        assert_eq!((grounds("seat"), grounds("role")), (4, 4), "titular and substitute of two seats: {seen}");
        for seat in [1, 2] {
            let refused = vote(&scratch, &committee.people[seat].0, motion, "in_favour").await;
            assert_eq!(refused.code(), (409, "conflict_of_interest"));
        }
        vote(&scratch, &committee.people[0].0, motion, "against").await.expect(201);
        vote(&scratch, &committee.people[3].0, motion, "in_favour").await.expect(201);

        // Seat 3's organisation joins after its vote, seat 4's person gets a role before theirs.
        let (territory, project, third) = (scratch.territory_id, scratch.project, scratch.members[2]);
        let (late, lead) = (committee.people[4].0.id, scratch.members[0]);
        scratch
            .run_sql(&format!(
                "INSERT INTO project_partners (territory_id, project_id, organisation_id, role) \
                 VALUES ('{territory}', '{project}', '{third}', 'network'); \
                 INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
                 VALUES ('{territory}', '{late}', '{lead}', 'provider');"
            ))
            .await;
        let refused = vote(&scratch, &committee.people[4].0, motion, "in_favour").await;
        assert_eq!(refused.code(), (409, "conflict_of_interest"));
        let logged = format!("motion_recusals WHERE motion_id = '{motion}' AND account_id = '{late}'");
        assert_eq!(scratch.count(&logged).await, 1, "the refusal is written down");
        let decided = close(&scratch, motion).await.expect(200);
        let numbers = ["present", "recused", "in_favour", "against"].map(|name| decided[name].as_i64().unwrap());
        assert_eq!(numbers, [1, 4, 0, 1], "{decided}");
        assert_eq!((&decided["state"], &decided["basis"]), (&json!("rejected"), &json!("no_majority")));
        assert_eq!(decided["ballot"][3]["part"], "recused", "a vote before the conflict is not counted");
        assert!(scratch.try_sql("DELETE FROM motion_recusals").await.is_err());
    });
}

#[test]
fn only_the_committee_votes() {
    with_scratch(async |scratch| {
        let ats = scratch.ats().await;
        let assembly =
            scratch.post(&ats, "/v1/bodies", Some(json!({"kind": "assembly", "name": "Conferenza"}))).await;
        let meeting = scratch.session(assembly.id(), None).await;
        assert_eq!((&meeting["quorum"], meeting["invitations"].as_array().unwrap().len()), (&Value::Null, 5));
        scratch.attend(&meeting, 0, "delegate", true).await.expect(200);
        let path = format!("/v1/meetings/{}/motions", meeting["id"].as_str().unwrap());
        let body = json!({"agenda_item": 1, "text": "x"});
        assert_eq!(scratch.post(&ats, &path, Some(body)).await.code(), (409, "conflict"));
        let officer = scratch.person(Role::Employer, scratch.members[0]).await;
        let seen = scratch.get(&officer, &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await;
        assert_eq!(seen.status, 200, "members see the assembly");
    });
}
