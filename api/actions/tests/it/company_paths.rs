//! Companies on their paths.

use crate::scratch::{Scratch, with_scratch};
use concilia_kernel::{Actor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

async fn path(scratch: &Scratch, action: Uuid) -> Uuid {
    let body = json!({"title": "Verso il lavoro agile", "description": "Due passi.", "steps": [
        {"kind": "assessment", "title": "Analisi"}, {"kind": "regulation_support", "title": "Regolamento"}]});
    let made = scratch.post(&scratch.ats(), &format!("/v1/actions/{action}/company-paths"), body).await;
    assert_eq!((made.status, made.body["steps"].as_array().map(Vec::len)), (201, Some(2)), "{}", made.body);
    made.id()
}

fn step(position: i16, day: &str) -> Value {
    json!({"position": position, "done_on": day, "outcome": "Fatto"})
}

#[test]
fn a_member_company_joins_and_takes_the_steps_in_order() {
    with_scratch(async |scratch| {
        let (ats, officer) = (scratch.ats(), scratch.actor(Role::Employer, scratch.company_id));
        let action = scratch.action("1000.00").await;
        let path = path(&scratch, action).await;
        let join = async |actor: &Actor, organisation: Uuid| {
            scratch
                .post(actor, &format!("/v1/company-paths/{path}/join"), json!({"organisation_id": organisation}))
                .await
        };
        assert_eq!(join(&officer, scratch.company_id).await.code(), (409, "conflict"), "the action has not begun");
        scratch.act(&ats, &format!("/v1/actions/{action}/start")).await.expect(200);
        assert_eq!(join(&scratch.worker(), scratch.company_id).await.fault(), ("/organisation_id", "not_found"));
        for (organisation, fault) in
            [(scratch.outsider_id, "not_a_member_company"), (scratch.lead_id, "not_a_member_company")]
        {
            let refused = join(&ats, organisation).await;
            assert_eq!((refused.code(), refused.fault()), ((422, "not_eligible"), ("/organisation_id", fault)));
        }
        let joined = join(&officer, scratch.company_id).await;
        assert_eq!((joined.status, &joined.body["steps_in_all"]), (201, &json!(2)), "{}", joined.body);
        assert_eq!(join(&ats, scratch.company_id).await.code(), (409, "already_exists"));

        let on_path = format!("/v1/path-participations/{}", joined.id());
        let steps = format!("{on_path}/steps");
        let today = concilia_kernel::now().date_naive().to_string();
        let skipped = scratch.post(&ats, &steps, step(2, &today)).await;
        assert_eq!((skipped.code(), skipped.fault()), ((409, "conflict"), ("/position", "range")));
        assert_eq!(scratch.post(&ats, &steps, step(1, "2021-01-01")).await.fault(), ("/done_on", "date_order"));
        assert_eq!(scratch.post(&ats, &steps, step(1, "2099-01-01")).await.fault(), ("/done_on", "in_future"));
        assert_eq!(scratch.post(&scratch.stranger(Role::Ats), &steps, step(1, &today)).await.status, 404);
        let at_once =
            futures_util::future::join_all((0..4).map(|_| scratch.post(&ats, &steps, step(1, &today)))).await;
        assert_eq!(at_once.iter().filter(|answer| answer.status == 201).count(), 1, "a step is taken once");
        let done = scratch.post(&ats, &steps, step(2, &today)).await.expect(201);
        assert_eq!((&done["state"], done["steps_done"].as_array().map(Vec::len)), (&json!("completed"), Some(2)));
        assert_eq!(scratch.post(&ats, &steps, step(3, &today)).await.code(), (409, "transition_not_allowed"));

        assert_eq!(scratch.get(Some(&officer), &on_path).await.status, 200);
        assert_eq!(
            scratch.get(Some(&scratch.actor(Role::Employer, scratch.outsider_id)), &on_path).await.status,
            404
        );
        let counted = scratch.get(Some(&officer), &format!("/v1/company-paths/{path}")).await.expect(200);
        assert_eq!((&counted["running"], &counted["completed"]), (&json!(0), &json!(1)));
    });
}

#[test]
fn a_company_may_leave_and_come_again_while_the_path_is_open() {
    with_scratch(async |scratch| {
        let (ats, officer) = (scratch.ats(), scratch.actor(Role::Employer, scratch.company_id));
        let path = path(&scratch, scratch.running_action("1000.00").await).await;
        let body = json!({"organisation_id": scratch.company_id});
        let join = format!("/v1/company-paths/{path}/join");
        let at_once =
            futures_util::future::join_all((0..5).map(|_| scratch.post(&officer, &join, body.clone()))).await;
        let joined: Vec<_> = at_once.iter().filter(|answer| answer.status == 201).collect();
        assert_eq!(joined.len(), 1);
        let leave = format!("/v1/path-participations/{}/withdraw", joined[0].id());
        let stranger = scratch.actor(Role::Employer, scratch.outsider_id);
        assert_eq!(scratch.post(&stranger, &leave, json!({"reason": "x"})).await.status, 404);
        let left = scratch.post(&officer, &leave, json!({"reason": "Riorganizzazione"})).await;
        assert_eq!(left.expect(200)["state"], "withdrawn");
        scratch.post(&officer, &join, body.clone()).await.expect(201);
        let listed = scratch.get(Some(&officer), "/v1/path-participations").await.expect(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
        let running = scratch.get(Some(&ats), "/v1/path-participations?state=running").await.expect(200);
        assert_eq!(running["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(scratch.get(Some(&stranger), "/v1/path-participations").await.expect(200)["items"], json!([]));

        let close = format!("/v1/company-paths/{path}/close");
        scratch.post(&ats, &close, json!({"reason": "Posti esauriti"})).await.expect(200);
        assert_eq!(
            scratch.post(&ats, &close, json!({"reason": "x"})).await.code(),
            (409, "transition_not_allowed")
        );
        let officer = scratch.actor(Role::Ats, scratch.agency_id);
        assert_eq!(scratch.post(&officer, &join, body).await.code(), (409, "conflict"));
        let listed = scratch.get(Some(&officer), "/v1/company-paths?state=closed").await.expect(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    });
}
