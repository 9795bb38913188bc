//! Convening, notices, attendance, minutes and the duty to meet.

use crate::scratch::{convening, with_scratch};
use actix_web::http::Method;
use chrono::{Days, Duration};
use concilia_kernel::clock::italian_day;
use concilia_kernel::{Role, new_id, now};
use serde_json::{Value, json};

#[test]
fn a_committee_is_convened_in_time_and_its_invitations_are_frozen() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let ats = scratch.ats().await;
        let path = format!("/v1/bodies/{}/meetings", committee.id);
        let convene = async |days: u64, project| {
            let starts = (italian_day(now()) + Days::new(days)).and_hms_opt(9, 0, 0).unwrap();
            scratch.post(&ats, &path, Some(convening(starts.and_utc(), project))).await
        };
        assert_eq!(convene(4, None).await.code(), (422, "notice_too_short"));
        assert_eq!(convene(5, Some(new_id())).await.code(), (422, "validation_failed"));
        let meeting = convene(5, Some(scratch.project)).await.expect(201);
        assert_eq!((&meeting["quorum"], &meeting["required_days"]), (&json!(3), &json!(5)), "5 seats: 2 + 1");
        assert_eq!(meeting["invitations"][0]["chair"], true);
        assert_eq!(meeting["invitations"].as_array().unwrap().len(), 5);
        let evaluator = &committee.people[1].0;
        assert_eq!(scratch.post(evaluator, &path, Some(convening(now(), None))).await.status, 403);
        let employer = scratch.person(Role::Employer, scratch.members[0]).await;
        let id = meeting["id"].as_str().unwrap();
        assert_eq!(scratch.get(&employer, &format!("/v1/meetings/{id}")).await.status, 404);
        assert_eq!(scratch.get(evaluator, &format!("/v1/meetings/{id}")).await.status, 200);

        // A seat that ends does not change who was invited; a new date does, and needs its notice anew.
        let body = scratch.get(&ats, &format!("/v1/bodies/{}", committee.id)).await.expect(200);
        let seat = body["seats"][4]["id"].as_str().unwrap();
        let left = scratch.post(&ats, &format!("/v1/committee-seats/{seat}/end"), None).await.expect(200);
        assert_eq!(left["seats"].as_array().unwrap().len(), 4);
        let seen = scratch.get(&ats, &format!("/v1/meetings/{id}")).await.expect(200);
        assert_eq!(seen["invitations"].as_array().unwrap().len(), 5);
        let moved = |days: i64| json!({"starts_at": now() + Duration::days(days), "place": "Cremona", "reason": "Sede non disponibile"});
        let reschedule = format!("/v1/meetings/{id}/reschedule");
        assert_eq!(scratch.post(&ats, &reschedule, Some(moved(4))).await.code(), (422, "notice_too_short"));
        let renewed = scratch.post(&ats, &reschedule, Some(moved(6))).await.expect(200);
        assert_eq!((&renewed["notice"], &renewed["invitations"].as_array().unwrap().len()), (&json!(2), &4));
        assert_eq!(renewed["place"], "Cremona");
        assert_eq!(scratch.count("meeting_notices").await, 2);
        let cancel = format!("/v1/meetings/{id}/cancel");
        let reason = json!({"reason": "Rinvio a nuovo anno"});
        assert_eq!(scratch.post(&ats, &cancel, Some(reason.clone())).await.expect(200)["state"], "cancelled");
        assert_eq!(scratch.post(&ats, &cancel, Some(reason)).await.code(), (409, "transition_not_allowed"));
        assert!(scratch.try_sql("UPDATE meetings SET sent_at = starts_at, required_days = 5").await.is_err());
        for laxer in ["committee_notice_days = 4", "assembly_notice_days = 9", "opinion_notice_days = 14"] {
            let (column, days) = laxer.split_once(" = ").unwrap();
            let territory = scratch.territory_id;
            let sql =
                format!("INSERT INTO governance_settings (territory_id, {column}) VALUES ('{territory}', {days})");
            assert!(scratch.try_sql(&sql).await.is_err(), "{laxer}");
        }
        assert!(scratch.try_sql("DELETE FROM meeting_invitations").await.is_err());
    });
}

