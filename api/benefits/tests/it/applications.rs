//! Applications: their rules, their snapshots, their numbers.

use crate::scratch::with_scratch;
use actix_web::http::Method;
use concilia_kernel::{Role, new_id};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

#[test]
fn an_application_is_made_submitted_corrected_and_withdrawn() {
    with_scratch(async |scratch| {
        let call = scratch.open_call(|_| ()).await;
        let family = scratch.family(scratch.employer_id, &[("2090-01-01", Some(1)), ("2092-05-05", None)]).await;
        let body = json!({"voucher_call_id": call, "household_member_ids": [family.children[0]]});
        let draft = scratch.post(&family.actor, "/v1/applications", Some(body.clone())).await;
        assert_eq!(draft.status, 201, "{}", draft.body);
        assert_eq!((&draft.body["state"], &draft.body["declared_household"]), (&json!("draft"), &Value::Null));
        let again = scratch.post(&family.actor, "/v1/applications", Some(body)).await;
        assert_eq!(again.refusal().1, "already_exists");

        // A draft is nobody else's business, a submitted one is for those who decide.
        let path = format!("/v1/applications/{}", draft.id());
        let lead = scratch.lead();
        assert_eq!(scratch.get(Some(&lead), &path).await.status, 404);
        let submitted = scratch.post(&family.actor, &format!("{path}/submit"), None).await;
        assert_eq!(submitted.status, 200, "{}", submitted.body);
        let number = submitted.body["protocol_number"].as_str().unwrap().to_owned();
        assert!(number.ends_with("/000001"), "{number}");
        assert_eq!(submitted.body["declared_household"]["isee"], "12000.00");
        assert_eq!(submitted.body["lines"][0]["declared_child"]["birth_date"], "2090-01-01");
        assert_eq!(scratch.get(Some(&lead), &path).await.body, submitted.body);
        // Health and means do not reach the agency.
        let seen = scratch.get(Some(&scratch.ats()), &path).await;
        assert_eq!((seen.status, &seen.body["protocol_number"]), (200, &submitted.body["protocol_number"]));
        assert_eq!(
            (&seen.body["declared_household"], &seen.body["lines"][0]["declared_child"]),
            (&json!(null), &json!(null))
        );
        let neighbour = scratch.family(scratch.employer_id, &[("2090-01-01", None)]).await;
        let others = [
            neighbour.actor.clone(),
            scratch.actor(Role::AllianceLead, new_id()),
            scratch.actor(Role::Employer, scratch.employer_id),
            scratch.stranger(Role::Ats),
            scratch.stranger(Role::AllianceLead),
        ];
        for other in &others {
            assert_eq!(scratch.get(Some(other), &path).await.status, 404);
            assert_eq!(scratch.get(Some(other), &format!("{path}/explanation")).await.status, 404);
            assert_eq!(scratch.get(Some(other), "/v1/applications").await.body["items"], json!([]));
        }
        let listed = scratch.get(Some(&lead), &format!("/v1/applications?voucher_call_id={call}")).await;
        assert_eq!(listed.body["items"][0]["protocol_number"], number.as_str());
        assert!(listed.body["items"][0].get("declared_household").is_none());

        // Corrected: another line, the same number and instant, a new snapshot.
        let correct = async |seen: &str| {
            let body = json!({"household_member_ids": [family.children[1], family.children[0]]});
            scratch.call(Some(&family.actor), Method::PUT, &path, Some(body), &[("if-match", seen)]).await
        };
        assert_eq!(correct("\"1\"").await.status, 412);
        let corrected = correct(submitted.etag.as_deref().unwrap()).await;
        assert_eq!(corrected.status, 200, "{}", corrected.body);
        assert_eq!(corrected.body["state"], "submitted");
        assert_eq!(corrected.body["protocol_number"], number.as_str());
        assert_eq!(corrected.body["submitted_at"], submitted.body["submitted_at"]);
        assert_eq!(corrected.body["lines"][0]["declared_child"]["birth_date"], "2092-05-05");
        let not_ranked = scratch.get(Some(&family.actor), &format!("{path}/explanation")).await;
        assert_eq!((not_ranked.status, &not_ranked.body["ranking"]), (200, &Value::Null));

        // Withdrawn: what was declared is erased, and the worker may start again with the next number.
        let withdrawn = scratch.post(&family.actor, &format!("{path}/withdraw"), None).await;
        assert_eq!(withdrawn.body["state"], "withdrawn");
        assert_eq!(withdrawn.body["declared_household"], Value::Null);
        let twice = scratch.post(&family.actor, &format!("{path}/withdraw"), None).await;
        assert_eq!(twice.refusal().1, "transition_not_allowed");
        let next = scratch.submit(&family, call).await;
        let next = scratch.get(Some(&family.actor), &format!("/v1/applications/{next}")).await;
        assert!(next.body["protocol_number"].as_str().unwrap().ends_with("/000002"));
    });
}

