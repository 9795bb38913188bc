//! Requests to join, their decisions, their ends, and what each may see of them.

use crate::scratch::{names, request, tax_code, with_scratch};
use actix_web::http::Method;
use concilia_kernel::{Role, new_id};
use concilia_network::is_admitted_member;
use serde_json::{Value, json};

#[test]
fn an_organisation_asks_is_admitted_withdraws_and_asks_again() {
    with_scratch(async |scratch| {
        let asked = scratch.ask(|_| ()).await;
        assert_eq!((asked.status, &asked.body["state"]), (201, &json!("requested")), "{}", asked.body);
        let keys: Vec<&String> = asked.body.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "state", "requested_at"], "nothing of the organisation is told");
        let again = scratch.ask(|body| body["legal_name"] = json!("Un altro nome")).await;
        assert_eq!(again.code(), (409, "already_exists"));

        // Until it is admitted, only the agency knows of it.
        let (ats, path) = (scratch.ats(), format!("/v1/memberships/{}", asked.id()));
        let seen = scratch.get(Some(&ats), &path).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        assert_eq!(seen.body["request"]["contact"]["legal_representative"], "Anna Bianchi");
        let organisation = seen.body["organisation"]["id"].as_str().unwrap().parse().unwrap();
        let provider = scratch.actor(Role::Provider, new_id());
        assert_eq!(scratch.get(Some(&provider), &path).await.status, 404);
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats, organisation)), &path).await.status, 404);
        assert_eq!(scratch.get(Some(&provider), "/v1/organisations").await.body["items"], json!([]));
        let of_itself = format!("/v1/organisations/{organisation}");
        assert_eq!(scratch.get(Some(&provider), &of_itself).await.status, 404);
        assert_eq!(scratch.get(Some(&ats), &of_itself).await.body["membership"], "requested");
        assert_eq!(names(&scratch.get(None, "/v1/memberships").await), Vec::<&str>::new());
        assert_eq!(names(&scratch.get(Some(&ats), "/v1/memberships?state=requested").await), ["Il Girasole"]);

        // Admitted by the version that was read.
        let admit = async |seen: &str| {
            scratch.call(&ats, Method::POST, &format!("{path}/admit"), None, &[("if-match", seen)]).await
        };
        assert_eq!(admit("\"9\"").await.status, 412);
        let admitted = admit(seen.etag.as_deref().unwrap()).await;
        assert_eq!((admitted.status, &admitted.body["state"]), (200, &json!("admitted")), "{}", admitted.body);
        assert_eq!(admitted.body["since"], admitted.body["decided_at"]);
        let twice = scratch.post(Some(&ats), &format!("{path}/admit"), None).await;
        assert_eq!(twice.code(), (409, "transition_not_allowed"));
        assert_eq!(names(&scratch.get(None, "/v1/memberships?territory=HERE&q=giraso").await), ["Il Girasole"]);
        assert_eq!(names(&scratch.get(None, "/v1/memberships?territory=THERE").await), Vec::<&str>::new());
        assert_eq!(scratch.get(None, "/v1/memberships?territory=NOWHERE").await.status, 404);
        let mut conn = scratch.connect().await;
        assert!(is_admitted_member(&mut conn, scratch.territory_id, organisation).await.unwrap());

        // Its own officers may withdraw it, in person.
        let withdraw = format!("{path}/withdraw");
        let reason = Some(json!({"reason": "Cessazione"}));
        let own = scratch.actor(Role::Employer, organisation);
        let worker = scratch.actor(Role::Worker, organisation);
        let machine = scratch.machine(Role::Employer, organisation);
        assert_eq!(scratch.post(Some(&ats), &withdraw, reason.clone()).await.status, 404);
        assert_eq!(scratch.post(Some(&worker), &withdraw, reason.clone()).await.status, 404);
        assert_eq!(scratch.post(Some(&machine), &withdraw, reason.clone()).await.status, 403);
        assert_eq!(scratch.post(Some(&own), &withdraw, Some(json!({"reason": " "}))).await.status, 422);
        let ended = scratch.post(Some(&own), &withdraw, reason).await;
        assert_eq!((ended.status, &ended.body["state"]), (200, &json!("withdrawn")), "{}", ended.body);
        assert_eq!(ended.body["reason"], "Cessazione");
        assert!(!is_admitted_member(&mut conn, scratch.territory_id, organisation).await.unwrap());
        assert_eq!(names(&scratch.get(None, "/v1/memberships").await), Vec::<&str>::new());

        // It asks again, by other data: they hold once it is admitted, and what was stays on record.
        let second = scratch
            .ask(|body| {
                body["legal_name"] = json!("Il Girasole nuovo");
                body["kind"] = json!("company");
                body["company_size"] = json!("micro");
            })
            .await;
        assert_eq!(second.status, 201, "{}", second.body);
        let known = scratch.get(Some(&ats), &of_itself).await;
        assert_eq!((&known.body["name"], &known.body["kind"]), (&json!("Il Girasole"), &json!("nonprofit")));
        let admitted = scratch.post(Some(&ats), &format!("/v1/memberships/{}/admit", second.id()), None).await;
        assert_eq!(admitted.body["organisation"]["id"], json!(organisation));
        let known = scratch.get(Some(&ats), &of_itself).await;
        assert_eq!(
            (&known.body["name"], &known.body["membership"]),
            (&json!("Il Girasole nuovo"), &json!("admitted"))
        );
        assert_eq!(names(&scratch.get(Some(&own), "/v1/memberships").await).len(), 1);
        let history = scratch.get(Some(&own), "/v1/memberships?history=true").await;
        let states: Vec<_> = history.body["items"].as_array().unwrap().iter().map(|item| &item["state"]).collect();
        assert_eq!(states, ["withdrawn", "admitted"], "each request keeps its own row");
        let moves = scratch.get(Some(&own), &path).await.body["history"].clone();
        let moves: Vec<_> = moves.as_array().unwrap().iter().map(|m| (&m["to_state"], &m["actor_role"])).collect();
        let expected = [("requested", "public"), ("admitted", "ats"), ("withdrawn", "employer")];
        assert!(moves.iter().zip(expected).all(|((to, role), (t, r))| *to == t && *role == r), "{moves:?}");
    });
}