#[test]
fn seats_are_of_able_people_each_on_one() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let ats = scratch.ats().await;
        let seats = format!("/v1/bodies/{}/seats", committee.id);
        let seat = |titular: uuid::Uuid, substitute: Option<uuid::Uuid>, chair: bool| json!({"name": "Forum", "chair": chair, "titular_id": titular, "substitute_id": substitute});
        let (sitting, worker) = (committee.people[1].1.id, scratch.person(Role::Worker, scratch.agency).await.id);
        let (fresh, other) = (
            scratch.person(Role::Evaluator, scratch.agency).await.id,
            scratch.person(Role::Evaluator, scratch.agency).await.id,
        );
        let refused = [
            (seat(sitting, None, false), (409, "already_exists")),
            (seat(fresh, Some(fresh), false), (422, "validation_failed")),
            (seat(worker, None, false), (422, "validation_failed")),
            (seat(fresh, None, true), (422, "validation_failed")),
            (seat(ats.id, None, true), (409, "already_exists")),
        ];
        for (body, expected) in refused {
            assert_eq!(scratch.post(&ats, &seats, Some(body.clone())).await.code(), expected, "{body}");
        }
        let given = scratch.post(&ats, &seats, Some(seat(fresh, None, false))).await.expect(201);
        let forum = given["seats"].as_array().unwrap().iter().find(|seat| seat["name"] == "Forum").unwrap();
        let holders = format!("/v1/committee-seats/{}/holders", forum["id"].as_str().unwrap());
        let handed = json!({"titular_id": other, "substitute_id": fresh});
        scratch.call(&ats, Method::PUT, &holders, Some(handed), &[]).await.expect(200);
        assert_eq!(
            scratch.count("seat_holders WHERE ended_at IS NOT NULL").await,
            1,
            "who held it stays on record"
        );
        let second = json!({"kind": "committee", "name": "Altro"});
        assert_eq!(scratch.post(&ats, "/v1/bodies", Some(second)).await.code(), (409, "already_exists"));
    });
}

#[test]
fn a_substitute_attends_only_in_the_titulars_absence() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let ats = scratch.ats().await;
        let far = convening(now() + Duration::days(9), None);
        let far =
            scratch.post(&ats, &format!("/v1/bodies/{}/meetings", committee.id), Some(far)).await.expect(201);
        assert_eq!(scratch.attend(&far, 0, "titular", true).await.code(), (409, "meeting_not_in_session"));

        let meeting = scratch.session(committee.id, None).await;
        let first = scratch.attend(&meeting, 1, "substitute", true).await.expect(200);
        assert_eq!((&first["present"], &first["quorate"]), (&json!(1), &json!(false)));
        let taken = scratch.attend(&meeting, 1, "titular", true).await.expect(200);
        assert_eq!(taken["present"], 1, "one seat, one person");
        assert_eq!(taken["invitations"][1]["attendance"]["capacity"], "titular");
        assert_eq!(scratch.attend(&meeting, 1, "substitute", true).await.code(), (409, "substitute_not_admitted"));
        assert_eq!(scratch.attend(&meeting, 1, "delegate", true).await.code(), (422, "validation_failed"));
        scratch.attend(&meeting, 1, "titular", false).await.expect(200);
        let back = scratch.attend(&meeting, 1, "substitute", true).await.expect(200);
        assert_eq!(back["invitations"][1]["attendance"]["capacity"], "substitute");

        // Both at once: the titular has the seat, whoever comes first.
        let both =
            futures_util::future::join_all((0..8).map(|nth| {
                scratch.attend(&meeting, 2, if nth % 2 == 0 { "titular" } else { "substitute" }, true)
            }))
            .await;
        assert!(both.iter().all(|answer| matches!(answer.code(), (200, _) | (409, "substitute_not_admitted"))));
        let seen =
            scratch.get(&ats, &format!("/v1/meetings/{}", meeting["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(seen["invitations"][2]["attendance"]["capacity"], "titular");
        assert_eq!(seen["present"], 2);
        assert!(scratch.try_sql("DELETE FROM attendances").await.is_err());
        assert!(
            scratch
                .try_sql("UPDATE attendances SET capacity = 'titular' WHERE capacity = 'substitute'")
                .await
                .is_err()
        );
    });
}

