//! Drafting a project, and who sees and changes it.

use crate::alliance::{activities, budget, content};
use crate::scratch::with_scratch;
use actix_web::http::Method;
use concilia_kernel::{Actor, Role, new_id};
use serde_json::{Value, json};

fn references(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|project| project["reference"].as_str().unwrap()).collect()
}

#[test]
fn drafts_are_numbered_after_their_call_and_only_while_it_is_open() {
    with_scratch(async |scratch| {
        let call = scratch.open_call().await;
        let number = scratch.get(None, &format!("/v1/project-calls/{call}")).await.body["number"].clone();
        scratch
            .run_sql(&format!(
                "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state) \
                 VALUES ('{}', '{}', '{number}.2', 'By hand', '{}', '2020-01-01', '2020-12-31', 'running')",
                new_id(), scratch.territory_id, scratch.lead_id
            ))
            .await;
        let one = scratch.draft_project(call, "Uno").await.expect(201);
        assert_eq!(
            (one["reference"].as_str(), one["state"].as_str()),
            (Some(&*format!("{number}.1")), Some("draft"))
        );
        assert_eq!(one["history"][0]["to_state"], "draft");
        let two = scratch.draft_project(call, "Due").await.expect(201);
        assert_eq!(two["reference"], format!("{number}.3"), "2 was given by hand");
        let together =
            futures_util::future::join_all((0..6).map(|_| scratch.draft_project(call, "Insieme"))).await;
        let mut given: Vec<String> =
            together.into_iter().map(|made| made.expect(201)["reference"].as_str().unwrap().to_owned()).collect();
        given.sort_unstable();
        assert_eq!(given, (4..10).map(|n| format!("{number}.{n}")).collect::<Vec<_>>());
        scratch.let_it_expire(call).await;
        assert_eq!(scratch.draft_project(call, "Tardi").await.refusal().1, "call_not_open");
        let body = json!({"project_call_id": call, "lead_organisation_id": scratch.partner_ids[0], "content": content("x")});
        let refused = scratch.post(&scratch.lead(), "/v1/projects", Some(body)).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/lead_organisation_id", "not_found"));
    });
}

#[test]
fn who_sees_a_project_depends_on_its_state_and_alliance() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.ready_project(call, "ALICE").await;
        let path = format!("/v1/projects/{id}");
        let [employer, provider] = scratch.officers();
        let outsider = scratch.actor(Role::AllianceLead, new_id());
        let evaluator = scratch.actor(Role::Evaluator, new_id());
        // The committee member of an organisation of the alliance does not see what it proposes.
        let involved = scratch.actor(Role::Evaluator, scratch.partner_ids[0]);
        let everyone = [
            (scratch.lead(), true, true),
            (employer, true, true),
            (provider, true, true),
            (scratch.ats(), true, true),
            (outsider, false, false),
            (evaluator.clone(), false, true),
            (involved, false, false),
            (scratch.stranger(), false, false),
        ];
        for (actor, draft, _) in &everyone {
            let status = scratch.get(Some(actor), &path).await.status;
            assert_eq!(status, if *draft { 200 } else { 404 }, "{actor:?}");
        }
        scratch.submit(id, None).await.expect(200);
        for (actor, _, submitted) in &everyone {
            for operation in
                ["", "/check", "/calendar", "/calendar/picture", "/versions", "/versions/1", "/changes?from=1"]
            {
                let status = scratch.get(Some(actor), &format!("{path}{operation}")).await.status;
                assert_eq!(status, if *submitted { 200 } else { 404 }, "{operation} {actor:?}");
            }
            let listed = scratch.get(Some(actor), "/v1/projects").await.expect(200);
            assert_eq!(references(&listed).len(), usize::from(*submitted), "{actor:?}");
        }
        let filtered = |query: &str| format!("/v1/projects?{query}");
        for (query, found) in [
            (format!("project_call_id={call}"), 1),
            (format!("project_call_id={}", new_id()), 0),
            ("state=submitted".to_owned(), 1),
            ("state=draft".to_owned(), 0),
            ("intervention_type=b".to_owned(), 1),
            ("intervention_type=c".to_owned(), 0),
        ] {
            let listed = scratch.get(Some(&evaluator), &filtered(&query)).await.expect(200);
            assert_eq!(references(&listed).len(), found, "{query}");
        }
    });
}

