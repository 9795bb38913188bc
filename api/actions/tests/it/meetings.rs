//! Meetings of actions.

use crate::scratch::with_scratch;
use concilia_kernel::{Role, new_id};
use serde_json::json;

#[test]
fn a_meeting_is_planned_and_held_or_cancelled() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let action = scratch.running_action("1000.00").await;
        let meetings = format!("/v1/actions/{action}/meetings");
        let plan = async |starts: &str, ends: &str| {
            let body = json!({"title": "Avvio", "starts_at": starts, "ends_at": ends, "place": "Mantova"});
            scratch.post(&ats, &meetings, body).await
        };
        assert_eq!(plan("2021-02-03T11:00:00Z", "2021-02-03T09:00:00Z").await.fault(), ("/ends_at", "date_order"));
        let past = plan("2021-02-03T09:00:00Z", "2021-02-03T11:00:00Z").await;
        assert_eq!((past.status, &past.body["people"]), (201, &json!(null)), "{}", past.body);
        let ahead = plan("2097-02-03T09:00:00Z", "2097-02-03T11:00:00Z").await;

        let hold = async |id, organisations| {
            let body = json!({"people": 14, "organisation_ids": organisations, "notes": "Calendario condiviso."});
            scratch.post(&ats, &format!("/v1/action-meetings/{id}/hold"), body).await
        };
        assert_eq!(hold(ahead.id(), json!([])).await.code(), (409, "conflict"));
        let unknown = hold(past.id(), json!([scratch.lead_id, new_id()])).await;
        assert_eq!((unknown.status, unknown.fault()), (422, ("/organisation_ids/1", "not_found")));
        let held = hold(past.id(), json!([scratch.lead_id])).await;
        assert_eq!((held.status, held.etag.as_deref()), (200, Some("\"2\"")), "{}", held.body);
        assert_eq!(held.body["organisation_ids"], json!([scratch.lead_id]));
        assert_eq!(hold(past.id(), json!([])).await.code(), (409, "transition_not_allowed"));

        let cancel = format!("/v1/action-meetings/{}/cancel", ahead.id());
        assert_eq!(scratch.post(&scratch.stranger(Role::Ats), &cancel, json!({"reason": "x"})).await.status, 404);
        scratch.post(&ats, &cancel, json!({"reason": "Rinviata"})).await.expect(200);
        let listed = scratch.get(Some(&ats), &format!("{meetings}?limit=1")).await.expect(200);
        assert_eq!(listed["items"][0]["state"], "held", "in the order of their start");
        let next = listed["next"].as_str().unwrap();
        let rest = scratch.get(Some(&ats), &format!("{meetings}?limit=1&cursor={next}")).await.expect(200);
        assert_eq!((&rest["items"][0]["state"], &rest["next"]), (&json!("cancelled"), &json!(null)));

        scratch.act(&ats, &format!("/v1/actions/{action}/conclude")).await.expect(200);
        assert_eq!(plan("2021-02-03T09:00:00Z", "2021-02-03T11:00:00Z").await.code(), (409, "conflict"));
    });
}
