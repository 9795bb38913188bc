//! A project from its first draft to admissible, as its alliance and the agency do it over HTTP.

use concilia_tests::{Answer, Caller, TestServer};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

async fn organisation_of(caller: &Caller) -> String {
    text(&caller.get("/v1/me").await.expect(200)["roles"][0]["organisation"]["id"])
}

/// A call that is open, made by the agency.
async fn open_call(ats: &Caller) -> String {
    let plan = json!({"title": "Piano di prova", "from_year": 2020, "to_year": 2022,
        "address_document": {"act": "Decreto n. 1", "date": "2020-02-28"}, "resources": "214648.00",
        "local_alliances": "171718.40", "system_actions": "42929.60", "expected_people": 3000, "expected_companies": 30});
    let plan = text(&ats.post("/v1/plans", &plan).await.expect(201)["id"]);
    let call = json!({"plan_id": plan, "title": "Avviso di prova",
        "address_document": {"act": "Decreto n. 1", "date": "2020-02-28"}, "budget": "171718.40",
        "opens_at": "2020-03-02T08:00:00Z", "closes_at": "2098-05-15T10:00:00Z", "intervention_types": ["a", "b"],
        "maximum_grant": "40000.00", "minimum_score": null,
        "criteria": [{"code": "innovation", "title": "Innovatività", "maximum": "10.00"}]});
    let call = text(&ats.post("/v1/project-calls", &call).await.expect(201)["id"]);
    ats.act(&format!("/v1/project-calls/{call}/open")).await.expect(200);
    call
}

/// Changes a resource from the version its reader sees.
async fn put(caller: &Caller, read: &str, write: &str, body: &Value) -> Answer {
    let seen = caller.get(read).await.etag().to_owned();
    caller.with("if-match", &seen).put(write, body).await
}

fn broken(check: &Value) -> Vec<String> {
    let rules = check["rules"].as_array().expect("rules");
    rules.iter().filter(|rule| rule["ok"] == false).map(|rule| text(&rule["rule"])).collect()
}

struct Alliance {
    lead: Caller,
    lead_id: String,
    partner: Caller,
    partner_id: String,
}

impl Alliance {
    async fn of(server: &TestServer) -> Self {
        let (lead, partner) = (server.role("alliance_lead").await, server.role("provider").await);
        let (lead_id, partner_id) = (organisation_of(&lead).await, organisation_of(&partner).await);
        Self { lead, lead_id, partner, partner_id }
    }

    async fn draft(&self, call: &str) -> String {
        let content = json!({"title": "ALICE", "alliance": "Ambito di Cremona", "summary": "Riga\nseconda riga",
            "starts_on": "2020-06-01", "ends_on": "2021-08-31", "intervention_types": ["a", "b"],
            "open_alliance": true, "whp_link": false, "zone_plan_link": true});
        let body = json!({"project_call_id": call, "lead_organisation_id": self.lead_id, "content": content});
        format!("/v1/projects/{}", text(&self.lead.post("/v1/projects", &body).await.expect(201)["id"]))
    }

    /// The lines of both organisations, written and signed off by each.
    async fn sign_lines(&self, project: &str, amounts: [&str; 2]) {
        for (caller, id, amount) in
            [(&self.lead, &self.lead_id, amounts[0]), (&self.partner, &self.partner_id, amounts[1])]
        {
            let line = format!("{project}/cofinancing-lines/{id}");
            let body = json!({"monetary": amount, "in_kind": "0.00"});
            put(caller, &line, &line, &body).await.expect(200);
            let seen = caller.get(&line).await.etag().to_owned();
            caller.with("if-match", &seen).act(&format!("{line}/sign-off")).await.expect(200);
        }
    }

    /// Everything that the rules ask for, by the figures of project 2.5 of the 2020-2023 plan.
    async fn complete(&self, project: &str) {
        let partner =
            json!({"organisation_id": self.partner_id, "role": "implementing", "mandate_on": "2020-05-20"});
        self.lead.post(&format!("{project}/partners"), &partner).await.expect(201);
        let budget = json!({"staff": "14142.85", "coordination": "8550.00", "goods": "0.00", "services": "42000.00",
            "vouchers": "0.00", "general": "1000.00", "requested_grant": "40000.00"});
        put(&self.lead, project, &format!("{project}/budget"), &budget).await.expect(200);
        let activities = json!({"activities": [{"title": "Servizi estivi", "months": ["2020-06", "2020-07"],
            "targets": [{"year": 2020, "measure": "people", "expected": 120}]}]});
        put(&self.lead, project, &format!("{project}/activities"), &activities).await.expect(200);
        self.sign_lines(project, ["8571.43", "8571.42"]).await;
    }
}

