//! The life of a call, and who may see and move it.

use crate::scratch::{call_content, with_scratch};
use actix_web::http::Method;
use concilia_kernel::{Role, new_id};
use serde_json::{Value, json};

#[test]
fn a_call_is_written_opened_frozen_and_closed() {
    with_scratch(async |scratch| {
        let (lead, ats) = (scratch.lead(), scratch.ats());
        let mut content = call_content(scratch.project_id);
        content["admitted_employer_ids"] = json!([scratch.employer_id]);
        let draft = scratch.post(&lead, "/v1/voucher-calls", Some(content.clone())).await;
        assert_eq!((draft.status, draft.etag.as_deref()), (201, Some("\"1\"")), "{}", draft.body);
        assert_eq!(draft.body["edition"], 1);
        assert_eq!(draft.body["first_award_share"], "1.00");
        let path = format!("/v1/voucher-calls/{}", draft.id());

        // A draft is seen by its lead and by the agency only.
        assert_eq!(scratch.get(None, &path).await.status, 404);
        assert_eq!(scratch.get(Some(&scratch.actor(Role::AllianceLead, new_id())), &path).await.status, 404);
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats)), &path).await.status, 404);
        assert_eq!(scratch.get(Some(&ats), &path).await.status, 200);
        assert_eq!(scratch.get(None, "/v1/voucher-calls").await.body["items"], json!([]));
        let drafts = scratch.get(Some(&lead), "/v1/voucher-calls?state=draft").await;
        assert_eq!(drafts.body["items"].as_array().map(Vec::len), Some(1), "{}", drafts.body);

        // It changes by its version.
        content["title_it"] = json!("Avviso corretto");
        content["admitted_employer_ids"] = json!([scratch.other_employer_id]);
        let change = async |seen: &str, content: &Value| {
            scratch.call(Some(&lead), Method::PUT, &path, Some(content.clone()), &[("if-match", seen)]).await
        };
        let unseen = scratch.call(Some(&lead), Method::PUT, &path, Some(content.clone()), &[]).await;
        assert_eq!(unseen.status, 428);
        assert_eq!(change("\"7\"", &content).await.status, 412);
        let changed = change("\"1\"", &content).await;
        assert_eq!((changed.status, changed.etag.as_deref()), (200, Some("\"2\"")), "{}", changed.body);
        assert_eq!(changed.body["admitted_employer_ids"], json!([scratch.other_employer_id]));
        content["admitted_employer_ids"] = json!([scratch.employer_id, new_id()]);
        let unknown = change("\"2\"", &content).await;
        assert_eq!(unknown.refusal(), (422, "validation_failed", "/admitted_employer_ids/1", "not_found"));

        // Open, it is public and frozen, even for whoever reaches the database.
        let open = format!("{path}/open");
        assert_eq!(scratch.post(&scratch.actor(Role::AllianceLead, new_id()), &open, None).await.status, 404);
        let opened = scratch.post(&lead, &open, None).await;
        assert_eq!((opened.status, &opened.body["state"]), (200, &json!("open")), "{}", opened.body);
        assert_eq!(scratch.post(&lead, &open, None).await.refusal().1, "transition_not_allowed");
        let seen = scratch.get(None, &path).await;
        assert_eq!(seen.body["title_it"], "Avviso corretto");
        assert_eq!(seen.etag, opened.etag);
        let again = [("if-none-match", seen.etag.as_deref().unwrap())];
        assert_eq!(scratch.call(None, Method::GET, &path, None, &again).await.status, 304);
        content["admitted_employer_ids"] = json!([]);
        assert_eq!(change("\"3\"", &content).await.refusal().1, "transition_not_allowed");
        let mut conn = scratch.connect().await;
        let forced = diesel::sql_query("UPDATE voucher_calls SET budget = budget + 1");
        assert!(diesel_async::RunQueryDsl::execute(forced, &mut conn).await.is_err());

        // Its budget is in the ledger.
        let funded = concilia_ledger::call_budget(&mut conn, scratch.territory_id, draft.id()).await.unwrap();
        assert_eq!(funded.to_string(), "1000.00");

        // Closing takes a reason, from its lead or the agency.
        let close = format!("{path}/close");
        let reason = json!({"reason": "Risorse esaurite"});
        assert_eq!(scratch.post(&ats, &close, Some(json!({}))).await.status, 400);
        let other = scratch.actor(Role::AllianceLead, new_id());
        assert_eq!(scratch.post(&other, &close, Some(reason.clone())).await.status, 403);
        assert_eq!(scratch.post(&scratch.stranger(Role::Ats), &close, Some(reason.clone())).await.status, 404);
        assert_eq!(scratch.post(&ats, &close, Some(reason.clone())).await.body["state"], "closed");
        assert_eq!(scratch.post(&ats, &close, Some(reason)).await.refusal().1, "transition_not_allowed");
        let history =
            concilia_kernel::transition::history(&mut conn, scratch.territory_id, draft.id()).await.unwrap();
        let moves: Vec<_> = history.iter().map(|m| (m.to_state.as_str(), m.reason.as_deref())).collect();
        assert_eq!(moves, [("draft", None), ("open", None), ("closed", Some("Risorse esaurite"))]);
    });
}