#[test]
fn refusals_and_exclusions_have_a_reason_and_leave_the_way_back_open() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let asked = scratch.ask(|_| ()).await;
        let refuse = format!("/v1/memberships/{}/refuse", asked.id());
        assert_eq!(scratch.post(Some(&ats), &refuse, Some(json!({}))).await.status, 400);
        let refused = scratch.post(Some(&ats), &refuse, Some(json!({"reason": "Fuori territorio"}))).await;
        assert_eq!((refused.status, &refused.body["state"]), (200, &json!("refused")), "{}", refused.body);
        assert_eq!(refused.body["since"], Value::Null);
        let listed = scratch.get(Some(&scratch.actor(Role::Worker, new_id())), "/v1/organisations").await;
        assert_eq!(listed.body["items"], json!([]), "one that was never admitted is not shown");
        let (second, organisation) = scratch.member("Il Girasole", "00743110157").await;
        let exclude = format!("/v1/memberships/{second}/exclude");
        let excluded = scratch.post(Some(&ats), &exclude, Some(json!({"reason": "Inadempiente"}))).await;
        assert_eq!((excluded.status, &excluded.body["state"]), (200, &json!("excluded")), "{}", excluded.body);
        let own = scratch.actor(Role::Provider, organisation);
        let late = scratch
            .post(Some(&own), &format!("/v1/memberships/{second}/withdraw"), Some(json!({"reason": "x"})))
            .await;
        assert_eq!(late.code(), (409, "transition_not_allowed"));
        scratch.member("Il Girasole", "00743110157").await;
        assert_eq!(scratch.count("memberships").await, 3);
    });
}

#[test]
fn whoever_asked_does_not_decide() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let asked = scratch.post(Some(&ats), "/v1/memberships", Some(request())).await;
        for act in ["admit", "refuse"] {
            let path = format!("/v1/memberships/{}/{act}", asked.id());
            let body = (act == "refuse").then(|| json!({"reason": "x"}));
            assert_eq!(scratch.post(Some(&ats), &path, body).await.code(), (409, "approver_is_author"));
        }
        let path = format!("/v1/memberships/{}/admit", asked.id());
        assert_eq!(scratch.post(Some(&scratch.ats()), &path, None).await.status, 200);
    });
}

