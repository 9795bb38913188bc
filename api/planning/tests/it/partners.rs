//! The alliance: who joins, what each puts in, who leaves and who takes its place.

use crate::scratch::{Scratch, with_scratch};
use actix_web::http::Method;
use concilia_kernel::{Role, new_id};
use serde_json::{Value, json};
use uuid::Uuid;

async fn funded(scratch: &Scratch, state: &str) -> Uuid {
    scratch.admit_alliance().await;
    let call = scratch.open_call().await;
    let id = scratch.submitted(call, "ALICE").await;
    scratch.run_sql(&format!("UPDATE projects SET state = '{state}' WHERE id = '{id}'")).await;
    id
}

fn partner(project: &Value, id: Uuid) -> &Value {
    let id = json!(id);
    let of = |partner: &&Value| partner["organisation"]["id"] == id;
    project["partners"].as_array().unwrap().iter().find(of).expect("the partner")
}

#[test]
fn the_lead_gathers_an_alliance_and_each_partner_answers_for_its_own_line() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.draft_project(call, "ALICE").await.created();
        let [company, nonprofit] = scratch.partner_ids;
        let [employer, provider] = scratch.officers();
        assert_eq!(scratch.add_partner(id, company, "lead", None).await.refusal().2, "/role");
        assert_eq!(scratch.add_partner(id, new_id(), "network", None).await.refusal().2, "/organisation_id");
        assert_eq!(scratch.add_partner(id, company, "network", Some("2099-01-01")).await.refusal().3, "in_future");
        assert_eq!(scratch.add_partner(id, scratch.lead_id, "network", None).await.refusal().1, "already_exists");
        scratch.add_partner(id, company, "network", None).await.expect(201);
        assert_eq!(scratch.add_partner(id, company, "network", None).await.refusal().1, "already_exists");

        // A line is nobody's business but its partner's and the lead's; only its partner signs it off.
        assert_eq!(scratch.put_line(&provider, id, company, ("1.00", "0.00")).await.status, 404);
        scratch.put_line(&scratch.lead(), id, company, ("10.00", "0.00")).await.expect(200);
        assert_eq!(scratch.sign_off(&scratch.lead(), id, company).await.status, 404);
        let signed = scratch.sign_off(&employer, id, company).await.with_status(200);
        let again = scratch.sign_off(&employer, id, company).await.expect(200);
        assert_eq!(again, signed.body);
        scratch.put_line(&scratch.lead(), id, company, ("11.00", "0.00")).await.expect(200);
        let path = format!("/v1/projects/{id}/cofinancing-lines/{company}/sign-off");
        let unseen = [("if-match", signed.etag.as_deref().unwrap())];
        assert_eq!(
            scratch.call(Some(&employer), Method::POST, &path, None, &unseen).await.status,
            412,
            "it saw another amount"
        );
        assert_eq!(scratch.sign_off(&employer, id, nonprofit).await.status, 404);

        let partner_path = format!("/partners/{company}");
        let changed = json!({"role": "institutional", "mandate_on": "2020-05-20"});
        let changed = scratch.put_part(id, &partner_path, changed).await.expect(200);
        assert_eq!(
            (&changed["partners"][0]["role"], &changed["partners"][0]["mandate_on"]),
            (&json!("institutional"), &json!("2020-05-20"))
        );
        let lead_path = format!("/partners/{}", scratch.lead_id);
        assert_eq!(scratch.put_part(id, &lead_path, json!({"role": "network"})).await.refusal().3, "immutable");
        let seen = scratch.project(id).await.etag.unwrap();
        let remove = async |path: String| {
            let path = format!("/v1/projects/{id}{path}");
            scratch.call(&scratch.lead(), Method::DELETE, &path, None, &[("if-match", &seen)]).await
        };
        assert_eq!(remove(lead_path).await.refusal().1, "conflict");
        assert_eq!(remove(partner_path.clone()).await.status, 204);
        assert_eq!(remove(partner_path).await.status, 404);
        let left = scratch.project(id).await;
        assert_eq!((&left.body["partners"], &left.body["cofinancing"]), (&json!([]), &json!([])));
        assert_eq!(scratch.get(Some(&employer), &format!("/v1/projects/{id}")).await.status, 404);
    });
}