#[test]
fn refusals_say_which_rule_and_where() {
    with_scratch(async |scratch| {
        let admitted = scratch.employer_id;
        let call = scratch.open_call(|call| call["admitted_employer_ids"] = json!([admitted])).await;
        let family = scratch.family(admitted, &[("2090-01-01", None), ("2000-01-01", None)]).await;
        let elsewhere = scratch.family(scratch.other_employer_id, &[("2090-01-01", None)]).await;
        let not_activated = scratch.actor(Role::Worker, admitted);
        let apply = async |actor, call, members: &[uuid::Uuid]| {
            let body = json!({"voucher_call_id": call, "household_member_ids": members});
            scratch.post(actor, "/v1/applications", Some(body)).await
        };
        let refused = apply(&elsewhere.actor, call, &elsewhere.children).await;
        assert_eq!(refused.refusal(), (422, "not_eligible", "/voucher_call_id", "employer_not_admitted"));
        let refused = apply(&family.actor, call, &[family.children[0], elsewhere.children[0]]).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/household_member_ids/1", "not_found"));
        let refused = apply(&family.actor, call, &[family.children[0], family.children[0]]).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/household_member_ids", "duplicate"));
        let refused = apply(&family.actor, new_id(), &family.children).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/voucher_call_id", "not_found"));
        let refused = apply(&not_activated, call, &family.children).await;
        assert_eq!(refused.refusal().1, "not_eligible");

        // Ages are checked on submission, on the closing day.
        let draft = apply(&family.actor, call, &family.children).await;
        let submit = format!("/v1/applications/{}/submit", draft.id());
        let refused = scratch.post(&family.actor, &submit, None).await;
        assert_eq!(refused.refusal(), (422, "not_eligible", "/household_member_ids/1", "age_out_of_range"));
        assert!(refused.body["errors"][0].get("value").is_none(), "an age is personal");

        // So is the employment, again.
        scratch.run_sql("UPDATE employees SET employed_to = current_date - 1").await;
        assert_eq!(scratch.post(&family.actor, &submit, None).await.refusal().3, "employer_not_admitted");
        assert_eq!(scratch.post(&elsewhere.actor, &submit, None).await.status, 404);
        scratch.close(call).await;
        assert_eq!(scratch.post(&family.actor, &submit, None).await.refusal().1, "call_not_open");
    });
}

#[test]
fn a_child_named_twice_takes_one_voucher() {
    with_scratch(async |scratch| {
        let call = scratch.open_call(|_| ()).await;
        let apply = async |children: &[(&str, Option<u128>)]| {
            let family = scratch.family(scratch.employer_id, children).await;
            let body = json!({"voucher_call_id": call, "household_member_ids": family.children});
            let draft = scratch.post(&family.actor, "/v1/applications", Some(body)).await;
            scratch.post(&family.actor, &format!("/v1/applications/{}/submit", draft.id()), None).await
        };
        for second in [None, Some(7)] {
            let refused = apply(&[("2090-01-01", None), ("2091-01-01", None), ("2090-01-01", second)]).await;
            let expected = (409, "child_already_applied", "/household_member_ids/2", "child_named_twice");
            assert_eq!(refused.refusal(), expected);
        }
        assert_eq!(apply(&[("2090-01-01", Some(8)), ("2090-01-01", Some(9))]).await.status, 200);
    });
}

#[derive(QueryableByName, Debug, PartialEq)]
struct Numbers {
    #[diesel(sql_type = BigInt)]
    submitted: i64,
    #[diesel(sql_type = Text)]
    greatest: String,
}

#[test]
fn one_child_is_submitted_once_and_numbers_have_no_gap_whatever_runs_together() {
    with_scratch(async |scratch| {
        let call = scratch.open_call(|_| ()).await;
        let mut drafts = vec![];
        for n in 0..16_u128 {
            // Parents two by two name the same child.
            let family = scratch.family(scratch.employer_id, &[("2090-01-01", Some(n / 2 + 1))]).await;
            let body = json!({"voucher_call_id": call, "household_member_ids": family.children});
            let draft = scratch.post(&family.actor, "/v1/applications", Some(body)).await;
            drafts.push((family, draft.id()));
        }
        let submissions = drafts.iter().map(async |(family, id)| {
            scratch.post(&family.actor, &format!("/v1/applications/{id}/submit"), None).await
        });
        let answers = futures_util::future::join_all(submissions).await;
        let (good, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!((good.len(), refused.len()), (8, 8));
        for refusal in refused {
            assert_eq!((refusal.status, refusal.refusal().1), (409, "child_already_applied"), "{}", refusal.body);
        }
        let mut conn = scratch.connect().await;
        let numbers: Numbers = diesel::sql_query(
            "SELECT count(*) AS submitted, right(max(protocol_number), 6) AS greatest FROM applications \
             WHERE state = 'submitted'",
        )
        .get_result(&mut conn)
        .await
        .unwrap();
        assert_eq!(numbers, Numbers { submitted: 8, greatest: "000008".into() });

        // A withdrawal frees the child for the other parent.
        let winner = answers.iter().position(|answer| answer.status == 200).unwrap();
        let (family, id) = &drafts[winner];
        assert_eq!(
            scratch.post(&family.actor, &format!("/v1/applications/{id}/withdraw"), None).await.status,
            200
        );
        let (other, id) = &drafts[winner ^ 1];
        assert_eq!(scratch.post(&other.actor, &format!("/v1/applications/{id}/submit"), None).await.status, 200);
    });
}