#[test]
fn a_project_is_changed_by_its_lead_from_the_version_it_saw() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.ready_project(call, "ALICE").await;
        let path = format!("/v1/projects/{id}");
        let seen = scratch.project(id).await.etag.unwrap();
        let [employer, _] = scratch.officers();
        let partner = scratch.actor(Role::AllianceLead, scratch.partner_ids[1]);
        for (part, body) in [("", content("Nuovo")), ("/budget", budget(&[])), ("/activities", activities())] {
            let part = format!("{path}{part}");
            assert_eq!(scratch.put(&partner, &part, &seen, body.clone()).await.refusal().1, "forbidden");
            assert_eq!(scratch.put(&scratch.ats(), &part, &seen, body.clone()).await.refusal().1, "forbidden");
            assert_eq!(scratch.put(&scratch.lead(), &part, "\"1\"", body.clone()).await.status, 412);
            assert_eq!(
                scratch.put(&scratch.actor(Role::AllianceLead, new_id()), &part, &seen, body).await.status,
                404
            );
        }
        assert_eq!(scratch.put_part(id, "", content(" Nuovo ")).await.expect(200)["title"], "Nuovo");
        // Partners write their own lines at the same time as the lead writes the rest, each from its own version.
        let line = format!("{path}/cofinancing-lines/{}", scratch.partner_ids[0]);
        let line_seen = scratch.get(Some(&employer), &line).await.etag.unwrap();
        scratch
            .put_part(id, "/budget", budget(&[("staff", "14142.84"), ("requested_grant", "39999.99")]))
            .await
            .expect(200);
        let amounts = json!({"monetary": "4001.00", "in_kind": "4070.42"});
        let written = scratch.put(&employer, &line, &line_seen, amounts.clone()).await.expect(200);
        assert_eq!(written["signed_off_at"], Value::Null, "what was signed off has changed");
        assert_eq!(scratch.put(&employer, &line, &line_seen, amounts).await.status, 412);
        let broken = scratch.broken_rules(id).await;
        assert_eq!(broken, [("cofinancing_signed_off".to_owned(), "/cofinancing/1/signed_off_at".to_owned())]);
        scratch.sign_off(&employer, id, scratch.partner_ids[0]).await.expect(200);
        scratch.submit(id, None).await.expect(200);
        for (part, body) in [("", content("Dopo")), ("/budget", budget(&[])), ("/activities", activities())] {
            let refused = scratch.put_part(id, part, body).await;
            assert_eq!(refused.refusal(), (409, "transition_not_allowed", "/state", "transition_not_allowed"));
        }
    });
}