#[test]
fn a_request_names_each_rule_it_breaks() {
    with_scratch(async |scratch| {
        let broken: &[(&str, Value, &str)] = &[
            ("tax_code", json!("00743110158"), "tax_code_invalid"),
            ("tax_code", json!("RSSMRA80A01F205Y"), "tax_code_invalid"),
            ("vat_number", json!("00743110158"), "vat_number_invalid"),
            ("kind", json!("company"), "required"),
            ("company_size", json!("micro"), "not_applicable"),
            ("statement_version", json!("2020-01"), "statement_outdated"),
            ("territory", json!("NOWHERE"), "not_found"),
            ("email", json!("not an address"), "email"),
            ("phone", json!("call me"), "pattern"),
            ("legal_name", json!("  "), "pattern"),
        ];
        for (field, value, code) in broken {
            let refused = scratch.ask(|body| body[*field] = value.clone()).await;
            let pointer = if *field == "kind" { "/company_size".to_owned() } else { format!("/{field}") };
            assert_eq!((refused.status, refused.errors()), (422, vec![(&*pointer, *code)]), "{field}");
            assert!(!refused.body.to_string().contains("0074311015"), "no tax code is echoed");
        }
        assert_eq!(scratch.count("organisations").await, 0);
        let trader = scratch
            .ask(|body| {
                body["tax_code"] = json!("rssmra80a01f205x");
                body["kind"] = json!("company");
                body["company_size"] = json!("micro");
            })
            .await;
        assert_eq!(trader.status, 201, "{}", trader.body);
    });
}

#[test]
fn one_of_many_requests_and_one_of_many_decisions_takes_effect() {
    with_scratch(async |scratch| {
        let ask = |_| scratch.ask(|_| ());
        let asked = futures_util::future::join_all((0..8).map(ask)).await;
        let mut statuses: Vec<u16> = asked.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!((scratch.count("organisations").await, scratch.count("memberships").await), (1, 1));

        let id = asked.iter().find(|answer| answer.status == 201).unwrap().id();
        let decide = async |nth: usize| {
            let act = if nth.is_multiple_of(2) { "admit" } else { "refuse" };
            let body = (act == "refuse").then(|| json!({"reason": "x"}));
            scratch.post(Some(&scratch.ats()), &format!("/v1/memberships/{id}/{act}"), body).await
        };
        let decided = futures_util::future::join_all((0..8).map(decide)).await;
        let (done, refused): (Vec<_>, Vec<_>) = decided.iter().partition(|answer| answer.status == 200);
        assert_eq!((done.len(), refused.len()), (1, 7));
        assert!(refused.iter().all(|answer| answer.code() == (409, "transition_not_allowed")));
        assert_eq!(scratch.count(&format!("transitions WHERE aggregate_id = '{id}'")).await, 2);
    });
}

#[test]
fn the_database_keeps_what_was_requested_and_decided() {
    with_scratch(async |scratch| {
        let (id, organisation) = scratch.member("Il Girasole", "00743110157").await;
        let territory = scratch.territory_id;
        for forbidden in [
            format!("UPDATE memberships SET legal_name = 'Altro' WHERE id = '{id}'"),
            format!("UPDATE memberships SET state = 'requested', decided_at = NULL WHERE id = '{id}'"),
            format!("UPDATE memberships SET state = 'withdrawn' WHERE id = '{id}'"),
            format!("UPDATE memberships SET state = 'withdrawn', ended_at = now() WHERE id = '{id}'"),
            format!("DELETE FROM memberships WHERE id = '{id}'"),
            format!(
                "INSERT INTO memberships (id, territory_id, organisation_id, state, requested_at) \
                 VALUES (uuid_v7(), '{territory}', '{organisation}', 'requested', now())"
            ),
        ] {
            assert!(scratch.try_sql(&forbidden).await.is_err(), "{forbidden}");
        }
    });
}

#[test]
fn a_list_goes_on_where_the_page_before_ended() {
    with_scratch(async |scratch| {
        for (serial, name) in [(1, "Alfa"), (2, "Beta"), (3, "Beta"), (4, "Gamma")] {
            scratch.member(name, &tax_code(serial)).await;
        }
        let first = scratch.get(None, "/v1/memberships?limit=2").await;
        assert_eq!(names(&first), ["Alfa", "Beta"]);
        let next = first.body["next"].as_str().unwrap();
        let rest = scratch.get(None, &format!("/v1/memberships?limit=2&cursor={next}")).await;
        assert_eq!((names(&rest), &rest.body["next"]), (vec!["Beta", "Gamma"], &Value::Null));
        assert_eq!(names(&scratch.get(None, "/v1/memberships?kind=company").await), Vec::<&str>::new());
    });
}