#[test]
fn minutes_are_made_answered_made_again_and_validated() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let ats = scratch.ats().await;
        let meeting = scratch.session(committee.id, None).await;
        let id = meeting["id"].as_str().unwrap();
        for nth in 0..3 {
            scratch.attend(&meeting, nth, "titular", true).await.expect(200);
        }
        let make = format!("/v1/meetings/{id}/minutes");
        let texts = json!({"texts": [{"position": 2, "text": "Nulla da segnalare."}]});
        assert_eq!(scratch.post(&ats, &make, Some(texts.clone())).await.code(), (409, "conflict"));
        let held = scratch.post(&ats, &format!("/v1/meetings/{id}/close"), None).await.expect(200);
        assert_eq!((&held["state"], &held["quorate"]), (&json!("held"), &json!(true)));
        let first = scratch.post(&ats, &make, Some(texts.clone())).await.expect(201);
        assert_eq!(first["content"]["presences"].as_array().unwrap().len(), 3);
        assert_eq!(first["content"]["items"][1]["text"], "Nulla da segnalare.");
        let unknown = json!({"texts": [{"position": 3, "text": "x"}]});
        assert_eq!(scratch.post(&ats, &make, Some(unknown)).await.code(), (422, "validation_failed"));

        // An objection asks for another version; silence agrees only once the days have passed.
        let act = |minutes: &Value, act: &str| format!("/v1/minutes/{}/{act}", minutes["id"].as_str().unwrap());
        let (chair, one, two) = (&committee.people[0].0, &committee.people[1].0, &committee.people[2].0);
        let objection = json!({"agreed": false, "remark": "Manca un intervento"});
        let bare = json!({"agreed": false});
        assert_eq!(scratch.post(one, &act(&first, "validate"), Some(bare)).await.status, 422);
        scratch.post(one, &act(&first, "validate"), Some(objection.clone())).await.expect(200);
        assert_eq!(
            scratch.post(one, &act(&first, "validate"), Some(objection)).await.code(),
            (409, "already_exists")
        );
        let absent = &committee.people[4].0;
        let agreed = || Some(json!({"agreed": true}));
        assert_eq!(scratch.post(absent, &act(&first, "validate"), agreed()).await.status, 403);
        assert_eq!(scratch.post(&ats, &act(&first, "close"), None).await.code(), (409, "conflict"));
        let second = scratch.post(&ats, &make, Some(texts)).await.expect(201);
        assert_eq!(second["number"], 2);
        assert_eq!(scratch.post(&ats, &act(&first, "close"), None).await.code(), (409, "transition_not_allowed"));
        assert_eq!(scratch.post(&ats, &act(&second, "close"), None).await.code(), (409, "conflict"));
        for person in [chair, one, two] {
            scratch.post(person, &act(&second, "validate"), agreed()).await.expect(200);
        }
        let valid = scratch.post(&ats, &act(&second, "close"), None).await.expect(200);
        assert_eq!(valid["state"], "validated");
        assert_eq!(
            scratch.post(&ats, &make, Some(json!({"texts": []}))).await.code(),
            (409, "transition_not_allowed")
        );
        assert!(scratch.try_sql("UPDATE minutes SET content = '{}'").await.is_err());
    });
}

#[test]
fn the_years_duties_count_meetings_held_with_their_quorum() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let ats = scratch.ats().await;
        let state = async || {
            let calendar = scratch.get(&ats, "/v1/governance-calendar").await.expect(200);
            let duty = calendar["duties"][0].clone();
            (duty["state"].as_str().unwrap().to_owned(), duty["held"].as_i64().unwrap())
        };
        assert_eq!(state().await, ("missing".into(), 0));
        let deserted = scratch.session(committee.id, None).await;
        let close = |meeting: &Value| format!("/v1/meetings/{}/close", meeting["id"].as_str().unwrap());
        scratch.attend(&deserted, 0, "titular", true).await.expect(200);
        assert_eq!(scratch.post(&ats, &close(&deserted), None).await.expect(200)["quorate"], false);
        assert_eq!(state().await, ("missing".into(), 0));
        for held in 1..=2 {
            let meeting = scratch.session(committee.id, None).await;
            for nth in 0..3 {
                scratch.attend(&meeting, nth, "titular", true).await.expect(200);
            }
            // They leave before the end: the quorum was reached all the same.
            scratch.attend(&meeting, 2, "titular", false).await.expect(200);
            assert_eq!(scratch.post(&ats, &close(&meeting), None).await.expect(200)["quorate"], true);
            assert_eq!(state().await.1, held);
        }
        assert_eq!(state().await.0, "met");
    });
}
