//! Projects merged into others before they are scored.

use crate::scratch::with_scratch;
use concilia_kernel::new_id;
use serde_json::json;

#[test]
fn a_merged_project_keeps_its_history_and_brings_its_alliance() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let into = scratch.submitted(call, "Assorbe").await;
        let absorbed = scratch.submitted(call, "Assorbito").await;
        let other_lead = scratch.member("Altro comune", "public_body").await;
        scratch
            .run_sql(&format!(
                "DELETE FROM cofinancing_lines WHERE project_id = '{absorbed}'; \
                 UPDATE project_partners SET organisation_id = '{other_lead}' WHERE project_id = '{absorbed}' AND role = 'lead'; \
                 UPDATE projects SET lead_organisation_id = '{other_lead}' WHERE id = '{absorbed}'"
            ))
            .await;
        let body = |into| Some(json!({"into_project_id": into, "reason": "Progetti complementari"}));
        assert_eq!(scratch.act(absorbed, "merge", body(absorbed)).await.refusal().2, "/into_project_id");
        assert_eq!(scratch.act(absorbed, "merge", body(new_id())).await.refusal().2, "/into_project_id");
        let merged = scratch.act(absorbed, "merge", body(into)).await.expect(200);
        assert_eq!(merged["absorbed"][0]["title"], "Assorbito");
        let joined: Vec<_> = merged["partners"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|partner| partner["joined_on"].is_string())
            .map(|partner| (&partner["organisation"]["name"], &partner["role"], &partner["mandate_on"]))
            .collect();
        assert_eq!(joined, [(&json!("Altro comune"), &json!("implementing"), &json!(null))]);
        assert_eq!(
            scratch.broken_rules(into).await.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>(),
            ["mandates_signed"]
        );
        // Its mandate is signed before the project is admitted, and nothing else of it changes meanwhile.
        let refused = scratch.act(into, "admit", None).await;
        let place = refused.body["errors"][0]["pointer"].as_str().unwrap().to_owned();
        assert_eq!(refused.refusal(), (422, "validation_failed", place.as_str(), "mandates_signed"));
        let forced = format!("UPDATE projects SET state = 'admissible' WHERE id = '{into}'");
        assert!(scratch.try_sql(&forced).await.unwrap_err().contains("mandate"), "the database holds it");
        let part = format!("/partners/{other_lead}");
        for (role, mandate_on) in [("network", json!("2020-06-20")), ("implementing", json!(null))] {
            let changed = json!({"role": role, "mandate_on": mandate_on});
            assert_eq!(scratch.put_part(into, &part, changed).await.refusal().1, "transition_not_allowed");
        }
        let signed = json!({"role": "implementing", "mandate_on": "2020-06-20"});
        scratch.put_part(into, &part, signed.clone()).await.expect(200);
        assert_eq!(scratch.put_part(into, &part, signed).await.refusal().1, "transition_not_allowed", "once");
        assert_eq!(scratch.broken_rules(into).await, []);
        scratch.act(into, "admit", None).await.expect(200);
        let gone = scratch.project(absorbed).await;
        assert_eq!((&gone.body["state"], &gone.body["merged_into"]), (&json!("merged"), &json!(into)));
        let last = gone.body["history"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&last["from_state"], &last["reason"]),
            (&json!("submitted"), &json!("Progetti complementari"))
        );
        for (project, reasons) in
            [(into, &["submitted", "merged", "partners"][..]), (absorbed, &["submitted", "merged"][..])]
        {
            let versions = scratch.get(Some(&scratch.ats()), &format!("/v1/projects/{project}/versions")).await;
            let kept = versions.body["items"].as_array().unwrap().clone();
            assert_eq!(kept.iter().map(|v| v["reason"].as_str().unwrap()).collect::<Vec<_>>(), reasons);
        }
        let again = scratch.submitted(call, "Terzo").await;
        assert_eq!(scratch.act(again, "merge", body(absorbed)).await.refusal().1, "transition_not_allowed");
        scratch.run_sql(&format!("UPDATE projects SET state = 'scored' WHERE id = '{into}'")).await;
        assert_eq!(scratch.act(again, "merge", body(into)).await.refusal().1, "transition_not_allowed");
    });
}

#[test]
fn a_project_that_was_admissible_is_admitted_again_with_those_who_join_it() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let into = scratch.submitted(call, "Assorbe").await;
        let absorbed = scratch.submitted(call, "Assorbito").await;
        let joining = scratch.member("Altro comune", "public_body").await;
        scratch
            .run_sql(&format!(
                "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, mandate_on) \
                 SELECT territory_id, id, '{joining}', 'network', '2020-05-01' FROM projects WHERE id = '{absorbed}'"
            ))
            .await;
        scratch.act(into, "admit", None).await.expect(200);
        // Only a merger takes it back: its alliance does not, though the call is open.
        let again = scratch.post(&scratch.lead(), &format!("/v1/projects/{into}/submit"), None).await;
        assert_eq!(again.refusal().1, "transition_not_allowed");
        assert_eq!(scratch.project(into).await.body["state"], "admissible");

        let merger = json!({"into_project_id": into, "reason": "Progetti complementari"});
        let merged = scratch.act(absorbed, "merge", Some(merger)).await.expect(200);
        assert_eq!(merged["state"], "submitted");
        let last = merged["history"].as_array().unwrap().last().unwrap();
        assert_eq!(
            json!([last["from_state"], last["to_state"], last["reason"]]),
            json!(["admissible", "submitted", "Progetti complementari"])
        );
        let refused = scratch.act(into, "admit", None).await;
        assert_eq!((refused.refusal().0, refused.refusal().3), (422, "mandates_signed"));
        let forced = format!("UPDATE projects SET state = 'admissible' WHERE id = '{into}'");
        assert!(scratch.try_sql(&forced).await.unwrap_err().contains("mandate"), "the database holds it");
        let signed = json!({"role": "network", "mandate_on": "2020-06-20"});
        scratch.put_part(into, &format!("/partners/{joining}"), signed).await.expect(200);
        assert_eq!(scratch.act(into, "admit", None).await.expect(200)["state"], "admissible");
    });
}

#[test]
fn mergers_that_cross_do_not_wait_for_each_other() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        for _ in 0..3 {
            let (one, two) = (scratch.submitted(call, "Uno").await, scratch.submitted(call, "Due").await);
            let body = |into| Some(json!({"into_project_id": into, "reason": "Insieme"}));
            let (there, back) =
                tokio::join!(scratch.act(one, "merge", body(two)), scratch.act(two, "merge", body(one)));
            let mut statuses = [there.status, back.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409], "{} {}", there.body, back.body);
        }
    });
}