#[test]
fn activities_keep_their_identity_when_they_move() {
    with_scratch(async |scratch| {
        let call = scratch.open_call().await;
        let id = scratch.draft_project(call, "ALICE").await.created();
        let made = scratch.put_part(id, "/activities", activities()).await.expect(200);
        let first = &made["activities"][0];
        assert_eq!(first["months"], json!(["2020-06", "2020-07"]), "in order");
        let (one, two) = (first["id"].clone(), made["activities"][1]["id"].clone());
        let moved = json!({"activities": [
            {"id": two, "title": "Servizi estivi", "months": [], "targets": [{"year": 2021, "measure": "hours", "expected": 5}]},
            {"title": "Nuova", "months": ["2021-08"]},
            {"id": one, "title": "Governance", "months": ["2020-06"]},
        ]});
        let made = scratch.put_part(id, "/activities", moved).await.expect(200);
        let rows: Vec<(i64, &Value, &Value)> = made["activities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["number"].as_i64().unwrap(), &row["id"], &row["targets"]))
            .collect();
        assert_eq!(
            (rows[0].0, rows[0].1, rows[0].2),
            (1, &two, &json!([{"year": 2021, "measure": "hours", "expected": 5}]))
        );
        assert_eq!((rows[2].0, rows[2].1, rows[2].2), (3, &one, &json!([])));
        let calendar =
            scratch.get(Some(&scratch.lead()), &format!("/v1/projects/{id}/calendar")).await.expect(200);
        assert_eq!(calendar["months"].as_array().unwrap().len(), 15);
        assert_eq!(calendar["activities"][1], json!({"number": 2, "title": "Nuova", "months": ["2021-08"]}));
        let elsewhere = scratch.draft_project(call, "Altro").await.created();
        let stolen = json!({"activities": [{"id": one, "title": "x", "months": []}]});
        let refused = scratch.put_part(elsewhere, "/activities", stolen).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/activities/0/id", "not_found"));
        let none = scratch.put_part(id, "/activities", json!({"activities": []})).await.expect(200);
        assert_eq!(none["activities"], json!([]));
    });
}

#[test]
fn a_draft_is_removed_by_its_lead_and_nothing_else_is() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let lead = scratch.lead();
        let draft = scratch.ready_project(call, "Abbandonato").await;
        let path = format!("/v1/projects/{draft}");
        let remove = async |actor: &Actor, path: &str, seen: &str| {
            scratch.call(Some(actor), Method::DELETE, path, None, &[("if-match", seen)]).await
        };
        let seen = scratch.project(draft).await.etag.unwrap();
        let [employer, _] = scratch.officers();
        assert_eq!(remove(&employer, &path, &seen).await.code(), (403, "forbidden"));
        let outsider = scratch.actor(Role::AllianceLead, new_id());
        assert_eq!(remove(&outsider, &path, &seen).await.code(), (404, "not_found"));
        assert_eq!(remove(&scratch.stranger(), &path, &seen).await.code(), (404, "not_found"));
        assert_eq!(remove(&lead, &path, "\"1\"").await.code(), (412, "precondition_failed"));
        let bare = scratch.call(Some(&lead), Method::DELETE, &path, None, &[]).await;
        assert_eq!(bare.code(), (428, "precondition_required"));

        // Two at once remove it once, with all that was written of it.
        let (one, two) = tokio::join!(remove(&lead, &path, &seen), remove(&lead, &path, &seen));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 404]);
        assert_eq!(scratch.get(Some(&lead), &path).await.status, 404);
        for table in
            ["project_partners", "cofinancing_lines", "project_activities", "activity_targets", "projects"]
        {
            assert_eq!(scratch.count(table).await, 0, "{table}");
        }
        // Its reference is not given again.
        let number = scratch.get(None, &format!("/v1/project-calls/{call}")).await.body["number"].clone();
        let next = scratch.draft_project(call, "Nuovo").await.expect(201);
        assert_eq!(next["reference"], format!("{number}.2"));

        // What was submitted stays, even where its alliance may rewrite it.
        let submitted = scratch.submitted(call, "Presentato").await;
        let path = format!("/v1/projects/{submitted}");
        assert_eq!(remove(&lead, &path, "*").await.code(), (409, "transition_not_allowed"));
        let request = json!({"request": "Manca un allegato", "due_at": "2098-01-01T00:00:00Z"});
        scratch.act(submitted, "request-integration", Some(request)).await.expect(200);
        assert_eq!(remove(&lead, &path, "*").await.code(), (409, "transition_not_allowed"));
        let forced = format!("DELETE FROM projects WHERE id = '{submitted}'");
        assert!(
            scratch.try_sql(&forced).await.unwrap_err().contains("no draft"),
            "the database has the last word"
        );

        // Nor is one removed that a meeting has on its agenda.
        let named = next["id"].as_str().unwrap();
        let (territory, body, meeting) = (scratch.territory_id, new_id(), new_id());
        scratch
            .run_sql(&format!(
                "INSERT INTO bodies (id, territory_id, kind, name) VALUES ('{body}', '{territory}', 'committee', 'Comitato'); \
                 INSERT INTO meetings (id, territory_id, body_id, state, starts_at, duration_minutes, place, notice, sent_at, \
                   required_days) VALUES ('{meeting}', '{territory}', '{body}', 'convened', '2098-06-10T09:00Z', 120, 'Sede', 1, \
                   now(), 5); \
                 INSERT INTO agenda_items (territory_id, meeting_id, position, title, project_id) \
                   VALUES ('{territory}', '{meeting}', 1, 'Progetto', '{named}')"
            ))
            .await;
        assert_eq!(remove(&lead, &format!("/v1/projects/{named}"), "*").await.code(), (409, "conflict"));
    });
}