#[test]
fn who_leaves_what_was_submitted_stays_on_record_and_may_come_back() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.submitted(call, "Ridotto").await;
        let request = json!({"request": "Ridurre il partenariato.", "due_at": "2098-06-15T10:00:00Z"});
        scratch.act(id, "request-integration", Some(request)).await.expect(200);
        let before = scratch.project(id).await;
        let organisation = before.body["partners"][0]["organisation"]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/projects/{id}/partners/{organisation}");
        let seen = [("if-match", before.etag.as_deref().unwrap())];
        let removed = scratch.call(Some(&scratch.lead()), Method::DELETE, &path, None, &seen).await;
        assert_eq!(removed.status, 204, "{}", removed.body);
        let after = scratch.project(id).await;
        let partner = &after.body["partners"][0];
        assert_eq!(
            (&partner["organisation"]["id"], &partner["leave_reason"]),
            (&json!(organisation), &json!(null))
        );
        assert!(partner["left_on"].is_string(), "{partner}");
        let lines = after.body["cofinancing"].as_array().unwrap();
        assert!(lines.iter().all(|line| line["organisation"]["id"] != json!(organisation)), "{lines:?}");
        let organisation = organisation.parse().unwrap();
        let back = scratch.add_partner(id, organisation, "network", Some("2020-05-21")).await.expect(201);
        assert!(back["partners"][0]["left_on"].is_null());
    });
}

#[test]
fn an_open_alliance_gains_members_while_it_runs() {
    with_scratch(async |scratch| {
        let id = funded(&scratch, "running").await;
        let newcomer = scratch.member("Nuova", "nonprofit").await;
        let stranger = new_id();
        scratch
            .run_sql(&format!(
                "INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
                 VALUES ('{stranger}', '{}', 'Fuori', 'nonprofit', '00000000009')",
                scratch.territory_id
            ))
            .await;
        let mandate = Some("2020-09-01");
        assert_eq!(scratch.add_partner(id, stranger, "implementing", mandate).await.refusal().3, "not_a_member");
        assert_eq!(scratch.add_partner(id, newcomer, "implementing", None).await.refusal().2, "/mandate_on");
        let joined = scratch.add_partner(id, newcomer, "implementing", mandate).await.expect(201);
        assert!(partner(&joined, newcomer)["joined_on"].is_string());
        let versions = scratch.get(Some(&scratch.lead()), &format!("/v1/projects/{id}/versions")).await;
        assert_eq!(versions.body["items"][1]["reason"], "partners");
        scratch.run_sql(&format!("UPDATE projects SET open_alliance = false WHERE id = '{id}'")).await;
        let other = scratch.member("Altra", "nonprofit").await;
        assert_eq!(scratch.add_partner(id, other, "network", mandate).await.refusal().1, "transition_not_allowed");
    });
}

#[test]
fn a_partner_leaves_and_another_takes_its_place_and_its_line() {
    with_scratch(async |scratch| {
        let id = funded(&scratch, "running").await;
        let [company, nonprofit] = scratch.partner_ids;
        let [employer, provider] = scratch.officers();
        let path = |partner: Uuid, act: &str| format!("/v1/projects/{id}/partners/{partner}/{act}");
        let reason = json!({"reason": "Cessa l'attività"});
        assert_eq!(scratch.post(&employer, &path(nonprofit, "leave"), Some(reason.clone())).await.status, 404);
        assert_eq!(
            scratch.post(&scratch.lead(), &path(scratch.lead_id, "leave"), Some(reason.clone())).await.refusal().1,
            "conflict"
        );
        let left = scratch.post(&provider, &path(nonprofit, "leave"), Some(reason.clone())).await.expect(200);
        let gone = partner(&left, nonprofit);
        assert_eq!((gone["left_on"].is_string(), &gone["leave_reason"]), (true, &json!("Cessa l'attività")));
        assert_eq!(left["budget"]["cofinancing"], "16642.85", "its EUR 500 count no more");
        assert_eq!(
            scratch.broken_rules(id).await.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>(),
            ["budget_adds_up", "cofinancing_minimum"]
        );
        assert_eq!(scratch.post(&provider, &path(nonprofit, "leave"), Some(reason.clone())).await.status, 404);

        let heir = scratch.member("Erede", "nonprofit").await;
        let substitute = json!({"organisation_id": heir, "mandate_on": "2020-11-10", "reason": "Subentra"});
        let act = path(nonprofit, "substitute");
        let partner_lead = scratch.actor(Role::AllianceLead, company);
        assert_eq!(scratch.post(&partner_lead, &act, Some(substitute.clone())).await.refusal().1, "forbidden");
        let done = scratch.post(&scratch.lead(), &act, Some(substitute.clone())).await.expect(200);
        let (gone, come) = (partner(&done, nonprofit), partner(&done, heir));
        assert_eq!(gone["leave_reason"], "Cessa l'attività", "the reason it left for stays");
        assert_eq!((&come["substitutes"], &come["role"]), (&json!(nonprofit), &json!("network")));
        assert_eq!(done["budget"]["cofinancing"], "17142.85");
        assert_eq!(
            scratch.broken_rules(id).await.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>(),
            ["cofinancing_signed_off"]
        );
        let officer = scratch.actor(Role::Provider, heir);
        scratch.sign_off(&officer, id, heir).await.expect(200);
        assert_eq!(scratch.broken_rules(id).await, []);
        let again = json!({"organisation_id": scratch.member("Terza", "nonprofit").await, "mandate_on": "2020-11-10", "reason": "x"});
        assert_eq!(scratch.post(&scratch.lead(), &act, Some(again)).await.refusal().1, "conflict");

        // In one step, and back again: who left may take part once more, with new dates.
        let back = json!({"organisation_id": nonprofit, "mandate_on": "2021-01-10", "reason": "Si ritira"});
        let back = scratch.post(&scratch.lead(), &path(heir, "substitute"), Some(back)).await.expect(200);
        let (gone, come) = (partner(&back, heir), partner(&back, nonprofit));
        assert_eq!((&gone["leave_reason"], &come["left_on"]), (&json!("Si ritira"), &Value::Null));
        let versions = scratch.get(Some(&scratch.lead()), &format!("/v1/projects/{id}/versions")).await;
        assert_eq!(versions.body["items"].as_array().unwrap().len(), 4, "each change is kept");
        let list = scratch.get(Some(&scratch.lead()), "/v1/projects").await.expect(200);
        assert_eq!(list["items"][0]["partners"].as_array().unwrap().len(), 2, "those that take part");
    });
}