#[test]
fn only_the_lead_of_a_project_makes_its_calls_each_with_an_edition() {
    with_scratch(async |scratch| {
        let content = call_content(scratch.project_id);
        for stranger in [scratch.stranger(Role::AllianceLead), scratch.actor(Role::AllianceLead, new_id())] {
            let refused = scratch.post(&stranger, "/v1/voucher-calls", Some(content.clone())).await;
            assert_eq!(refused.refusal(), (422, "validation_failed", "/project_id", "not_found"));
        }
        let lead = scratch.lead();
        let keyed = [("idempotency-key", "once")];
        for _ in 0..2 {
            let made =
                scratch.call(Some(&lead), Method::POST, "/v1/voucher-calls", Some(content.clone()), &keyed).await;
            assert_eq!((made.status, &made.body["edition"]), (201, &json!(1)));
        }
        let made = futures_util::future::join_all(
            (0..4).map(|_| scratch.post(&lead, "/v1/voucher-calls", Some(content.clone()))),
        )
        .await;
        let mut editions: Vec<_> = made.iter().map(|made| made.body["edition"].as_i64().unwrap_or(0)).collect();
        editions.sort_unstable();
        assert_eq!(editions, [2, 3, 4, 5]);
        let mut late = content;
        late["closes_at"] = json!("2021-01-01T00:00:00Z");
        let late = scratch.post(&lead, "/v1/voucher-calls", Some(late)).await;
        let open = format!("/v1/voucher-calls/{}/open", late.id());
        assert_eq!(scratch.post(&lead, &open, None).await.refusal().1, "conflict");
    });
}

#[test]
fn calls_past_their_closing_instant_are_closed_by_the_sweeper_and_at_once_for_applicants() {
    with_scratch(async |scratch| {
        let call = scratch.open_call(|_| ()).await;
        let family = scratch.family(scratch.employer_id, &[("2015-01-01", None)]).await;
        scratch
            .run_sql(
                "ALTER TABLE voucher_calls DISABLE TRIGGER voucher_calls_frozen; \
                 UPDATE voucher_calls SET closes_at = now() - interval '1 second'; \
                 ALTER TABLE voucher_calls ENABLE TRIGGER voucher_calls_frozen",
            )
            .await;
        let body = json!({"voucher_call_id": call, "household_member_ids": family.children});
        let late = scratch.post(&family.actor, "/v1/applications", Some(body)).await;
        assert_eq!((late.status, late.refusal().1), (409, "call_not_open"));
        let mut conn = scratch.connect().await;
        assert_eq!(concilia_benefits::close_due_calls(&mut conn).await.unwrap(), 1);
        assert_eq!(concilia_benefits::close_due_calls(&mut conn).await.unwrap(), 0);
        let history = concilia_kernel::transition::history(&mut conn, scratch.territory_id, call).await.unwrap();
        assert_eq!(
            history.last().map(|m| (m.to_state.as_str(), m.actor_role.as_str())),
            Some(("closed", "system"))
        );
    });
}
