//! When a body may meet, who is counted, and what a vote decides.

use super::committee::{Committee, midnight_in, vote};
use super::world::{World, instant, text};
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

const THREE: [(&str, bool); 3] =
    [("Comune di Mantova", true), ("Provincia di Mantova", true), ("Camera di Commercio di Cremona", false)];

#[tokio::test]
async fn notice_is_counted_in_days_up_to_the_instant() {
    let world = World::start().await;
    let committee = Committee::of(&world, &THREE).await;
    let assembly = world.body("assembly").await;
    let second = Duration::seconds(1);
    for (body, days) in [(&committee.body, 5), (&assembly, 10)] {
        let path = format!("{body}/meetings");
        let meeting = |at| json!({"starts_at": instant(at), "place": "Sede", "agenda": [{"title": "Piano"}]});
        let early = midnight_in(days) - second;
        let refused = world.ats.post(&path, &meeting(early)).await;
        assert_eq!(refused.code(422), "notice_too_short", "{days}");
        assert_eq!(refused.body["errors"][0]["pointer"], "/starts_at");
        let past = world.ats.post(&path, &meeting(midnight_in(0) - second)).await;
        assert_eq!((past.code(422), &past.body["errors"][0]["code"]), ("validation_failed", &json!("in_past")));
        let convened = world.ats.post(&path, &meeting(midnight_in(days))).await.expect(201);
        assert_eq!(convened["required_days"], days);

        // A new date is a new notice.
        let path = format!("/v1/meetings/{}/reschedule", text(&convened["id"]));
        let body = |at| json!({"starts_at": instant(at), "place": "Sede", "reason": "Sala occupata"});
        assert_eq!(world.ats.post(&path, &body(early)).await.code(422), "notice_too_short");
        world.ats.post(&path, &body(midnight_in(days) + second)).await.expect(200);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_quorum_is_half_of_the_seats_and_one() {
    let world = World::start().await;
    let mut committee = Committee::of(&world, &THREE).await;
    let even = committee.session(None).await;
    assert_eq!(even.quorum, 3, "of four");
    even.come(0..2).await;
    assert_eq!(even.try_motion().await.code(409), "no_quorum");
    even.come([2]).await;
    let motion = even.motion().await;
    even.attend(2, "titular", false).await.expect(200);
    assert_eq!(vote(&committee.seats[0].titular.caller, &motion, "in_favour").await.code(409), "no_quorum");
    assert_eq!(world.ats.act(&format!("{motion}/close")).await.code(409), "no_quorum");
    assert_eq!(world.ats.act(&format!("{}/close", even.path)).await.code(409), "conflict", "a motion is open");
    let reason = json!({"reason": "È venuto meno il numero legale"});
    let taken_back = world.ats.post(&format!("{motion}/withdraw"), &reason).await.expect(200);
    assert_eq!((&taken_back["state"], &taken_back["basis"]), (&json!("withdrawn"), &Value::Null));
    assert_eq!(world.ats.post(&format!("{motion}/withdraw"), &reason).await.code(409), "transition_not_allowed");
    world.ats.act(&format!("{}/close", even.path)).await.expect(200);

    let organisation = world.organisation("Camera di Commercio di Mantova").await;
    let person = world.evaluator("Camera di Commercio di Mantova").await;
    committee.seat("Camera di Commercio di Mantova", Some(&organisation), false, (person, None)).await;
    let odd = committee.session(None).await;
    assert_eq!(odd.quorum, 3, "of five");
    odd.come([0, 1]).await;
    assert_eq!(odd.try_motion().await.code(409), "no_quorum");
    let closed = world.ats.act(&format!("{}/close", odd.path)).await.expect(200);
    assert_eq!((&closed["state"], &closed["quorate"]), (&json!("held"), &json!(false)), "it decided nothing");
    assert_eq!(odd.try_motion().await.code(409), "meeting_not_in_session");
    world.stop().await;
}

#[tokio::test]
async fn a_seat_has_one_vote_whoever_of_the_two_is_there() {
    let world = World::start().await;
    let committee = Committee::of(&world, &THREE).await;
    let session = committee.session(None).await;
    session.come([0, 3]).await;
    let seat = &committee.seats[1];
    let (titular, substitute) = (&seat.titular.caller, &seat.substitute.as_ref().unwrap().caller);
    session.attend(1, "substitute", true).await.expect(200);
    let motion = session.motion().await;
    assert_eq!(vote(titular, &motion, "against").await.code(403), "forbidden", "not there");
    vote(substitute, &motion, "in_favour").await.expect(201);
    session.attend(1, "titular", true).await.expect(200);
    assert_eq!(vote(titular, &motion, "against").await.code(409), "already_exists");
    assert_eq!(vote(substitute, &motion, "against").await.code(409), "substitute_not_admitted");
    assert_eq!(session.attend(1, "substitute", true).await.code(409), "substitute_not_admitted");
    let (_, _, counts) = session.decide(&motion).await;
    assert_eq!(counts, [3, 0, 1, 0]);

    // Both at once, while only the titular is there.
    let motion = session.motion().await;
    let (one, other) = tokio::join!(vote(titular, &motion, "in_favour"), vote(substitute, &motion, "against"));
    assert_eq!((one.status, other.code(409)), (201, "substitute_not_admitted"));
    assert_eq!(vote(&committee.seats[2].titular.caller, &motion, "against").await.code(403), "forbidden");
    let stranger = world.server.nth("evaluator", 1, 0).await;
    assert_eq!(vote(&stranger, &motion, "against").await.code(404), "not_found");
    world.stop().await;
}

#[tokio::test]
async fn a_majority_is_of_those_present_and_a_tie_goes_to_the_chair() {
    let world = World::start().await;
    let committee = Committee::of(&world, &THREE).await;
    let session = committee.session(None).await;
    session.come(0..4).await;
    let cast = async |choices: &[(usize, &str)]| {
        let motion = session.motion().await;
        for (seat, choice) in choices {
            vote(&committee.seats[*seat].titular.caller, &motion, choice).await.expect(201);
        }
        let (state, basis, _) = session.decide(&motion).await;
        assert_eq!(
            vote(&committee.seats[3].titular.caller, &motion, "against").await.code(409),
            "transition_not_allowed"
        );
        (state, basis)
    };
    let told = |state: &str, basis: &str| (state.to_owned(), basis.to_owned());
    let (yes, no) = ("in_favour", "against");
    assert_eq!(cast(&[(1, yes), (2, yes), (3, yes)]).await, told("carried", "majority"));
    assert_eq!(cast(&[(1, yes), (2, yes), (3, no)]).await, told("rejected", "no_majority"), "two of four");
    assert_eq!(cast(&[(1, yes), (2, yes), (3, "abstain")]).await, told("rejected", "no_majority"));
    assert_eq!(cast(&[(0, yes), (1, yes), (2, no), (3, no)]).await, told("carried", "casting_vote"));
    assert_eq!(cast(&[(0, no), (1, no), (2, yes), (3, yes)]).await, told("rejected", "casting_vote"));
    assert_eq!(cast(&[(0, "abstain"), (1, no), (2, yes)]).await, told("rejected", "tie"));
    assert_eq!(cast(&[]).await, told("rejected", "tie"));

    // Without the chair nothing breaks a tie; whoever stands in for the chair does.
    session.attend(0, "titular", false).await.expect(200);
    session.attend(3, "titular", false).await.expect(200);
    assert_eq!(session.try_motion().await.code(409), "no_quorum");
    session.attend(3, "titular", true).await.expect(200);
    assert_eq!(cast(&[(1, yes), (2, no)]).await, told("rejected", "tie"));
    session.attend(3, "titular", false).await.expect(200);
    session.attend(0, "substitute", true).await.expect(200);
    let motion = session.motion().await;
    vote(&committee.seats[0].substitute.as_ref().unwrap().caller, &motion, yes).await.expect(201);
    vote(&committee.seats[1].titular.caller, &motion, no).await.expect(201);
    assert_eq!(session.decide(&motion).await, ("carried".into(), "casting_vote".into(), [3, 0, 1, 1]));
    world.stop().await;
}

#[tokio::test]
async fn votes_and_their_closing_at_once_leave_one_vote_for_each_seat() {
    let world = World::start().await;
    let committee = Committee::of(&world, &THREE).await;
    let session = committee.session(None).await;
    session.come(0..4).await;
    let motion = session.motion().await;
    let voters = (0..40).map(|nth| &committee.seats[nth % 4].titular.caller);
    let choices = ["in_favour", "against", "abstain"];
    let answers = join_all(voters.enumerate().map(|(nth, voter)| vote(voter, &motion, choices[nth % 3]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 4);
    for loser in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(loser.code(409), "already_exists");
    }
    assert_eq!(world.ats.get(&motion).await.expect(200)["voted"], 4);

    let motion = session.motion().await;
    let close = format!("{motion}/close");
    let votes = join_all(committee.seats.iter().map(|seat| vote(&seat.titular.caller, &motion, "in_favour")));
    let (votes, closings) = tokio::join!(votes, join_all((0..5).map(|_| world.ats.act(&close))));
    assert_eq!(closings.iter().filter(|answer| answer.status == 200).count(), 1);
    let decided = world.ats.get(&motion).await.expect(200);
    let cast = votes.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(decided["in_favour"], json!(cast), "each vote that was taken is counted");
    assert_eq!(decided["state"], if cast > 2 { "carried" } else { "rejected" });
    world.stop().await;
}

#[tokio::test]
async fn minutes_are_answered_by_those_who_were_there() {
    let world = World::start().await;
    let committee = Committee::of(&world, &THREE).await;
    let session = committee.session(None).await;
    session.come([0, 1, 3]).await;
    let minutes = format!("{}/minutes", session.path);
    let texts = json!({"texts": [{"position": 1, "text": "Si discute."}]});
    assert_eq!(world.ats.post(&minutes, &texts).await.code(409), "conflict", "it is not over");
    world.ats.act(&format!("{}/close", session.path)).await.expect(200);
    let unknown = json!({"texts": [{"position": 2, "text": "Si discute."}]});
    assert_eq!(world.ats.post(&minutes, &unknown).await.code(422), "validation_failed");
    let first = format!("/v1/minutes/{}", text(&world.ats.post(&minutes, &texts).await.expect(201)["id"]));

    let agree = json!({"agreed": true});
    let [present, absent] = [1, 2].map(|seat| &committee.seats[seat].titular.caller);
    assert_eq!(absent.post(&format!("{first}/validate"), &agree).await.code(403), "forbidden");
    let substitute = &committee.seats[1].substitute.as_ref().unwrap().caller;
    assert_eq!(substitute.post(&format!("{first}/validate"), &agree).await.code(403), "forbidden");
    let refused = present.post(&format!("{first}/validate"), &json!({"agreed": false})).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/remark"))
    );
    assert_eq!(world.ats.act(&format!("{first}/close")).await.code(409), "conflict", "answers are awaited");
    let objection = json!({"agreed": false, "remark": "Manca il mio intervento."});
    present.post(&format!("{first}/validate"), &objection).await.expect(200);
    assert_eq!(present.post(&format!("{first}/validate"), &agree).await.code(409), "already_exists");
    assert_eq!(world.ats.act(&format!("{first}/close")).await.code(409), "conflict", "somebody objects");

    let second = format!("/v1/minutes/{}", text(&world.ats.post(&minutes, &texts).await.expect(201)["id"]));
    assert_eq!(present.post(&format!("{first}/validate"), &agree).await.code(409), "conflict", "superseded");
    for seat in [0, 1, 3] {
        committee.seats[seat].titular.caller.post(&format!("{second}/validate"), &agree).await.expect(200);
    }
    let closings = join_all((0..5).map(|_| async { world.ats.act(&format!("{second}/close")).await })).await;
    assert_eq!(closings.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(world.ats.get(&second).await.expect(200)["state"], "validated");
    assert_eq!(world.ats.post(&minutes, &texts).await.code(409), "transition_not_allowed");
    let closed: Vec<Value> =
        closings.into_iter().filter(|answer| answer.status != 200).map(|answer| answer.body).collect();
    assert!(closed.iter().all(|body| body["code"] == "transition_not_allowed"), "{closed:?}");
    world.stop().await;
}