#[test]
fn partners_do_not_leave_before_the_award_nor_after_the_end() {
    with_scratch(async |scratch| {
        let id = funded(&scratch, "scored").await;
        let [company, _] = scratch.partner_ids;
        let leave = format!("/v1/projects/{id}/partners/{company}/leave");
        let [employer, _] = scratch.officers();
        for (state, allowed) in [("scored", false), ("closed", false), ("not_funded", false), ("accepted", true)] {
            scratch.run_sql(&format!("UPDATE projects SET state = '{state}' WHERE id = '{id}'")).await;
            let status = scratch.post(&employer, &leave, Some(json!({"reason": "x"}))).await.status;
            assert_eq!(status, if allowed { 200 } else { 409 }, "{state}");
        }
    });
}

#[test]
fn a_partner_that_leaves_the_network_after_the_award_is_shown_and_breaks_nothing() {
    with_scratch(async |scratch| {
        let id = funded(&scratch, "running").await;
        let [company, nonprofit] = scratch.partner_ids;
        let before = scratch.project(id).await;
        scratch.withdraw(nonprofit).await;
        let after = scratch.project(id).await;
        assert_eq!(partner(&after.body, nonprofit)["is_member"], false);
        assert_eq!(partner(&after.body, company)["is_member"], true);
        assert_eq!((&after.body["budget"], &after.body["state"]), (&before.body["budget"], &before.body["state"]));
        let broken = scratch.broken_rules(id).await;
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert_eq!(broken[0].0, "partners_are_members");
        // It may be substituted, and the project is whole again.
        let heir = scratch.member("Erede", "nonprofit").await;
        let body = json!({"organisation_id": heir, "mandate_on": "2020-11-10", "reason": "Ha lasciato la rete"});
        let act = format!("/v1/projects/{id}/partners/{nonprofit}/substitute");
        scratch.post(&scratch.lead(), &act, Some(body)).await.expect(200);
        scratch.sign_off(&scratch.actor(Role::Provider, heir), id, heir).await.expect(200);
        assert_eq!(scratch.broken_rules(id).await, []);
    });
}

#[test]
fn a_private_lead_keeps_a_public_partner() {
    with_scratch(async |scratch| {
        let id = funded(&scratch, "running").await;
        let [public, _] = scratch.partner_ids;
        scratch
            .run_sql(&format!(
                "UPDATE organisations SET kind = 'nonprofit', company_size = NULL WHERE id = '{}'; \
                 UPDATE organisations SET kind = 'public_body', company_size = NULL WHERE id = '{public}'",
                scratch.lead_id
            ))
            .await;
        let path = |act: &str| format!("/v1/projects/{id}/partners/{public}/{act}");
        let alone = (422, "validation_failed", "/partners", "private_lead_has_public_partner");
        let left = scratch.post(&scratch.lead(), &path("leave"), Some(json!({"reason": "Si ritira"}))).await;
        assert_eq!(left.refusal(), alone);
        for (kind, stays) in [("nonprofit", false), ("public_body", true)] {
            let heir = scratch.member(kind, kind).await;
            let body = json!({"organisation_id": heir, "mandate_on": "2020-11-10", "reason": "Subentra"});
            let answer = scratch.post(&scratch.lead(), &path("substitute"), Some(body)).await;
            if stays {
                answer.expect(200);
            } else {
                assert_eq!(answer.refusal(), alone);
            }
        }
    });
}