#[tokio::test]
async fn a_project_goes_from_a_draft_to_admissible() {
    let server = TestServer::start().await;
    let (ats, evaluator) = (server.role("ats").await, server.role("evaluator").await);
    let alliance = Alliance::of(&server).await;
    let call = open_call(&ats).await;
    let project = alliance.draft(&call).await;

    let check = alliance.lead.with("accept-language", "en").get(&format!("{project}/check")).await.expect(200);
    assert_eq!(broken(&check), ["budget_not_empty", "has_activities"]);
    assert_eq!(check["rules"][0]["detail"], "the total of costs A to E is above zero");
    let refused = alliance.lead.act(&format!("{project}/submit")).await;
    assert_eq!(refused.code(422), "validation_failed");
    assert_eq!(refused.body["errors"].as_array().expect("errors").len(), 2);
    assert_eq!(evaluator.get(&project).await.code(404), "not_found");

    alliance.complete(&project).await;
    // One cent less of co-financing, and the grant asks for it: the exact real limit is missed.
    alliance.sign_lines(&project, ["8571.42", "8571.42"]).await;
    let check = alliance.lead.get(&format!("{project}/check")).await.expect(200);
    assert_eq!(broken(&check), ["budget_adds_up", "cofinancing_minimum"]);
    alliance.sign_lines(&project, ["8571.43", "8571.42"]).await;
    assert_eq!(alliance.partner.get(&format!("{project}/check")).await.expect(200)["passes"], true);

    let keyed = alliance.lead.with("idempotency-key", "submit-alice");
    let submitted = keyed.act(&format!("{project}/submit")).await.expect(200);
    assert_eq!(keyed.act(&format!("{project}/submit")).await.expect(200), submitted);
    assert_eq!(evaluator.get(&project).await.expect(200)["state"], "submitted");

    let request = json!({"request": "Indicare il mese di agosto.", "due_at": "2098-06-15T10:00:00Z"});
    ats.post(&format!("{project}/request-integration"), &request).await.expect(200);
    let reason = json!({"reason": "Termine raggiunto"});
    ats.post(&format!("/v1/project-calls/{call}/close"), &reason).await.expect(200);
    let read = alliance.lead.get(&project).await.expect(200);
    let activities = json!({"activities": [{"id": read["activities"][0]["id"], "title": "Servizi estivi",
        "months": ["2020-06", "2020-07", "2020-08"],
        "targets": [{"year": 2020, "measure": "people", "expected": 150}]}]});
    put(&alliance.lead, &project, &format!("{project}/activities"), &activities).await.expect(200);
    let answer = json!({"answer": "Aggiunto agosto."});
    alliance.lead.post(&format!("{project}/submit"), &answer).await.expect(200);
    assert_eq!(ats.act(&format!("{project}/admit")).await.expect(200)["state"], "admissible");

    let changes = evaluator.get(&format!("{project}/changes?from=1&to=2")).await.expect(200);
    let changes = changes["changes"].as_array().expect("changes");
    let told: Vec<(String, String, String)> = changes
        .iter()
        .map(|change| (text(&change["pointer"]), text(&change["before"]), text(&change["after"])))
        .collect();
    let told: Vec<(&str, &str, &str)> =
        told.iter().map(|(p, b, a)| (p.as_str(), b.as_str(), a.as_str())).collect();
    assert_eq!(
        told,
        [
            ("/activities/0/months", r#"["2020-06","2020-07"]"#, r#"["2020-06","2020-07","2020-08"]"#),
            ("/activities/0/targets/0/expected", "120", "150"),
        ]
    );
    assert!(changes.iter().all(|change| change["subject"] == "Servizi estivi"));
    let picture = Answer::of(
        alliance.partner.request(Method::GET, &format!("{project}/calendar/picture")).send().await.unwrap(),
    )
    .await;
    assert_eq!((picture.status, picture.headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
    assert!(text(&picture.body).contains("1. Servizi estivi: da 06/2020 a 08/2020."));
    server.stop().await;
}

#[tokio::test]
async fn ten_submissions_at_once_are_one_and_a_close_comes_before_or_after() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    let alliance = Alliance::of(&server).await;
    let call = open_call(&ats).await;
    let (one, other) = (alliance.draft(&call).await, alliance.draft(&call).await);
    alliance.complete(&one).await;
    alliance.complete(&other).await;

    let submit = format!("{one}/submit");
    let answers = join_all((0..10).map(|_| alliance.lead.act(&submit))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for loser in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(loser.code(409), "transition_not_allowed");
    }
    let versions = alliance.lead.get(&format!("{one}/versions")).await.expect(200);
    assert_eq!(versions["items"].as_array().expect("versions").len(), 1);

    let (submit, close) = (format!("{other}/submit"), format!("/v1/project-calls/{call}/close"));
    let reason = json!({"reason": "Termine raggiunto"});
    let (submitted, closed) = tokio::join!(alliance.lead.act(&submit), ats.post(&close, &reason));
    closed.expect(200);
    let state = text(&ats.get(&other).await.expect(200)["state"]);
    if submitted.status == 200 {
        assert_eq!(state, "submitted");
    } else {
        assert_eq!((submitted.code(409), state.as_str()), ("call_not_open", "draft"));
    }
    server.stop().await;
}
